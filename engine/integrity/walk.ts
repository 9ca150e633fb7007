/** One record's chain, walked entry by entry: each checked, decided again, and folded up to where the record should stand. */

import { erasedPaths, isTaken } from '../core/erasure.js';
import type { VerifyProblem } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';
import type { OpenedEntry } from '../runtime/views.js';
import type { StoredEntry } from '../store/types.js';
import type { RecordState } from '../types.js';
import { CHAIN_START, type ChainPosition, checkEntry, missingValues } from './chain.js';
import { type Filed, filedBy } from './filed.js';
import { EMPTY_FOLD, type Fold, foldEntry } from './fold.js';
import { replayEntry } from './replay.js';

export interface Walk {
  readonly record: string;
  readonly problems: VerifyProblem[];
  readonly warnings: VerifyProblem[];
  entries: number;
  position: ChainPosition;
  /** The record as deciding again gives it. */
  state: RecordState | null;
  /** What can be said of the record without deciding again; null once an entry could not be trusted. */
  fold: Fold | null;
  /** Replay stops at the first erased value or difference; the chain is still checked. */
  replaying: boolean;
  /** Values that are gone, and the erasures that may have taken them. */
  readonly missing: { readonly sequence: number; readonly path: string }[];
  readonly erasures: { readonly sequence: number; readonly fields: readonly string[] }[];
  /** Comments and attachments that its entries speak of. */
  readonly filed: Filed[];
  /** Definition and reference versions its entries name. */
  readonly sources: Set<string>;
}

export function beginWalk(record: string): Walk {
  return {
    record,
    problems: [],
    warnings: [],
    entries: 0,
    position: CHAIN_START,
    state: null,
    fold: EMPTY_FOLD,
    replaying: true,
    missing: [],
    erasures: [],
    filed: [],
    sources: new Set(),
  };
}

/** Takes the next entry. */
export async function walkEntry(context: EngineContext, walk: Walk, stored: StoredEntry): Promise<void> {
  walk.entries += 1;
  const { problems, opened } = checkEntry(stored, walk.position);
  walk.problems.push(...problems);
  walk.position = { sequence: stored.sequence, hash: stored.hash };
  if (problems.length > 0 || !opened) {
    walk.replaying = false;
    walk.fold = null;
    return;
  }
  walk.sources.add(`definition ${stored.definition}`).add(`reference ${stored.reference}`);
  for (const path of missingValues(opened)) walk.missing.push({ sequence: stored.sequence, path });
  if (walk.missing.length > 0) walk.replaying = false;
  if (stored.event === 'erased') walk.erasures.push({ sequence: stored.sequence, fields: (opened.data.fields ?? []) as readonly string[] });
  walk.filed.push(...filedBy(stored, opened));
  await followEntry(context, walk, { stored, opened });
}

async function followEntry(context: EngineContext, walk: Walk, { stored, opened }: { stored: StoredEntry; opened: OpenedEntry }): Promise<void> {
  try {
    const program = await context.library.load(stored.definition);
    const environment = await context.library.environmentAt(program, stored.reference);
    if (walk.fold) walk.fold = foldEntry(walk.fold, { stored, opened, environment });
    if (!walk.replaying) return;
    const replayed = replayEntry(walk.state, stored, opened, { program, environment, timeZones: context.timeZones });
    if (replayed.outcome === 'same') walk.state = replayed.state;
    else stop(walk, { stored, message: replayed.message, warning: replayed.warning });
  } catch (error) {
    walk.fold = null;
    stop(walk, { stored, message: `The step cannot be decided again: ${error instanceof Error ? error.message : String(error)}`, warning: false });
  }
}

function stop(walk: Walk, { stored, message, warning }: { stored: StoredEntry; message: string; warning: boolean }): void {
  walk.replaying = false;
  (warning ? walk.warnings : walk.problems).push({ kind: 'replay', record: stored.record, sequence: stored.sequence, message });
}

/** Values may be gone only where an erasure, itself part of the history, took them. */
export function unexplainedLosses({ record, missing, erasures }: Walk): readonly VerifyProblem[] {
  const erased = ({ sequence, path }: Walk['missing'][number]): boolean =>
    erasures.some((erasure) => erasure.sequence >= sequence && isTaken(path, erasedPaths(erasure.fields)));
  return missing
    .filter((loss) => !erased(loss))
    .map(({ sequence, path }) => ({
      kind: 'values',
      record,
      sequence,
      message: `The value ${path} is gone, and no erasure in the history took it: it was removed.`,
    }));
}
