/** One entry against what its own text, its values and the entry before it say. */
import { commitment, GENESIS, sha256 } from '../core/entry.js';
import type { VerifyProblem } from '../engine.js';
import { type OpenedEntry, openEntry } from '../runtime/views.js';
import type { StoredEntry } from '../store/types.js';
import type { JsonObject } from '../types.js';

/** Where a chain stands while it is walked. */
export interface ChainPosition {
  readonly sequence: number;
  readonly hash: string;
}

export const CHAIN_START: ChainPosition = { sequence: 0, hash: GENESIS };

/** Problems of one entry at its place in the chain, and the entry read back when its text could be read. Whatever stands in the row: never throws. */
export function checkEntry(stored: StoredEntry, before: ChainPosition): { readonly problems: readonly VerifyProblem[]; readonly opened: OpenedEntry | null } {
  const problem = (kind: string, message: string): VerifyProblem => ({ kind, record: stored.record, sequence: stored.sequence, message });
  const problems: VerifyProblem[] = [];
  if (stored.sequence !== before.sequence + 1) problems.push(problem('gap', placeWords(stored.sequence, before.sequence)));
  if (sha256(stored.text) !== stored.hash) problems.push(problem('hash', 'The stored text does not have the stored hash: it was altered.'));
  if (stored.previousHash !== before.hash)
    problems.push(problem('chain', 'The entry does not follow the one before it: an entry was altered, removed or inserted.'));
  const opened = attempt(() => openEntry(stored));
  if (!opened) return { problems: [...problems, unreadable(stored, problem)], opened: null };
  const compared = attempt(() => [
    ...columnProblems(stored, opened).map((message) => problem('order', message)),
    ...valueProblems(opened).map((message) => problem('values', message)),
  ]);
  if (!compared) return { problems: [...problems, unreadable(stored, problem)], opened: null };
  return { problems: [...problems, ...compared], opened };
}

function placeWords(sequence: number, before: number): string {
  if (sequence <= before) return `Entry ${sequence} stands there twice: one of them was inserted.`;
  return before === 0
    ? `The history begins with entry ${sequence}: the entries before it are missing.`
    : `Entry ${sequence} follows entry ${before}: entries between them are missing or out of order.`;
}

function unreadable(stored: StoredEntry, problem: (kind: string, message: string) => VerifyProblem): VerifyProblem {
  const values = attempt(() => JSON.parse(stored.values || '{}') as unknown);
  return values === null ? problem('values', 'The values of the entry cannot be read: they were altered.') : problem('hash', 'The stored text cannot be read.');
}

/** What the work gives, or null where what is stored does not even have the form it should. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** Columns repeat what the text says, for searching; where they differ someone moved or changed a row. */
function columnProblems(stored: StoredEntry, { text }: OpenedEntry): readonly string[] {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['record', stored.record, text.record],
    ['sequence', stored.sequence, text.sequence],
    ['at', stored.at, text.at],
    ['recordedAt', stored.recordedAt, text.recordedAt],
    ['actor', stored.actor, text.actor.id],
    ['onBehalfOf', stored.onBehalfOf, text.behalf],
    ['origin', stored.origin, text.origin],
    ['event', stored.event, text.event],
    ['process', stored.process, text.process],
    ['definition', stored.definition, text.definition],
    ['reference', stored.reference, text.reference],
    ['previousHash', stored.previousHash, text.previous],
  ];
  return pairs
    .filter(([, column, sealed]) => column !== sealed)
    .map(([name]) => `The column ${name} differs from the sealed text: the row was altered or moved.`);
}

/** Each value must match its commitment. */
function valueProblems({ text, values }: OpenedEntry): readonly string[] {
  const committed = commitments(text);
  return Object.entries(values).flatMap(([path, pair]) => {
    const expected = committed.get(path);
    if (expected === undefined) return [`The value ${path} belongs to nothing in the entry.`];
    return Array.isArray(pair) && pair.length === 2 && commitment(pair[0], pair[1]) === expected
      ? []
      : [`The value ${path} does not match its commitment: it was altered.`];
  });
}

/** Paths of an entry that have no value any more: erased, or taken away. */
export function missingValues({ text, values }: OpenedEntry): readonly string[] {
  return [...commitments(text).keys()].filter((path) => !Object.hasOwn(values, path));
}

function commitments(text: OpenedEntry['text']): ReadonlyMap<string, string> {
  const committed = new Map<string, string>();
  const collect = (prefix: string, source: JsonObject) => {
    for (const [key, value] of Object.entries(source)) committed.set(`${prefix}.${key}`, String(value));
  };
  collect('d', text.data);
  collect('c', text.changes);
  collect('f', text.facts);
  for (const [index, effect] of text.effects.entries()) committed.set(`e.${index}`, effect.commitment);
  return committed;
}
