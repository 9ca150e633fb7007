/** Published versions keep the order of keys only where it means something; here what people expect first comes first again. */
import type { Json } from '../../engine/index.js';

/** Objects under these keys are maps by name: their order is the author's. */
const MAPS = new Set(
  'states on after properties guards values checks delays actions descriptions links clocks approvals schedules kpis fields data params choices users records oneOf'.split(
    ' ',
  ),
);
const FIRST =
  '$schema key id kind name title plural type initial description group owner prefix clauses meta tags widget section target guard roles named form help emphasis entry exit on always after onDone states history create read columns list links clocks approvals schedules kpis evidence comments clause given as event data wait signal comment steps expect scenarios invariants guards values checks delays actions descriptions properties required'.split(
    ' ',
  );
const RANK = new Map(FIRST.map((key, index) => [key, index]));

/** The same JSON with the keys of objects that are not maps in the order people write them. */
export function inKeyOrder(value: Json, under = ''): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each) => inKeyOrder(each as Json));
  const entries = Object.entries(value).map(([key, each]) => [key, inKeyOrder(each, key)] as const);
  const rank = (key: string): number => RANK.get(key) ?? FIRST.length;
  const ordered = MAPS.has(under) ? entries : [...entries].sort(([one], [other]) => rank(one) - rank(other));
  return Object.fromEntries(ordered);
}
