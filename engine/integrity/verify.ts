/**
 * Verification: every chain, commitment, clock and checkpoint recomputed, every record replayed. Reads only, and may run
 * while records are being worked on: where a record seems wrong it is looked at again on its own, up to the version it had
 * when that look began, so that steps taken meanwhile are no alarm.
 */
import type { KeyObject } from 'node:crypto';
import type { VerifyProblem, VerifyReport } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';
import type { CheckpointRow } from '../store/types.js';
import { knownKeys } from './keys.js';
import { sealProblems, unprovenSeals } from './seals.js';
import { sourceProblems } from './sources.js';
import { rowProblems, standingProblems } from './standing.js';
import { beginWalk, type Walk, walkEntry } from './walk.js';

export interface VerifyOptions {
  readonly record?: string;
  /** Checkpoints kept outside the store, to be held against it too. */
  readonly kept?: readonly CheckpointRow[];
  readonly onProgress?: (done: number, total: number) => void;
}

interface Verification {
  readonly context: EngineContext;
  readonly problems: VerifyProblem[];
  readonly warnings: VerifyProblem[];
  readonly seen: Set<string>;
  readonly sources: Set<string>;
  entries: number;
  erased: number;
}

/** Entries read at once; other work of this process goes on in between. */
const BATCH = 100;
/** Records whose walks ended are compared together. */
const TOGETHER = 100;

export async function verifyAll(context: EngineContext, key: KeyObject, options: VerifyOptions): Promise<VerifyReport> {
  const { history } = context.store;
  const gathered = options.record === undefined ? await history.checkpoints() : [];
  const run: Verification = {
    context,
    problems: [],
    warnings: [],
    seen: new Set(),
    sources: new Set(),
    entries: 0,
    erased: 0,
  };
  if (options.record === undefined) {
    await verifyEvery(run, options.onProgress);
    const keys = await knownKeys(context.store, key);
    run.problems.push(...(await sealProblems({ gathered, kept: options.kept ?? [] }, { history, keys })));
    run.warnings.push(...unprovenSeals(gathered, keys));
  } else keep(run, await verifyOne(run, options.record));
  run.problems.push(...(await sourceProblems(context, run.sources)));
  return { entries: run.entries, records: run.seen.size, checkpoints: gathered.length, erased: run.erased, warnings: run.warnings, problems: run.problems };
}

async function verifyEvery(run: Verification, onProgress: VerifyOptions['onProgress']): Promise<void> {
  const { history } = run.context.store;
  const { entries: total } = await history.counts();
  let walk: Walk | null = null;
  let ended: Walk[] = [];
  let read = 0;
  for await (const batch of ahead(history.scan({ batch: BATCH }))) {
    for (const stored of batch) {
      if (walk && stored.record !== walk.record) ended.push(walk);
      if (!walk || stored.record !== walk.record) walk = beginWalk(stored.record);
      await walkEntry(run.context, walk, stored);
    }
    if (ended.length >= TOGETHER) await settle(run, ended.splice(0));
    onProgress?.((read += batch.length), Math.max(total, read));
  }
  if (walk) ended = [...ended, walk];
  await settle(run, ended);
  await verifyRows(run);
}

/** Reads on while what was read is being worked on. */
async function* ahead<T>(batches: AsyncIterable<T>): AsyncGenerator<T> {
  const source = batches[Symbol.asyncIterator]();
  let next = source.next();
  for (;;) {
    const { done, value } = await next;
    if (done) return;
    next = source.next();
    // Who asks for it is told; if nobody does, the walk was given up.
    next.catch(() => undefined);
    yield value;
  }
}

/** Compares walked records with what is stored of them; where they differ, looks at the record again on its own. */
async function settle(run: Verification, walks: readonly Walk[]): Promise<void> {
  const { records } = run.context.store;
  const rows = await records.many(walks.map(({ record }) => record)).catch(() => []);
  const states = new Map(rows.map(({ record }) => [record.id, record]));
  for (const walk of walks) {
    const state = states.get(walk.record);
    const found = state ? await standingProblems(run.context, walk, { state, latest: async () => walk.position.sequence }) : null;
    const clean = found?.length === 0 && walk.problems.length === 0;
    keep(run, clean ? { walk, problems: [] } : await verifyOne(run, walk.record));
  }
}

/** The row is read first, then the history up to it: as both are written together, nothing may be amiss whatever happens meanwhile. */
async function verifyOne(run: Verification, record: string): Promise<{ readonly walk: Walk; readonly problems: readonly VerifyProblem[] }> {
  const { store } = run.context;
  const problem = (kind: string, message: string, sequence: number | null = null): VerifyProblem => ({ kind, record, sequence, message });
  const state = await store.records.byId(record).then(
    (row) => row?.record ?? null,
    () => 'unreadable' as const,
  );
  const walk = beginWalk(record);
  const upTo = state === null || state === 'unreadable' ? Number.POSITIVE_INFINITY : state.version;
  let beyond = 0;
  for await (const batch of store.history.scan({ record, batch: BATCH })) {
    for (const stored of batch) {
      if (stored.sequence > upTo) beyond = Math.max(beyond, stored.sequence);
      else await walkEntry(run.context, walk, stored);
    }
  }
  const problems = [...walk.problems];
  if (state === 'unreadable') return { walk, problems: [...problems, problem('state', 'The stored record cannot be read: it was altered.')] };
  if (state === null)
    return { walk, problems: [...problems, problem('missing', walk.entries > 0 ? 'There is history of a record that is gone.' : 'There is no such record.')] };
  if (walk.position.sequence === 0) return { walk, problems: [problem('missing', 'The record has no history at all.')] };
  const latest = async () => (await store.records.byId(record))?.record.version ?? 0;
  problems.push(...(await standingProblems(run.context, walk, { state, latest })));
  const now = beyond > 0 ? await latest() : 0;
  if (beyond > now) problems.push(problem('missing', `The record is at version ${now}, its history goes on to ${beyond}: entries were added.`, beyond));
  return { walk, problems };
}

/** Each row on its own; a record without any history shows here. */
async function verifyRows(run: Verification): Promise<void> {
  try {
    for await (const batch of run.context.store.history.heads({ batch: BATCH })) {
      for (const head of batch) {
        if (!run.seen.has(head.record)) keep(run, await verifyOne(run, head.record));
        run.problems.push(...(await rowProblems(run.context, head).catch(() => [])));
      }
    }
  } catch (error) {
    run.problems.push({
      kind: 'state',
      record: null,
      sequence: null,
      message: `The stored records cannot all be read: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

function keep(run: Verification, { walk, problems }: { readonly walk: Walk; readonly problems: readonly VerifyProblem[] }): void {
  run.seen.add(walk.record);
  run.entries += walk.entries;
  run.erased += walk.missing.length;
  run.problems.push(...problems);
  run.warnings.push(...walk.warnings);
  for (const source of walk.sources) run.sources.add(source);
}
