/** Where a fault test's Charter lives: a folder of its own with definitions, and a store of each kind. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineOptions } from '../../engine/index.js';
import { onPostgres } from '../databases.js';
import { dropLater } from './leftovers.js';
import { isLong } from './long.js';
import { faultProcesses, layProcesses, type ProcessFiles } from './processes.js';

/** A kind of store to break things under. */
export interface StoreKind {
  readonly name: string;
  /** A store that nobody used before, for an installation in `folder`. */
  readonly newStore: (folder: string) => Promise<{ readonly url: string; readonly drop: () => Promise<void> }>;
}

export const sqlite: StoreKind = {
  name: 'SQLite',
  newStore: async (folder) => ({ url: `sqlite:${join(folder, 'data', 'charter.sqlite')}`, drop: async () => undefined }),
};

/** Databases in a running PostgreSQL; `address` gives that of one of them. */
export function databasesOf(name: string, address: (database: string) => string): StoreKind {
  const order = (sql: string): Promise<void> => onPostgres(address('postgres'), async (client) => void (await client.query(sql)));
  return {
    name,
    async newStore() {
      const database = `charter_fault_${randomUUID().replaceAll('-', '')}`;
      await order(`CREATE DATABASE ${database} TEMPLATE template0`);
      return { url: address(database), drop: () => order(`DROP DATABASE ${database} WITH (FORCE)`) };
    },
  };
}

export const postgres = databasesOf('PostgreSQL', (database) => `${process.env.CHARTER_TEST_POSTGRES}/${database}`);

/** Every store that a fault of the program, the clock or the world outside must leave whole. What breaks files asks for SQLite by name. */
export const stores: readonly StoreKind[] = [sqlite, postgres];

/** For tests that would only cost time on the other store in the short form. */
export const storesOfLongRuns: readonly StoreKind[] = isLong ? stores : [sqlite];

export interface Place {
  readonly folder: string;
  readonly dataDir: string;
  readonly processesDir: string;
  readonly rulesDir: string;
  readonly databaseUrl: string;
  readonly options: EngineOptions;
  /** Where the definitions are the same and the data none. */
  elsewhere(): Promise<Place>;
}

const SECRET = 'a secret of the fault tests only, of no use elsewhere';

/** A new place, gone when the test is over. */
export async function newPlace(kind: StoreKind, processes: ProcessFiles = faultProcesses(0)): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-faults-'));
  dropLater(() => rmSync(folder, { recursive: true, force: true }));
  const [dataDir, processesDir, rulesDir] = ['data', 'processes', 'rules'].map((name) => join(folder, name)) as [string, string, string];
  layProcesses(processesDir, processes);
  mkdirSync(rulesDir, { recursive: true });
  const { url: databaseUrl, drop } = await kind.newStore(folder);
  dropLater(drop);
  const options = { databaseUrl, dataDir, processesDir, rulesDir, secretKey: SECRET };
  return { folder, dataDir, processesDir, rulesDir, databaseUrl, options, elsewhere: () => newPlace(kind, processes) };
}
