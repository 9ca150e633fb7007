/**
 * Stores that already have the shipped processes in force. Each is made once in a run, by a real engine that starts on an empty
 * store in the ordinary way, and copied from then on: reading, checking and trying out fifty processes is not what most tests are about.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../engine/clock.js';
import { checkerMark } from '../engine/definitions/index.js';
import { createEngine, createManualClock } from '../engine/index.js';
import { newDatabase, storeUnderTest, type TestDatabase } from './databases.js';

const root = join(import.meta.dirname, '..');
/** Monday, 2 March 2026, 10:00 in Berlin: when the shipped processes were published, and where the tests' clocks begin. */
export const MONDAY = Date.UTC(2026, 2, 2, 9);

export interface Shipped {
  /** Nobody may open it: it is there to be copied. */
  readonly databaseUrl: string;
  readonly processesDir: string;
  readonly rulesDir: string;
}

/** `only`: keys of the processes; absent: all. The folders are shared by all tests: whoever alters them copies them before. */
export async function shippedStore(only?: readonly string[]): Promise<Shipped> {
  const base = process.env.CHARTER_SHIPPED ?? join(tmpdir(), `charter-shipped-${process.pid}`);
  // Made by other code than this one (somebody saved a file meanwhile) it would be checked anew by each engine that opens it.
  const place = join(base, `${checkerMark().slice(0, 8)}-${storeUnderTest}-${only === undefined ? 'all' : [...only].sort().join('+')}`);
  mkdirSync(base, { recursive: true });
  while (!existsSync(join(place, 'made'))) {
    if (claim(`${place}.lock`)) await make(place, only).finally(() => rmSync(`${place}.lock`, { recursive: true }));
    else await pause(20);
  }
  return { databaseUrl: readFileSync(join(place, 'made'), 'utf8'), processesDir: join(place, 'processes'), rulesDir: join(place, 'rules') };
}

/** A copy of such a store for a test of its own; `file` is where it lies if it is a file. */
export async function copyShippedStore(file: string, only?: readonly string[]): Promise<Omit<Shipped, 'databaseUrl'> & TestDatabase> {
  const { databaseUrl, ...folders } = await shippedStore(only);
  return { ...folders, ...(await newDatabase(file, databaseUrl)) };
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
  const { url } = await newDatabase(join(place, 'data', 'charter.sqlite'));
  const engine = await createEngine({
    databaseUrl: url,
    dataDir: join(place, 'data'),
    processesDir: join(place, 'processes'),
    rulesDir: join(place, 'rules'),
    clock: createManualClock(MONDAY),
    secretKey: 'a secret of the tests only',
  });
  await engine.close();
  writeFileSync(join(place, 'made'), url);
}
