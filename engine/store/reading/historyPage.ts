/** Pages of history, of one record or across all. */
import type { Reader } from '../database.js';
import type { Dialect } from '../dialect/dialect.js';
import type { SqlValue } from '../driver/contract.js';
import type { HistoryQuery, Page, StoredEntry } from '../types.js';
import { checkLimit, cursorOf, placeOf } from './cursor.js';

const columns = `h.record, h.sequence, h.at, h.recorded_at AS "recordedAt", h.actor, h.on_behalf_of AS "onBehalfOf", h.origin, h.event, h.process, h.definition, h.reference,
  h.text, h.hash, h.previous_hash AS "previousHash", coalesce(v.content, '{}') AS "values"`;

/** Columns and source of a StoredEntry, to go between SELECT and WHERE. */
export const storedEntry = (dialect: Dialect): string => `${columns} FROM history h LEFT JOIN history_values v ON ${dialect.valuesOfEntry}`;

const mostOnAPage = 1_000;

/** One record's entries come by sequence, others by their instant. Throws QUERY_INVALID for a bad limit or cursor. */
export async function pageOfHistory(reader: Reader, dialect: Dialect, query: HistoryQuery): Promise<Page<StoredEntry>> {
  checkLimit(query.limit, mostOnAPage);
  const direction = query.direction === 'desc' ? 'desc' : 'asc';
  const [column, tie] = query.record === undefined ? (['at', 'key'] as const) : (['sequence', 'key'] as const);
  const order = `${column} ${direction}`;
  const conditions = conditionsOf(query, dialect);
  if (conditions === null) {
    return { items: [], next: null };
  }
  if (query.cursor !== undefined) {
    const place = placeOf(query.cursor, order);
    conditions.push([`(h.${column}, h.${tie}) ${direction === 'asc' ? '>' : '<'} (?, ?)`, place.value, place.tie]);
  }
  const where = conditions.map(([sql]) => sql).join(' AND ') || 'true';
  const rows = await reader.all<StoredEntry & { readonly entryKey: number }>(
    `SELECT h.key AS "entryKey", ${storedEntry(dialect)} WHERE ${where} ORDER BY h.${column} ${direction}, h.${tie} ${direction} LIMIT ?`,
    [...conditions.flatMap(([, ...params]) => params), query.limit + 1],
  );
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items: items.map(({ entryKey: _, ...entry }) => entry),
    next: rows.length > query.limit && last ? cursorOf({ order, value: last[column], tie: last.entryKey }) : null,
  };
}

type Condition = [sql: string, ...params: SqlValue[]];

function conditionsOf(query: HistoryQuery, dialect: Dialect): Condition[] | null {
  const conditions: Condition[] = [];
  const compare = (column: string, sign: string, value: string | number | undefined): void => {
    if (value !== undefined) {
      conditions.push([`h.${column} ${sign} ?`, value]);
    }
  };
  compare('record', '=', query.record);
  compare('actor', '=', query.actor);
  compare('event', '=', query.event);
  compare('origin', '=', query.origin);
  compare('at', '>=', query.from);
  compare('at', '<', query.to);
  const processes = `h.process IN ${dialect.listed}`;
  if (query.processes) {
    conditions.push([processes, JSON.stringify(query.processes)]);
  }
  const { scope } = query;
  if (scope && scope.all !== '*') {
    if (scope.all.length === 0 && (scope.named.length === 0 || scope.principals.length === 0)) {
      return null;
    }
    const named = `EXISTS (SELECT 1 FROM record_principals p WHERE p.record = h.record AND p.principal IN ${dialect.listed})`;
    conditions.push([
      `(${processes} OR (${processes} AND ${named}))`,
      JSON.stringify(scope.all),
      JSON.stringify(scope.named),
      JSON.stringify(scope.principals),
    ]);
  }
  return conditions;
}
