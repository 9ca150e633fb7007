/** The history: pages, streams, checkpoints, and the one erasure there is. Writing entries is part of a step (`writing/`). */
import type { RecordState } from '../../types.js';
import type { Connection } from '../connection.js';
import type { Reader } from '../database.js';
import type { Dialect } from '../dialect/sqlite.js';
import type { SqlValue } from '../driver/contract.js';
import { pageOfHistory, storedEntry } from '../reading/historyPage.js';
import type { CheckpointRow, HistoryStore, StoredEntry } from '../types.js';
import type { Writer } from '../writing/writer.js';

const usualBatch = 500;

interface Head {
  readonly record: string;
  readonly version: number;
  readonly head: string;
  readonly state: RecordState;
}

export function createHistory(reader: Reader, writer: Writer, dialect: Dialect): HistoryStore {
  return {
    page: (query) => pageOfHistory(reader, dialect, query),
    scan: ({ record, batch = usualBatch }) => scan(reader, batch, record),
    async counts() {
      const [row] = await reader.all<{ records: number; entries: number }>('SELECT (SELECT count(*) FROM records) AS records, (SELECT count(*) FROM history) AS entries');
      return row ?? { records: 0, entries: 0 };
    },
    heads: ({ batch = usualBatch }) => heads(reader, batch),
    erase: (record, paths) => writer.transact((connection) => overwriting(connection, () => erase(connection, record, paths))),
    async checkpoints() {
      return reader.all<CheckpointRow>('SELECT sequence, at, records, entries, root, signature, public_key AS "publicKey", heads FROM checkpoints ORDER BY sequence');
    },
    async addCheckpoint(row) {
      await writer.run('INSERT INTO checkpoints (sequence, at, records, entries, root, signature, public_key, heads) VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
        row.sequence, row.at, row.records, row.entries, row.root, row.signature, row.publicKey, row.heads,
      ]);
    },
  };
}

async function* scan(reader: Reader, batch: number, record: string | undefined): AsyncGenerator<readonly StoredEntry[]> {
  const only = record === undefined ? '' : 'h.record = ? AND';
  const fixed: SqlValue[] = record === undefined ? [] : [record];
  let after: SqlValue[] = ['', 0];
  for (;;) {
    const rows = await reader.all<StoredEntry>(`SELECT ${storedEntry} WHERE ${only} (h.record, h.sequence) > (?, ?) ORDER BY h.record, h.sequence LIMIT ?`, [...fixed, ...after, batch]);
    const last = rows.at(-1);
    if (!last) {
      return;
    }
    yield rows;
    after = [last.record, last.sequence];
  }
}

async function* heads(reader: Reader, batch: number): AsyncGenerator<readonly Head[]> {
  let after = '';
  for (;;) {
    const rows = await reader.all<Omit<Head, 'state'> & { state: string }>('SELECT id AS record, version, head, state FROM records WHERE id > ? ORDER BY id LIMIT ?', [after, batch]);
    const last = rows.at(-1);
    if (!last) {
      return;
    }
    yield rows.map((row) => ({ ...row, state: JSON.parse(row.state) as RecordState }));
    after = last.record;
  }
}

/** What is deleted meanwhile is overwritten with zeros, not only marked as free. */
async function overwriting(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.exec('PRAGMA secure_delete=ON');
  await work().finally(() => connection.exec('PRAGMA secure_delete=OFF'));
}

/** Also drops answers kept for repetition and delivered effects of the record: they may hold the same values. */
async function erase(connection: Connection, record: string, paths: readonly string[]): Promise<void> {
  await connection.run('INSERT INTO erasing (record) VALUES (?)', [record]);
  const rows = await connection.all<{ entry: number; content: string }>(
    'SELECT v.entry, v.content FROM history h JOIN history_values v ON v.entry = h.key WHERE h.record = ? ORDER BY h.sequence',
    [record],
  );
  for (const { entry, content } of rows) {
    const values = Object.entries(JSON.parse(content) as Record<string, unknown>);
    const kept = values.filter(([path]) => !paths.some((gone) => path === gone || path.startsWith(`${gone}.`)));
    if (kept.length < values.length) {
      await connection.run('UPDATE history_values SET content = ? WHERE entry = ?', [JSON.stringify(Object.fromEntries(kept)), entry]);
    }
  }
  await connection.run('DELETE FROM erasing WHERE record = ?', [record]);
  await connection.run('DELETE FROM idempotency WHERE record = ?', [record]);
  await connection.run("UPDATE outbox SET effect = 'null', last_error = NULL WHERE record = ? AND status = 'done'", [record]);
}
