/** Checkpoints one after another, each judged by what it and those before it seal together. One at a time is in memory. */
import { EngineError } from '../errors.js';
import type { CheckpointRow, HistoryStore } from '../store/types.js';
import { type HeadText, type Keys, signatureFault } from './checkpoint.js';
import { MergedHeads, standsAlone } from './mergedHeads.js';

const NOTHING: ReadonlySet<string> = new Set();

export class Succession {
  /** Texts of heads that were not found as they should be; they are yielded again for each checkpoint that seals them. */
  readonly amiss = new Set<string>();
  readonly #merged = new MergedHeads();
  #last: number;
  /** In words, what those that follow rest on and cannot be judged without. */
  #missing: string | null = null;

  constructor(last = 0) {
    this.#last = last;
  }

  /** Yields the heads that are to be looked up; returns what is wrong with the checkpoint in itself, null when it is sound. */
  *take(row: CheckpointRow, keys: Keys): Generator<HeadText, string | null> {
    if (row.sequence !== this.#last + 1) this.#missing ??= `checkpoint ${row.sequence - 1}, which is gone`;
    this.#last = row.sequence;
    const alone = aloneOrUnreadable(row);
    if (alone === null) {
      this.#missing ??= `checkpoint ${row.sequence}, whose heads cannot be read`;
      return 'Its heads cannot be read.';
    }
    const { records, root } = yield* this.#merged.merge(row.heads, { alone, suspect: this.amiss });
    const missing = this.#missing;
    if (records === row.records && root === row.root) {
      this.#missing = null;
      return signatureFault(row, keys);
    }
    if (missing !== null && !alone) return signatureFault(row, keys) ?? `It rests on ${missing}, and cannot be judged without it.`;
    this.#missing = `checkpoint ${row.sequence}, whose heads do not give its root`;
    return 'Its heads do not give its root.';
  }
}

function aloneOrUnreadable({ heads, records }: CheckpointRow): boolean | null {
  try {
    return standsAlone(heads, records);
  } catch {
    return null;
  }
}

/** Takes everything and looks nothing up. */
export function exhaust<T>(taking: Generator<unknown, T>): T {
  for (;;) {
    const next = taking.next();
    if (next.done) return next.value;
  }
}

/** A checkpoint with all heads that it seals, so that it can be judged by itself. @throws NOT_FOUND, HISTORY_DAMAGED when the heads do not give its root */
export async function wholeCheckpoint(history: Pick<HistoryStore, 'checkpoint'>, sequence: number): Promise<CheckpointRow> {
  const last = await history.checkpoint(sequence);
  if (!last) throw new EngineError('NOT_FOUND', { checkpoint: sequence });
  let first = sequence;
  for (let row: CheckpointRow | null = last; row && first > 1 && aloneOrUnreadable(row) === false; row = await history.checkpoint(first)) first -= 1;
  const merged = new MergedHeads();
  let given = { records: 0, root: '' };
  for (let at = first; at <= sequence; at += 1) {
    const row = at === sequence ? last : await history.checkpoint(at);
    const alone = row && aloneOrUnreadable(row);
    if (row && alone !== null) given = exhaust(merged.merge(row.heads, { alone, suspect: NOTHING }));
  }
  if (given.records !== last.records || given.root !== last.root)
    throw new EngineError('HISTORY_DAMAGED', { checkpoint: sequence, reason: 'Its heads do not give its root.' });
  return { ...last, heads: merged.text() };
}
