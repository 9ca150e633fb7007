/** Records, their numbers and what hangs on them: reading, and the one way to write. */
import { EngineError } from '../../errors.js';
import type { Json, JsonObject, Timer } from '../../types.js';
import type { Connection } from '../connection.js';
import type { Reader } from '../database.js';
import type { Dialect } from '../dialect/dialect.js';
import { failure, isMoved, violatedTable } from '../failures.js';
import { countRecords, listRecords } from '../reading/list.js';
import { recordColumns, recordRow, type StoredRecord } from '../reading/recordRow.js';
import type { AttachmentRow, CommentRow, LinkRow, RecordQuery, RecordRow, RecordStore, WriteUnit } from '../types.js';
import { numberKey, pathsText } from '../writing/rows.js';
import type { SearchIndexing } from '../writing/searchIndexing.js';
import type { Explain, Writer } from '../writing/writer.js';

interface RecordSources {
  readonly reader: Reader;
  readonly lists: Reader;
  readonly beside: Reader | null;
  readonly writer: Writer;
  readonly dialect: Dialect;
  /** Where full text takes texts in later. Null where it always knows what was committed. */
  readonly indexing: Pick<SearchIndexing, 'noted' | 'settle'> | null;
}

const numberWidth = 6;
const nextNumber = 'INSERT INTO numbers (prefix, last) VALUES (?, 1) ON CONFLICT (prefix) DO UPDATE SET last = numbers.last + 1 RETURNING last';
interface Numbered {
  readonly last: number;
}

export function createRecords({ reader, lists, beside, writer, dialect, indexing }: RecordSources): RecordStore {
  const known = new Set<string>();
  const one = async (condition: string, value: string): Promise<RecordRow | null> => {
    const [row] = await reader.all<StoredRecord>(`SELECT ${recordColumns} FROM records r WHERE ${condition}`, [value]);
    return row ? recordRow(row) : null;
  };
  const upToDate = async ({ q }: Pick<RecordQuery, 'q'>): Promise<void> => (q === undefined ? undefined : indexing?.settle());
  return {
    async commit(unit) {
      await writer.unit(unit, known, explainer(unit));
      for (const step of unit.steps) {
        known.add(pathsText(step.paths));
        if (step.search !== null) {
          indexing?.noted();
        }
      }
    },
    async nextNumber(prefix) {
      // Where there are several servers a number is not taken within a batch: all of them would wait for that one's fsync.
      const [row] = await (beside
        ? beside.all<Numbered>(nextNumber, [prefix])
        : writer.transact((connection) => connection.all<Numbered>(nextNumber, [prefix])));
      return `${prefix}-${String(row?.last).padStart(numberWidth, '0')}`;
    },
    byId: (id) => one('r.id = ?', id),
    byNumber: (number) => one('r.number_key = ?', numberKey(number)),
    async many(ids) {
      const rows = await reader.all<StoredRecord>(`SELECT ${recordColumns} FROM records r WHERE r.id IN ${dialect.listed}`, [JSON.stringify(ids)]);
      const found = new Map(rows.map(recordRow).map((row) => [row.record.id, row]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },
    async list(query) {
      await upToDate(query);
      return listRecords(lists, dialect, query);
    },
    async count(query, atMost) {
      await upToDate(query);
      return countRecords(lists, dialect, { ...query, limit: atMost });
    },
    async countByDefinition(process, atMost) {
      const hashes = await reader.all<{ hash: string }>('SELECT hash FROM definitions WHERE process = ?', [process]);
      const counts = await Promise.all(hashes.map(({ hash }) => countOf(lists, hash, atMost)));
      return Object.fromEntries(counts.filter(([, count]) => count > 0));
    },
    ...attached(reader, dialect),
  };
}

async function countOf(reader: Reader, definition: string, atMost: number): Promise<readonly [string, number]> {
  const [row] = await reader.all<{ n: number }>('SELECT count(*) AS n FROM (SELECT 1 FROM records WHERE definition = ? LIMIT ?)', [definition, atMost]);
  return [definition, row?.n ?? 0];
}

function attached(
  reader: Reader,
  dialect: Dialect,
): Pick<RecordStore, 'links' | 'linkedIds' | 'comments' | 'attachments' | 'attachment' | 'timers' | 'timersOf'> {
  const attachment = 'SELECT id, record, sequence, author, at, name, type, size, sha256 FROM attachments';
  return {
    async links(record, most) {
      const columns = 'from_id AS "from", name, to_id AS "to", at';
      return reader.all<LinkRow & { direction: 'out' | 'in' }>(
        `SELECT ${columns}, 'out' AS direction FROM links WHERE from_id = ? UNION ALL SELECT ${columns}, 'in' AS direction FROM links WHERE to_id = ? ORDER BY 4 DESC, 2, 1, 3 LIMIT ?`,
        [record, record, most],
      );
    },
    async linkedIds({ record, name, direction, processes = [], open = false, limit }) {
      const [own, other] = direction === 'out' ? ['from_id', 'to_id'] : ['to_id', 'from_id'];
      const ofProcesses = processes.length > 0 ? `AND r.process IN ${dialect.listed}` : '';
      const rows = await reader.all<{ id: string }>(
        `SELECT l.${other} AS id FROM links l JOIN records r ON r.id = l.${other} WHERE l.${own} = ? AND l.name = ? ${ofProcesses} ${open ? "AND r.status = 'active'" : ''}
         ORDER BY l.at DESC, l.${other} LIMIT ?`,
        [record, name, ...(processes.length > 0 ? [JSON.stringify(processes)] : []), limit],
      );
      return rows.map(({ id }) => id);
    },
    async comments(record) {
      const rows = await reader.all<Omit<CommentRow, 'internal'> & { internal: number }>(
        'SELECT id, record, sequence, author, at, internal, text FROM comments WHERE record = ? ORDER BY sequence, id',
        [record],
      );
      return rows.map((row) => ({ ...row, internal: row.internal === 1 }));
    },
    attachments: (record) => reader.all<AttachmentRow>(`${attachment} WHERE record = ? ORDER BY sequence, id`, [record]),
    attachment: async (id) => (await reader.all<AttachmentRow>(`${attachment} WHERE id = ?`, [id]))[0] ?? null,
    async timers(record) {
      const rows = await reader.all<StoredTimer>(`SELECT ${timerColumns} FROM timers t WHERE t.record = ? ORDER BY t.due_at, t.key`, [record]);
      return rows.map(timerOf);
    },
    async timersOf(records) {
      const rows = await reader.all<StoredTimer & { readonly record: string }>(
        `SELECT t.record, ${timerColumns} FROM timers t WHERE t.record IN ${dialect.listed} ORDER BY t.due_at, t.key`,
        [JSON.stringify(records)],
      );
      const found = new Map<string, Timer[]>();
      for (const { record, ...row } of rows) {
        found.set(record, [...(found.get(record) ?? []), timerOf(row)]);
      }
      return found;
    },
  };
}

export const timerColumns = 't.key, t.kind, t.event, t.data, t.due_at AS "dueAt"';

export interface StoredTimer {
  readonly key: string;
  readonly kind: Timer['kind'];
  readonly event: string;
  readonly data: string | null;
  readonly dueAt: number;
}

export function timerOf({ key, kind, event, data, dueAt }: StoredTimer): Timer {
  return { key, kind, event, dueAt, ...(data === null ? {} : { data: JSON.parse(data) as JsonObject }) };
}

/** Tells a moved version, which the caller may decide again, from a fault of the engine. */
function explainer(unit: WriteUnit): Explain {
  return async (connection, cause) => {
    const violated = violatedTable(cause);
    // A record that was made meanwhile may meet the constraint of its number before that of its id.
    if (isMoved(cause) || violated === 'records' || violated === 'history') {
      return (await staleError(connection, unit)) ?? (isMoved(cause) ? unlinkedError(unit) : failure(cause));
    }
    if (violated === 'idempotency') {
      return new EngineError('VERSION_STALE', { idempotency: unit.idempotency?.scope }, { cause });
    }
    if (violated === 'outbox' && unit.deliveredOutbox !== undefined) {
      return new EngineError('VERSION_STALE', { outbox: unit.deliveredOutbox }, { cause });
    }
    return failure(cause);
  };
}

async function staleError(connection: Connection, unit: WriteUnit): Promise<EngineError | null> {
  const wanted = new Map<string, number>();
  for (const { record, version } of [...(unit.check ?? []), ...unit.steps.map((step) => ({ record: step.record.id, version: step.expectedVersion }))]) {
    if (!wanted.has(record)) {
      wanted.set(record, version);
    }
  }
  for (const [record, expected] of wanted) {
    const [row] = await connection.all<{ version: number }>('SELECT version FROM records WHERE id = ?', [record]);
    const actual = row?.version ?? 0;
    if (actual !== expected) {
      return new EngineError('VERSION_STALE', { record, expected, actual } satisfies Record<string, Json>);
    }
  }
  return null;
}

function unlinkedError(unit: WriteUnit): EngineError {
  const records = unit.steps.map((step) => step.record.id);
  return new EngineError('INTERNAL', { part: 'store', reason: 'The entry does not follow the head of its record.', records });
}
