/** The places of a pattern that take a character, and which may follow which (a position automaton after Glushkov). */
import type { CharSet, Part } from './parse.js';

/** Most places looked at; what is larger counts as not known. */
const MAX_PLACES = 600;
/** A repetition of more than so many rounds counts as unlimited. */
const MAX_ROUNDS = 20;

export interface Places {
  readonly sets: readonly CharSet[];
  /** For each place the places that may come next; one that may be reached in two ways stands twice. */
  readonly next: readonly (readonly number[])[];
  readonly last: ReadonlySet<number>;
}

interface Piece {
  readonly nullable: boolean;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

/** Null when the pattern has too many places. With `searched`, matching may begin anywhere: an unlimited beginning is put before it. */
export function placesOf(main: Part, searched: boolean): Places | null {
  const sets: CharSet[] = [];
  const next: number[][] = [];
  const connect = (from: readonly number[], to: readonly number[]): void => {
    for (const place of from) next[place]?.push(...to);
  };

  const build = (part: Part): Piece => {
    if (sets.length > MAX_PLACES) throw new RangeError('too many places');
    if (part.kind === 'empty') return { nullable: true, first: [], last: [] };
    if (part.kind === 'chars') {
      sets.push(part.set);
      next.push([]);
      return { nullable: false, first: [sets.length - 1], last: [sets.length - 1] };
    }
    if (part.kind === 'repeat') return repeat(part);
    const pieces = part.parts.map(build);
    return part.kind === 'alt' ? either(pieces) : pieces.reduce(join, { nullable: true, first: [], last: [] });
  };
  const either = (pieces: readonly Piece[]): Piece => ({
    nullable: pieces.some(({ nullable }) => nullable),
    first: pieces.flatMap(({ first }) => first),
    last: pieces.flatMap(({ last }) => last),
  });
  const join = (one: Piece, other: Piece): Piece => {
    connect(one.last, other.first);
    return {
      nullable: one.nullable && other.nullable,
      first: one.nullable ? [...one.first, ...other.first] : one.first,
      last: other.nullable ? [...one.last, ...other.last] : other.last,
    };
  };
  const repeat = ({ part, min, max }: Part & { kind: 'repeat' }): Piece => {
    if (max === 0) return { nullable: true, first: [], last: [] };
    if (max > MAX_ROUNDS) {
      const piece = build(part);
      connect(piece.last, piece.first);
      return min === 0 ? { ...piece, nullable: true } : piece;
    }
    let whole: Piece = { nullable: true, first: [], last: [] };
    for (let round = 0; round < max; round += 1) {
      const piece = build(part);
      whole = join(whole, round < min ? piece : { ...piece, nullable: true });
    }
    return whole;
  };

  try {
    const everything = -1n;
    const lead: Part = searched ? { kind: 'repeat', part: { kind: 'chars', set: everything }, min: 0, max: Infinity } : { kind: 'empty' };
    const { last } = build({ kind: 'cat', parts: [lead, main] });
    return { sets, next, last: new Set(last) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Number of the strongly connected group each place belongs to, or -1 for a place that is in no loop. */
export function loopGroups(next: readonly (readonly number[])[]): readonly number[] {
  const reach = next.map((_, start) => {
    const seen = new Set<number>();
    const waiting = [...(next[start] ?? [])];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (seen.has(place)) continue;
      seen.add(place);
      waiting.push(...(next[place] ?? []));
    }
    return seen;
  });
  return next.map((_, place) => {
    if (!reach[place]?.has(place)) return -1;
    return next.findIndex((__, other) => reach[place]?.has(other) && reach[other]?.has(place));
  });
}
