import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type HistoryView, monotonic, pause, type RunningEngine } from '../../engine/index.js';
import { engineOptions, layOutFolder } from './folder.js';
import { inRounds, isLong, patience, account as tellAccount } from './long.js';
import { type Programs, preparePrograms } from './program.js';
import type { Heard } from './worker.js';

/** Stores in the short form. */
const STORES = 2;
/** Kills on one store before a new one is begun, so that verifying stays quick. */
const KILLS_A_STORE = isLong ? 5 : 2;
const auditor = { id: 'ada', roles: ['auditor'], teams: [] };

let programs: Programs;
let worker: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  programs = preparePrograms();
  worker = await programs.worker('worker');
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  programs.drop();
});

/** What the killed processes had said, kept by this one. */
interface Log {
  readonly acknowledged: Map<string, string>;
  readonly created: Set<string>;
  readonly published: Set<string>;
}

interface Account {
  kills: number;
  acknowledged: number;
  found: number;
  entries: number;
  timers: number;
  signals: number;
  published: number;
  scheduled: number;
  slowestStart: number;
}

describe('a process killed in the middle of its work', () => {
  it(
    'loses no acknowledged step, leaves no half step and does nothing twice, however often',
    async () => {
      const account: Account = { kills: 0, acknowledged: 0, found: 0, entries: 0, timers: 0, signals: 0, published: 0, scheduled: 0, slowestStart: 0 };
      await inRounds(STORES, async () => {
        const folder = mkdtempSync(join(tmpdir(), 'charter-crash-'));
        layOutFolder(folder);
        const log: Log = { acknowledged: new Map(), created: new Set(), published: new Set() };
        try {
          for (let kill = 0; kill < KILLS_A_STORE; kill += 1) {
            await killInTheMiddle(folder, account.kills, log);
            account.kills += 1;
            await lookAfter(folder, log, { account, last: kill === KILLS_A_STORE - 1 });
          }
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      });
      tellAccount('killed in process', { ...account });
      expect(account.found).toBe(account.acknowledged);
      expect(account.acknowledged).toBeGreaterThan(account.kills * 10);
      expect(account.timers).toBeGreaterThan(0);
      expect(account.signals).toBeGreaterThan(0);
    },
    patience(15),
  );
});

/** Runs the worker and kills it at a random moment; fails when the worker ends by itself. */
async function killInTheMiddle(folder: string, round: number, log: Log): Promise<void> {
  const child = fork(worker, [folder, String(round)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.add(child);
  const killed = new Promise<void>((resolve, reject) => {
    let killing = false;
    child.on('message', (heard: Heard) => {
      note(log, heard);
      if (heard.kind === 'failed') reject(new Error(`the worker failed: ${heard.reason}`));
      if (heard.kind !== 'ready') return;
      void pause(100 + randomInt(1_200)).then(() => {
        killing = true;
        child.kill('SIGKILL');
      });
    });
    // `close` comes when everything it had said has been read.
    child.on('close', (code) => (killing ? resolve() : reject(new Error(`the worker ended with ${code}`))));
  });
  try {
    await killed;
  } finally {
    child.kill('SIGKILL');
    children.delete(child);
  }
}

function note(log: Log, heard: Heard): void {
  if (heard.kind === 'acknowledged') log.acknowledged.set(`${heard.record} ${heard.sequence}`, heard.hash);
  if (heard.kind === 'created') log.created.add(heard.record);
  if (heard.kind === 'published') log.published.add(heard.hash);
}

/** Opens the store again, lets what is due happen, and looks at everything. */
async function lookAfter(folder: string, log: Log, { account, last }: { account: Account; last: boolean }): Promise<void> {
  const began = monotonic();
  const engine = await createEngine(engineOptions(folder));
  const started = monotonic() - began;
  try {
    account.slowestStart = Math.max(account.slowestStart, Math.round(started));
    await engine.wake();
    const entries = await allEntries(engine);
    const byPlace = new Map(entries.map((entry) => [`${entry.record} ${entry.sequence}`, entry]));
    const lost = [...log.acknowledged].filter(([place, hash]) => byPlace.get(place)?.hash !== hash);
    expect(lost, 'acknowledged steps that are not there').toEqual([]);
    for (const record of log.created) expect(byPlace.has(`${record} 1`), 'a record made by a step').toBe(true);
    const versions = new Set((await engine.versions('job', auditor)).map((version) => version.hash));
    for (const hash of log.published) expect(versions.has(hash), 'a published version').toBe(true);
    const happened = { timers: firedOnce(entries), signals: await deliveredOnce(engine, entries), scheduled: openedOnce(entries) };
    await commentsBelong(engine, entries);
    expect(await engine.parked()).toEqual({ timers: [], effects: [] });
    const { problems, warnings, entries: verified } = await engine.verify();
    expect([problems, warnings]).toEqual([[], []]);
    // Looking whether anything is left to do may have met a new minute, and opened its record.
    const later = (await allEntries(engine)).filter((entry) => !byPlace.has(`${entry.record} ${entry.sequence}`));
    expect(later.filter(({ origin }) => origin !== 'schedule')).toEqual([]);
    expect(verified).toBe(entries.length + later.length);
    if (!last) return;
    account.acknowledged += log.acknowledged.size;
    account.found += log.acknowledged.size - lost.length;
    account.entries += verified;
    account.published += log.published.size;
    account.timers += happened.timers;
    account.signals += happened.signals;
    account.scheduled += happened.scheduled;
  } finally {
    await engine.close();
  }
}

async function allEntries(engine: RunningEngine): Promise<readonly HistoryView[]> {
  const entries: HistoryView[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await engine.entries({ limit: 200, direction: 'asc', ...(cursor ? { cursor } : {}) }, auditor);
    entries.push(...page.items);
    cursor = page.next;
  }
  return entries;
}

/** A timer is known by its record, its state and its due instant. */
function firedOnce(entries: readonly HistoryView[]): number {
  const fired = entries
    .filter((entry) => entry.event.startsWith('after.'))
    .map((entry) => `${entry.record} ${entry.event} ${String(entry.data.dueAt)} ${entry.from}`);
  expect(new Set(fired).size, 'timers that fired twice').toBe(fired.length);
  return fired.length;
}

/** Each thing told reached each peer that the teller had then, once. */
async function deliveredOnce(engine: RunningEngine, entries: readonly HistoryView[]): Promise<number> {
  const heard = new Map<string, number>();
  for (const entry of entries)
    if (entry.event === 'job.HEAR')
      heard.set(`${String(entry.data.token)} ${entry.record}`, (heard.get(`${String(entry.data.token)} ${entry.record}`) ?? 0) + 1);
  expect(
    [...heard].filter(([, times]) => times !== 1),
    'signals delivered twice',
  ).toEqual([]);
  const tokens = new Set([...heard.keys()].map((key) => key.split(' ')[0]));
  const told = entries.filter((entry) => entry.event === 'TELL');
  expect(told.filter((entry) => !tokens.has(String(entry.data.token))).length, 'signals never delivered').toBe(0);
  expect(await engine.wake(), 'nothing is left to do').toMatchObject({ timers: 0, effects: 0 });
  return heard.size;
}

/** One record for each minute the schedule has seen. */
function openedOnce(entries: readonly HistoryView[]): number {
  const minutes = entries.filter((entry) => entry.event === 'record.created' && entry.origin === 'schedule').map((entry) => entry.at);
  expect(new Set(minutes).size, 'occurrences that opened two records').toBe(minutes.length);
  return minutes.length;
}

/** Comments stand beside history: as many there as here. */
async function commentsBelong(engine: RunningEngine, entries: readonly HistoryView[]): Promise<void> {
  const said = new Map<string, number>();
  for (const entry of entries) if (entry.event === 'record.comment') said.set(entry.record, (said.get(entry.record) ?? 0) + 1);
  for (const [record, count] of said) expect(await engine.comments(record, auditor)).toHaveLength(count);
}
