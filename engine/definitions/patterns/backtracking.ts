/**
 * How badly a pattern can backtrack. A text that two ways through one loop can take makes the time grow exponentially;
 * loops one behind the other that can take the same text make it grow with a power (Weideman and others, 2016).
 */
import { type Part, parsePattern } from './parse.js';
import { loopGroups, type Places, placesOf } from './places.js';

/** `exponential`, or the power with which time grows with the length of the text: 1 is harmless. */
export type Backtracking = { readonly kind: 'exponential' } | { readonly kind: 'power'; readonly degree: number };

const MAX_WORK = 400_000;

/** `source` must be accepted by `new RegExp(source, 'u')`. */
export function backtracking(source: string): Backtracking {
  const { main, around, anchored, mayFailAtEnd } = parsePattern(source);
  const results = [worst(main, { searched: !anchored, mayFailAtEnd }), ...around.map((part) => worst(part, { searched: false, mayFailAtEnd: true }))];
  if (results.some(({ kind }) => kind === 'exponential')) return { kind: 'exponential' };
  return { kind: 'power', degree: Math.max(...results.map((result) => (result.kind === 'power' ? result.degree : 1))) };
}

function worst(part: Part, { searched, mayFailAtEnd }: { searched: boolean; mayFailAtEnd: boolean }): Backtracking {
  const places = placesOf(part, searched);
  if (!places) return { kind: 'power', degree: 1 };
  const groups = loopGroups(places.next);
  // A loop at which the pattern may end is never tried again, because nothing behind it can fail.
  const counts = (place: number): boolean =>
    groups[place] !== -1 && (mayFailAtEnd || !places.next.some((_, other) => groups[other] === groups[place] && places.last.has(other)));
  if (isExponential(places, groups, counts)) return { kind: 'exponential' };
  return { kind: 'power', degree: Math.max(1, longestChain(places, groups, counts)) };
}

function overlap({ sets }: Places, ...list: readonly number[]): boolean {
  return list.reduce((common, place) => common & (sets[place] ?? 0n), -1n) !== 0n;
}

/** Two ways from a place of a loop back to it that take the same text. */
function isExponential(places: Places, groups: readonly number[], counts: (place: number) => boolean): boolean {
  const { next } = places;
  for (const [place, followers] of next.entries()) {
    if (!counts(place)) continue;
    const inside = followers.filter((follower) => groups[follower] === groups[place]);
    if (new Set(inside).size < inside.length) return true;
    for (const [index, one] of inside.entries()) {
      for (const other of inside.slice(index + 1)) {
        if (overlap(places, one, other) && meetAgain(places, groups, [one, other], place)) return true;
      }
    }
  }
  return false;
}

/** Whether two ways that parted can both come back to `goal` with the same text. */
function meetAgain(places: Places, groups: readonly number[], [one, other]: readonly [number, number], goal: number): boolean {
  const seen = new Set<string>();
  const waiting: [number, number][] = [[one, other]];
  for (let pair = waiting.pop(); pair && seen.size < MAX_WORK; pair = waiting.pop()) {
    const name = `${pair[0]},${pair[1]}`;
    if (seen.has(name)) continue;
    seen.add(name);
    for (const left of places.next[pair[0]] ?? []) {
      if (groups[left] !== groups[goal]) continue;
      for (const right of places.next[pair[1]] ?? []) {
        if (groups[right] !== groups[goal] || !overlap(places, left, right)) continue;
        if (left === goal && right === goal) return true;
        waiting.push([left, right]);
      }
    }
  }
  return false;
}

/** Most loops one behind the other of which each hands over to the next anywhere in the same text. */
function longestChain(places: Places, groups: readonly number[], counts: (place: number) => boolean): number {
  const loops = [...new Set(places.next.flatMap((_, place) => (counts(place) ? [groups[place] as number] : [])))];
  const members = new Map(loops.map((loop) => [loop, groups.flatMap((group, place) => (group === loop ? [place] : []))]));
  const follows = new Map<number, number[]>();
  let work = 0;
  for (const from of loops) {
    for (const to of loops) {
      if (from === to || work > MAX_WORK) continue;
      const found = (members.get(from) ?? []).some((p) =>
        (members.get(to) ?? []).some((q) => work <= MAX_WORK && handsOver(places, groups, [p, q], (done) => void (work += done))),
      );
      if (found) follows.set(from, [...(follows.get(from) ?? []), to]);
    }
  }
  const length = (loop: number, path: readonly number[]): number =>
    1 + Math.max(0, ...(follows.get(loop) ?? []).filter((to) => !path.includes(to)).map((to) => length(to, [...path, to])));
  return Math.max(0, ...loops.map((loop) => length(loop, [loop])));
}

/** Whether one text leads from p to p, from p to q and from q to q. */
function handsOver(places: Places, groups: readonly number[], [p, q]: readonly [number, number], spend: (work: number) => void): boolean {
  if (!overlap(places, p, q)) return false;
  const { next } = places;
  const seen = new Set<string>();
  const waiting: [number, number, number][] = [[p, p, q]];
  let found = false;
  for (let triple = waiting.pop(); triple && !found && seen.size < 20_000; triple = waiting.pop()) {
    const name = triple.join(',');
    if (seen.has(name)) continue;
    seen.add(name);
    for (const a of next[triple[0]] ?? []) {
      if (groups[a] !== groups[p]) continue;
      for (const c of next[triple[2]] ?? []) {
        if (groups[c] !== groups[q] || !overlap(places, a, c)) continue;
        for (const b of next[triple[1]] ?? []) {
          if (!overlap(places, a, b, c)) continue;
          if (a === p && b === q && c === q) found = true;
          waiting.push([a, b, c]);
        }
      }
    }
  }
  spend(seen.size);
  return found;
}
