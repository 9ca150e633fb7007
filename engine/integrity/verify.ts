/** Verification: every chain, commitment, clock and checkpoint recomputed, every record replayed. Reads only. */
import type { KeyObject } from 'node:crypto';
import type { VerifyProblem, VerifyReport } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';
import type { OpenedEntry } from '../runtime/views.js';
import type { StoredEntry } from '../store/types.js';
import type { RecordState } from '../types.js';
import { CHAIN_START, type ChainPosition, checkEntry } from './chain.js';
import { checkpointFault, type Head } from './checkpoint.js';
import { differenceOf, replayEntry } from './replay.js';

export interface VerifyOptions {
  readonly record?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A record's chain as far as it was walked. */
interface Walk {
  readonly record: string;
  position: ChainPosition;
  state: RecordState | null;
  /** Replay stops at the first erased value or difference; the chain is still checked. */
  replaying: boolean;
}

interface Findings {
  readonly problems: VerifyProblem[];
  readonly warnings: VerifyProblem[];
  /** Ends of all chains: record to position, with the hash at each sequence that a checkpoint seals. */
  readonly ends: Map<string, Walk>;
  readonly sealed: Map<string, string>;
  entries: number;
  erased: number;
}

export async function verifyAll(context: EngineContext, key: KeyObject, options: VerifyOptions): Promise<VerifyReport> {
  const found: Findings = { problems: [], warnings: [], ends: new Map(), sealed: new Map(), entries: 0, erased: 0 };
  const checkpoints = await context.store.history.checkpoints();
  const wanted = sealedPlaces(checkpoints.map((row) => row.heads));
  const { entries: total } = await context.store.history.counts();
  for await (const batch of context.store.history.scan({ batch: 500, ...(options.record ? { record: options.record } : {}) })) {
    for (const stored of batch) await walkEntry(context, found, { stored, wanted });
    options.onProgress?.(found.entries, total);
  }
  await checkHeads(context, found, options.record);
  if (!options.record) for (const row of checkpoints) checkCheckpoint(found, row, key);
  return { entries: found.entries, records: found.ends.size, checkpoints: checkpoints.length, erased: found.erased, warnings: found.warnings, problems: found.problems };
}

async function walkEntry(context: EngineContext, found: Findings, { stored, wanted }: { stored: StoredEntry; wanted: ReadonlySet<string> }): Promise<void> {
  const walk = found.ends.get(stored.record) ?? { record: stored.record, position: CHAIN_START, state: null, replaying: true };
  found.ends.set(stored.record, walk);
  found.entries += 1;
  const place = `${stored.record} ${stored.sequence}`;
  if (wanted.has(place)) found.sealed.set(place, stored.hash);
  const { problems, opened } = checkEntry(stored, walk.position);
  found.problems.push(...problems);
  walk.position = { sequence: stored.sequence, hash: stored.hash };
  if (problems.length > 0) walk.replaying = false;
  if (opened && opened.erased.length > 0) {
    found.erased += opened.erased.length;
    walk.replaying = false;
  }
  if (opened && walk.replaying) await replay(context, found, { walk, stored, opened });
}

async function replay(context: EngineContext, found: Findings, { walk, stored, opened }: { walk: Walk; stored: StoredEntry; opened: OpenedEntry }): Promise<void> {
  const program = await context.library.load(stored.definition);
  const environment = await context.library.environmentAt(program, stored.reference);
  const replayed = replayEntry(walk.state, stored, opened, { program, environment, timeZones: context.timeZones });
  if (replayed.outcome === 'same') {
    walk.state = replayed.state;
    return;
  }
  walk.replaying = false;
  const list = replayed.warning ? found.warnings : found.problems;
  list.push({ kind: 'replay', record: stored.record, sequence: stored.sequence, message: replayed.message });
}

/** Every record must end where its chain ends, and be what its history says. */
async function checkHeads(context: EngineContext, found: Findings, only: string | undefined): Promise<void> {
  const seen = new Set<string>();
  for await (const batch of context.store.history.heads({ batch: 500 })) {
    for (const head of batch) {
      if (only !== undefined && head.record !== only) continue;
      seen.add(head.record);
      const walk = found.ends.get(head.record);
      const problem = (kind: string, message: string, sequence: number | null = head.version) => found.problems.push({ kind, record: head.record, sequence, message });
      if (!walk) problem('missing', 'The record has no history at all.', null);
      else if (walk.position.sequence !== head.version) problem('missing', `The record is at version ${head.version}, its history ends at ${walk.position.sequence}: entries were cut off or added.`);
      else if (walk.position.hash !== head.head) problem('chain', 'The record does not name the last entry of its history as its head.');
      if (walk?.replaying && walk.state) {
        const difference = differenceOf(head.state, walk.state);
        if (difference !== null) problem(difference === 'clocks' ? 'clock' : 'state', `The stored ${difference} is not what the history gives.`);
      }
    }
  }
  for (const record of found.ends.keys()) if (!seen.has(record)) found.problems.push({ kind: 'missing', record, sequence: null, message: 'There is history of a record that is gone.' });
}

function sealedPlaces(all: readonly string[]): ReadonlySet<string> {
  return new Set(all.flatMap((heads) => (JSON.parse(heads) as readonly Head[]).map(([record, sequence]) => `${record} ${sequence}`)));
}

function checkCheckpoint(found: Findings, row: Parameters<typeof checkpointFault>[0], key: KeyObject): void {
  const problem = (record: string | null, sequence: number | null, message: string) => found.problems.push({ kind: 'checkpoint', record, sequence, message: `Checkpoint ${row.sequence}: ${message}` });
  const fault = checkpointFault(row, key);
  if (fault) {
    problem(null, null, fault);
    return;
  }
  for (const [record, sequence, hash] of JSON.parse(row.heads) as readonly Head[]) {
    const stored = found.sealed.get(`${record} ${sequence}`);
    if (stored === undefined) problem(record, sequence, 'a sealed entry is gone.');
    else if (stored !== hash) problem(record, sequence, 'a sealed entry is not what it was: the chain was made again.');
  }
}
