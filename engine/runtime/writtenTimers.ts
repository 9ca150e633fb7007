/** Timers written by the newest decided state of records, so that unchanged ones are not written again. */
import type { RecordState, Timer } from '../types.js';

/** Records whose timers are remembered. */
const REMEMBERED = 20_000;

export interface WrittenTimers {
  /** Timers as they were written with this state; null when that is not known. */
  before(state: RecordState | null): readonly Timer[] | null;
  note(state: RecordState, timers: readonly Timer[]): void;
  forget(record: string): void;
}

export function createWrittenTimers(): WrittenTimers {
  const notes = new Map<string, { readonly version: number; readonly timers: readonly Timer[] }>();
  return {
    before(state) {
      if (state === null) return [];
      const noted = notes.get(state.id);
      return noted?.version === state.version ? noted.timers : null;
    },
    note(state, timers) {
      if (notes.size > REMEMBERED) notes.clear();
      notes.set(state.id, { version: state.version, timers });
    },
    forget: (record) => void notes.delete(record),
  };
}
