/**
 * Stores that already have the shipped processes in force. Each is made once in a run, by a real engine that starts on an empty
 * store in the ordinary way, and copied from then on: reading, checking and trying out fifty processes is not what most tests are about.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pause } from '../engine/clock.js';
import { checkerMark } from '../engine/definitions/index.js';
import { createEngine, createManualClock } from '../engine/index.js';

const root = join(import.meta.dirname, '..');
/** Monday, 2 March 2026, 10:00 in Berlin: when the shipped processes were published, and where the tests' clocks begin. */
export const MONDAY = Date.UTC(2026, 2, 2, 9);

export interface Shipped {
  readonly database: string;
  readonly processesDir: string;
  readonly rulesDir: string;
}

/** `only`: keys of the processes; absent: all. The folders are shared by all tests: whoever alters them copies them before. */
export async function shippedStore(only?: readonly string[]): Promise<Shipped> {
  const base = process.env.CHARTER_SHIPPED ?? join(tmpdir(), `charter-shipped-${process.pid}`);
  // Made by other code than this one (somebody saved a file meanwhile) it would be checked anew by each engine that opens it.
  const place = join(base, `${checkerMark().slice(0, 8)}-${only === undefined ? 'all' : [...only].sort().join('+')}`);
  mkdirSync(base, { recursive: true });
  while (!existsSync(join(place, 'made'))) {
    if (claim(`${place}.lock`)) await make(place, only).finally(() => rmSync(`${place}.lock`, { recursive: true }));
    else await pause(20);
  }
  return { database: join(place, 'made', 'charter.sqlite'), processesDir: join(place, 'processes'), rulesDir: join(place, 'rules') };
}

/** Puts a copy of such a store where a test wants its own. */
export async function copyShippedStore(database: string, only?: readonly string[]): Promise<Omit<Shipped, 'database'>> {
  const shipped = await shippedStore(only);
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 });
  copyFileSync(shipped.database, database);
  return shipped;
}

/** Only one process at a time makes a store; the others wait for it. */
function claim(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

async function make(place: string, only: readonly string[] | undefined): Promise<void> {
  if (existsSync(join(place, 'made'))) return;
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  symlinkSync(join(root, 'rules'), join(place, 'rules'));
  if (only === undefined) symlinkSync(join(root, 'processes'), join(place, 'processes'));
  else for (const key of only) cpSync(join(root, 'processes', key), join(place, 'processes', key), { recursive: true });
  const engine = await createEngine({
    databaseUrl: `sqlite:${join(place, 'making', 'charter.sqlite')}`,
    dataDir: join(place, 'making'),
    processesDir: join(place, 'processes'),
    rulesDir: join(place, 'rules'),
    clock: createManualClock(MONDAY),
    secretKey: 'a secret of the tests only',
  });
  await engine.close();
  renameSync(join(place, 'making'), join(place, 'made'));
}
