/** A real engine on a real SQLite file in a folder of its own, with a clock the test moves. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createManualClock, type ManualClock } from '../../engine/clock.js';
import { createEngine, type RunningEngine } from '../../engine/createEngine.js';
import type { Actor } from '../../engine/types.js';

const root = join(import.meta.dirname, '..', '..');
/** Monday, 2 March 2026, 10:00 in Berlin. */
export const MONDAY = Date.UTC(2026, 2, 2, 9);

export interface TestEngine {
  readonly engine: RunningEngine;
  readonly clock: ManualClock;
  readonly folder: string;
  readonly database: string;
  /** Makes a user (and his teams) and gives the actor. */
  user(id: string, roles: readonly string[], teams?: readonly string[]): Promise<Actor>;
  /** Closes the engine and opens another on the same store. */
  reopen(): Promise<TestEngine>;
}

export interface TestEngineOptions {
  /** Process folders by key: file name to content. Absent: the shipped ones. */
  readonly processes?: { readonly [key: string]: { readonly [file: string]: unknown } };
  readonly rules?: { readonly [path: string]: unknown };
  readonly at?: number;
  /** A mail server to deliver to. */
  readonly smtpUrl?: string;
}

export async function testEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-engine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  layOut(folder, options);
  return open(folder, createManualClock(options.at ?? MONDAY), options.smtpUrl);
}

async function open(folder: string, clock: ManualClock, smtpUrl?: string): Promise<TestEngine> {
  const database = join(folder, 'data', 'charter.sqlite');
  const engine = await createEngine({
    databaseUrl: `sqlite:${database}`,
    dataDir: join(folder, 'data'),
    processesDir: join(folder, 'processes'),
    rulesDir: join(folder, 'rules'),
    clock,
    secretKey: 'a secret of the tests only',
    ...(smtpUrl === undefined ? {} : { smtpUrl }),
  });
  let closed = false;
  const close = async () => {
    if (!closed) await engine.close();
    closed = true;
  };
  onTestFinished(close);
  return {
    engine,
    clock,
    folder,
    database,
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
      return open(folder, clock, smtpUrl);
    },
  };
}

function layOut(folder: string, { processes, rules }: TestEngineOptions): void {
  if (processes) {
    mkdirSync(join(folder, 'processes'));
    for (const [key, files] of Object.entries(processes)) {
      mkdirSync(join(folder, 'processes', key));
      for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, 'processes', key, file), JSON.stringify(content));
    }
  } else cpSync(join(root, 'processes'), join(folder, 'processes'), { recursive: true });
  if (rules || processes) {
    mkdirSync(join(folder, 'rules', 'policy'), { recursive: true });
    mkdirSync(join(folder, 'rules', 'reference'), { recursive: true });
    for (const [path, content] of Object.entries(rules ?? {})) writeFileSync(join(folder, 'rules', path), JSON.stringify(content));
  } else cpSync(join(root, 'rules'), join(folder, 'rules'), { recursive: true });
}
