/** A real engine on a real store of its own, with a clock the test moves. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createManualClock, type ManualClock } from '../../engine/clock.js';
import { createEngine, type EngineOptions, type RunningEngine } from '../../engine/createEngine.js';
import type { Observer } from '../../engine/observing.js';
import type { Actor } from '../../engine/types.js';
import { newDatabase } from '../databases.js';
import { copyShippedStore, MONDAY } from '../shippedStore.js';

export { MONDAY };

export interface TestEngine {
  readonly engine: RunningEngine;
  readonly clock: ManualClock;
  readonly folder: string;
  readonly databaseUrl: string;
  /** Makes a user (and his teams) and gives the actor. */
  user(id: string, roles: readonly string[], teams?: readonly string[]): Promise<Actor>;
  /** Closes the engine and opens another on the same store. */
  reopen(): Promise<TestEngine>;
}

export interface TestEngineOptions {
  /** Process folders by key: file name to content. Absent: the shipped ones, already in force. */
  readonly processes?: { readonly [key: string]: { readonly [file: string]: unknown } };
  /** Of the shipped processes only these, so that a test is not about what the others do as time passes. */
  readonly only?: readonly string[];
  readonly rules?: { readonly [path: string]: unknown };
  readonly at?: number;
  /** A mail server to deliver to. */
  readonly smtpUrl?: string;
  /** Told of what happens inside. */
  readonly observe?: Observer;
}

/** Keeps work for later; what came last is done first. */
export type Afterwards = (work: () => void | Promise<void>) => void;

/** `afterwards` is told what to do when the engine is no longer needed: when the test is finished, unless several share it. */
export async function testEngine(options: TestEngineOptions = {}, afterwards: Afterwards = onTestFinished): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-engine-'));
  afterwards(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'data', 'charter.sqlite');
  const installed =
    options.processes || options.rules ? { ...layOut(folder, options), ...(await newDatabase(file)) } : await copyShippedStore(file, options.only);
  afterwards(() => installed.drop());
  return open({
    folder,
    afterwards,
    definitions: installed,
    databaseUrl: installed.url,
    clock: createManualClock(options.at ?? MONDAY),
    ...(options.smtpUrl === undefined ? {} : { smtpUrl: options.smtpUrl }),
    ...(options.observe ? { observe: options.observe } : {}),
  });
}

interface Installed {
  readonly folder: string;
  readonly afterwards: Afterwards;
  readonly databaseUrl: string;
  readonly definitions: Pick<EngineOptions, 'processesDir' | 'rulesDir'>;
  readonly clock: ManualClock;
  readonly smtpUrl?: string;
  readonly observe?: Observer;
}

async function open(installed: Installed): Promise<TestEngine> {
  const { folder, definitions, databaseUrl, clock, smtpUrl, observe } = installed;
  const engine = await createEngine({
    databaseUrl,
    dataDir: join(folder, 'data'),
    processesDir: definitions.processesDir,
    rulesDir: definitions.rulesDir,
    clock,
    secretKey: 'a secret of the tests only',
    ...(smtpUrl === undefined ? {} : { smtpUrl }),
    ...(observe ? { observe } : {}),
  });
  let closed = false;
  const close = async () => {
    if (!closed) await engine.close();
    closed = true;
  };
  installed.afterwards(close);
  return {
    engine,
    clock,
    folder,
    databaseUrl,
    async user(id, roles, teams = []) {
      for (const team of teams) await engine.people.saveTeam({ id: team, title: team, email: null });
      await engine.people.saveUser({
        id,
        name: id,
        email: `${id}@example.org`,
        passwordHash: null,
        roles,
        teams,
        zone: null,
        standIn: null,
        absentUntil: null,
        active: true,
        createdAt: clock.now(),
      });
      await engine.users();
      return { id, roles, teams };
    },
    async reopen() {
      await close();
      return open(installed);
    },
  };
}

function layOut(folder: string, { processes = {}, rules = {} }: TestEngineOptions): Installed['definitions'] {
  mkdirSync(join(folder, 'processes'));
  for (const [key, files] of Object.entries(processes)) {
    mkdirSync(join(folder, 'processes', key));
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, 'processes', key, file), JSON.stringify(content));
  }
  mkdirSync(join(folder, 'rules', 'policy'), { recursive: true });
  mkdirSync(join(folder, 'rules', 'reference'), { recursive: true });
  for (const [path, content] of Object.entries(rules)) writeFileSync(join(folder, 'rules', path), JSON.stringify(content));
  return { processesDir: join(folder, 'processes'), rulesDir: join(folder, 'rules') };
}
