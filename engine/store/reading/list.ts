/** Pages of records. Every sort walks an index by keyset, so the last page costs what the first does. */
import { EngineError } from '../../errors.js';
import type { Reader } from '../database.js';
import type { Dialect } from '../dialect/dialect.js';
import type { SqlValue } from '../driver/contract.js';
import type { Page, RecordColumns, RecordQuery, RecordRow } from '../types.js';
import { type Condition, conditionsOf } from './conditions.js';
import { checkLimit, cursorOf, type Place, placeOf } from './cursor.js';
import { recordColumns, recordRow } from './recordRow.js';

interface Sort {
  readonly column: string;
  readonly index: string;
  /** Records without a value come last in either direction. */
  readonly mayBeEmpty: boolean;
}

const sorts: Readonly<Record<NonNullable<RecordQuery['sort']>, Sort>> = {
  created: { column: 'created_at', index: 'records_created', mayBeEmpty: false },
  updated: { column: 'updated_at', index: 'records_updated', mayBeEmpty: false },
  number: { column: 'number_key', index: 'records_number', mayBeEmpty: false },
  due: { column: 'due', index: 'records_due', mayBeEmpty: true },
  priority: { column: 'priority', index: 'records_priority', mayBeEmpty: true },
  title: { column: 'title_key', index: 'records_title', mayBeEmpty: true },
};

/** A condition that finds at most this many records leads; all of them are sorted for each page. Above it the order's index leads. */
const fewEnough = 2_000;
const mostOnAPage = 1_000;

type Row = RecordColumns & { readonly state: string; readonly sort: SqlValue; readonly tie: string };
interface Plan {
  readonly conditions: readonly Condition[];
  /** What follows the table's name. */
  readonly from: string;
  readonly sort: Sort;
  readonly direction: 'asc' | 'desc';
}

/** Newest first unless asked otherwise. Throws QUERY_INVALID for a bad limit, sort or cursor. */
export async function listRecords(reader: Reader, dialect: Dialect, query: RecordQuery): Promise<Page<RecordRow>> {
  checkLimit(query.limit, mostOnAPage);
  const { key, sort, direction } = orderOf(query);
  const order = `${key} ${direction}`;
  const place = query.cursor === undefined ? null : placeOf(query.cursor, order);
  const conditions = conditionsOf(query, dialect);
  if (conditions === null) {
    return { items: [], next: null };
  }
  const plan: Plan = { conditions, from: await leading(reader, dialect, conditions, key), sort, direction };
  const wanted = query.limit + 1;
  const rows = place?.value === null ? [] : await valued(reader, plan, place, wanted);
  if (sort.mayBeEmpty && rows.length < wanted) {
    rows.push(...(await empty(reader, plan, place?.value === null ? place : null, wanted - rows.length)));
  }
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  const next = rows.length > query.limit && last ? cursorOf({ order, value: last.sort as string | number | null, tie: last.tie }) : null;
  return { items: items.map(recordRow), next };
}

/** How many there are, counted up to `limit`. */
export async function countRecords(reader: Reader, dialect: Dialect, query: RecordQuery): Promise<number> {
  const conditions = conditionsOf(query, dialect);
  if (conditions === null) {
    return 0;
  }
  const from = await leading(reader, dialect, conditions, 'created');
  const [row] = await reader.all<{ n: number }>(`SELECT count(*) AS n FROM (SELECT 1 FROM records r${from} WHERE ${allOf(conditions)} LIMIT ?)`, [
    ...paramsOf(conditions),
    query.limit,
  ]);
  return row?.n ?? 0;
}

function orderOf(query: RecordQuery): { key: keyof typeof sorts; sort: Sort; direction: 'asc' | 'desc' } {
  const key = query.sort ?? 'created';
  const direction = query.direction ?? (key === 'created' || key === 'updated' ? 'desc' : 'asc');
  if (!Object.hasOwn(sorts, key) || (direction !== 'asc' && direction !== 'desc')) {
    throw new EngineError('QUERY_INVALID', { parameter: 'sort', reason: `It must be one of ${Object.keys(sorts).join(', ')}.` });
  }
  return { key, sort: sorts[key], direction };
}

const allOf = (conditions: readonly Condition[]): string => conditions.map((one) => one.sql).join(' AND ') || 'true';
const paramsOf = (conditions: readonly Condition[]): SqlValue[] => conditions.flatMap((one) => one.params);

/** The index to walk: that of a condition which finds few records, else one that gives the order. */
async function leading(reader: Reader, dialect: Dialect, conditions: readonly Condition[], key: keyof typeof sorts): Promise<string> {
  const candidates = conditions.filter((one) => one.leads !== undefined);
  const counts = await countsOf(reader, dialect, candidates);
  const few = candidates.find((one) => (counts.get(one) ?? 0) <= fewEnough);
  if (few) {
    return dialect.indexed(few.leads ?? null);
  }
  const ordered = key === 'created' ? candidates.find((one) => one.byCreation) : undefined;
  return dialect.indexed(ordered?.leads ?? sorts[key].index);
}

/** How many records each candidate finds, as far as it matters. */
async function countsOf(reader: Reader, dialect: Dialect, candidates: readonly Condition[]): Promise<Map<Condition, number>> {
  if (candidates.length === 0) {
    return new Map();
  }
  const queries = candidates.map(
    (one) => one.counted ?? `SELECT count(*) AS n FROM (SELECT 1 FROM records r${dialect.indexed(one.leads ?? null)} WHERE ${one.sql} LIMIT ?)`,
  );
  const params = candidates.flatMap((one) => [...one.params, fewEnough + 1]);
  const found = await reader.all<{ n: number }>(queries.join(' UNION ALL '), params);
  return new Map(candidates.map((one, place) => [one, found[place]?.n ?? 0]));
}

function valued(reader: Reader, plan: Plan, place: Place | null, limit: number): Promise<Row[]> {
  const { column, mayBeEmpty } = plan.sort;
  const after: Condition[] = place ? [{ sql: `(r.${column}, r.id) ${plan.direction === 'asc' ? '>' : '<'} (?, ?)`, params: [place.value, place.tie] }] : [];
  const present: Condition[] = mayBeEmpty ? [{ sql: `r.${column} IS NOT NULL`, params: [] }] : [];
  return fetch(reader, plan, [...plan.conditions, ...present, ...after], limit);
}

function empty(reader: Reader, plan: Plan, place: Place | null, limit: number): Promise<Row[]> {
  const after: Condition[] = place ? [{ sql: `r.id ${plan.direction === 'asc' ? '>' : '<'} ?`, params: [place.tie] }] : [];
  return fetch(reader, plan, [...plan.conditions, { sql: `r.${plan.sort.column} IS NULL`, params: [] }, ...after], limit);
}

/** Sorts keys first and reads the wide rows of one page only. */
function fetch(reader: Reader, { from, sort, direction }: Plan, conditions: readonly Condition[], limit: number): Promise<Row[]> {
  const inner = `SELECT r.key AS key, r.${sort.column} AS sort, r.id AS tie FROM records r${from} WHERE ${allOf(conditions)} ORDER BY r.${sort.column} ${direction}, r.id ${direction} LIMIT ?`;
  return reader.all<Row>(
    `SELECT ${recordColumns}, page.sort, page.tie FROM (${inner}) page JOIN records r ON r.key = page.key ORDER BY page.sort ${direction}, page.tie ${direction}`,
    [...paramsOf(conditions), limit],
  );
}
