/** A record folded from its entries without deciding them again: what still can be held against it after an erasure, or under another engine version. */
import { applyMark, noteThreshold } from '../core/clocks.js';
import { sameJson } from '../core/step.js';
import type { RuleEnvironment } from '../rules/index.js';
import type { OpenedEntry } from '../runtime/views.js';
import type { StoredEntry } from '../store/types.js';
import type { ClockState, Json, RecordState } from '../types.js';

export interface Fold {
  /** Fields by name: `[value]`, or null when the value was erased and cannot be known. */
  readonly data: { readonly [field: string]: readonly [Json] | null };
  /** Null after a step that changes clocks without marks. */
  readonly clocks: { readonly [name: string]: ClockState } | null;
  readonly last: Pick<RecordState, 'number' | 'process' | 'definition' | 'status' | 'value' | 'updatedAt'> | null;
}

export const EMPTY_FOLD: Fold = { data: {}, clocks: {}, last: null };

export function foldEntry(fold: Fold, { stored, opened, environment }: { stored: StoredEntry; opened: OpenedEntry; environment: RuleEnvironment }): Fold {
  const { text } = opened;
  return {
    data: { ...fold.data, ...Object.fromEntries(Object.keys(text.changes).map((field) => [field, valueAfter(stored, opened, field)])) },
    clocks: text.event === 'migrated' || fold.clocks === null ? null : clocksAfter(fold.clocks, { stored, opened, environment }),
    last: { number: text.number, process: text.process, definition: text.definition, status: text.status, value: text.to, updatedAt: text.at },
  };
}

function valueAfter(stored: StoredEntry, { changes, data }: OpenedEntry, field: string): readonly [Json] | null {
  if (stored.event === 'erased' && (data.fields as readonly string[] | undefined)?.includes(field)) return [null];
  const change = changes[field] as readonly Json[] | undefined;
  return change === undefined ? null : [change[1] ?? null];
}

function clocksAfter(
  before: NonNullable<Fold['clocks']>,
  { stored, opened, environment }: { stored: StoredEntry; opened: OpenedEntry; environment: RuleEnvironment },
): Fold['clocks'] {
  const clocks: Record<string, ClockState> = { ...before };
  const { timer, marks } = opened.text;
  if (timer?.startsWith('clock.')) {
    const [name, fraction] = [opened.data.clock, opened.data.fraction];
    if (name === undefined || fraction === undefined) return null;
    const clock = clocks[String(name)];
    if (clock) clocks[String(name)] = noteThreshold(clock, Number(fraction), stored.at);
  }
  for (const mark of marks) clocks[mark.clock] = applyMark(clocks[mark.clock], mark, environment);
  return clocks;
}

/** The first part of the stored record that its history contradicts; null when none does. */
export function contradiction(state: RecordState, { last, data, clocks }: Fold): string | null {
  if (!last) return null;
  for (const key of ['number', 'process', 'definition', 'status', 'value', 'updatedAt'] as const)
    if (!sameJson(state[key] as Json, last[key] as Json)) return key;
  for (const field of new Set([...Object.keys(state.data), ...Object.keys(data)])) {
    const known = Object.hasOwn(data, field) ? data[field] : ([null] as const);
    if (known && !sameJson(state.data[field] ?? null, known[0])) return 'data';
  }
  return clocks && !sameJson(state.clocks as unknown as Json, clocks as unknown as Json) ? 'clocks' : null;
}
