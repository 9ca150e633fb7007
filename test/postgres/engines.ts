/** Several engines on one database, as several servers have them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEngine, createManualClock, type EngineOptions, type ManualClock, type RunningEngine, type UserRow } from '../../engine/index.js';
import { newDatabase } from '../databases.js';
import { MONDAY } from '../engine/testEngine.js';
import { copyShippedStore } from '../shippedStore.js';

export interface Engines {
  readonly engines: readonly RunningEngine[];
  readonly clock: ManualClock;
  readonly url: string;
  readonly processesDir: string;
  user(row: Partial<UserRow> & { readonly id: string }): Promise<{ id: string; roles: readonly string[]; teams: readonly string[] }>;
  /** Another server on the same database. */
  another(options?: Partial<EngineOptions>): Promise<RunningEngine>;
}

export interface EnginesOptions {
  readonly count?: number;
  /** Process folders by key; absent: the shipped ones named by `only`. */
  readonly processes?: { readonly [key: string]: { readonly [file: string]: unknown } };
  readonly only?: readonly string[];
  /** Opened at the same moment, or one after another. */
  readonly atOnce?: boolean;
  readonly options?: Partial<EngineOptions>;
}

export async function openEngines({ count = 2, processes, only = ['incident'], atOnce = false, options = {} }: EnginesOptions = {}): Promise<Engines> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-many-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place = processes ? { ...layOut(folder, processes), ...(await newDatabase('')) } : await copyShippedStore('', only);
  onTestFinished(() => place.drop());
  const clock = createManualClock(MONDAY);
  let number = 0;
  const another = async (more: Partial<EngineOptions> = {}): Promise<RunningEngine> => {
    number += 1;
    const engine = await createEngine({
      databaseUrl: place.url,
      dataDir: join(folder, `data-${number}`),
      processesDir: place.processesDir,
      rulesDir: place.rulesDir,
      clock,
      secretKey: 'a secret of the tests only',
      ...options,
      ...more,
    });
    onTestFinished(() => engine.close());
    return engine;
  };
  const engines: RunningEngine[] = [];
  if (atOnce) engines.push(...(await Promise.all(Array.from({ length: count }, () => another()))));
  else for (let made = 0; made < count; made += 1) engines.push(await another());
  return {
    engines,
    clock,
    url: place.url,
    processesDir: place.processesDir,
    another,
    async user(row) {
      const whole = {
        name: row.id,
        email: null,
        passwordHash: null,
        roles: [],
        teams: [],
        zone: null,
        standIn: null,
        absentUntil: null,
        active: true,
        createdAt: clock.now(),
        ...row,
      };
      await engines[0]?.people.saveUser(whole);
      for (const engine of engines) await engine.users();
      return { id: whole.id, roles: whole.roles, teams: whole.teams };
    },
  };
}

function layOut(folder: string, processes: NonNullable<EnginesOptions['processes']>): Pick<EngineOptions, 'processesDir' | 'rulesDir'> {
  for (const [key, files] of Object.entries(processes)) {
    mkdirSync(join(folder, 'processes', key), { recursive: true });
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, 'processes', key, file), JSON.stringify(content));
  }
  mkdirSync(join(folder, 'rules', 'policy'), { recursive: true });
  mkdirSync(join(folder, 'rules', 'reference'), { recursive: true });
  return { processesDir: join(folder, 'processes'), rulesDir: join(folder, 'rules') };
}
