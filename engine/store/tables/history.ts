/** The history: pages, streams, and the one erasure there is. Writing entries is part of a step (`writing/`). */

import type { RecordState } from '../../types.js';
import type { Connection } from '../connection.js';
import type { Reader } from '../database.js';
import type { Dialect } from '../dialect/dialect.js';
import type { SqlValue } from '../driver/contract.js';
import { pageOfHistory, storedEntry } from '../reading/historyPage.js';
import type { HeadRow, HistoryStore, RecordColumns, StoredEntry } from '../types.js';
import { wordsToForget } from '../writing/searchForgetting.js';
import type { SearchIndexing } from '../writing/searchIndexing.js';
import type { Writer } from '../writing/writer.js';
import { createCheckpoints } from './checkpoints.js';

const usualBatch = 500;
/** Records whose entries are counted by one statement, which must not take longer than a page may. */
const countedAtOnce = 50_000;

interface HistorySources {
  readonly reader: Reader;
  readonly lists: Reader;
  readonly writer: Writer;
  readonly dialect: Dialect;
  readonly indexing: Pick<SearchIndexing, 'forget'> | null;
}

export function createHistory({ reader, lists, writer, dialect, indexing }: HistorySources): HistoryStore {
  return {
    page: (query) => pageOfHistory(lists, dialect, query),
    scan: ({ record, batch = usualBatch }) => scan(lists, dialect, { batch, record }),
    counts: () => countsOf(lists, countedAtOnce),
    heads: ({ batch = usualBatch }) => heads(lists, batch),
    async erase(record, paths, upTo) {
      await writer.transact(async (connection) => {
        await erase(connection, dialect, { record, paths, upTo });
        if (indexing) await wordsToForget(connection);
      });
      await indexing?.forget();
    },
    ...createCheckpoints({ reader, lists, writer, dialect }),
  };
}

/** Records by ranges of `piece` ids, and the entries in them; those whose record is gone lie in a range, too. */
export async function countsOf(reader: Reader, piece: number): Promise<{ readonly records: number; readonly entries: number }> {
  let [records, entries, after] = [0, 0, ''];
  for (;;) {
    const [range] = await reader.all<{ records: number; last: string | null }>(
      'SELECT count(*) AS records, max(id) AS last FROM (SELECT id FROM records WHERE id > ? ORDER BY id LIMIT ?) AS ids',
      [after, piece],
    );
    const last = range?.last ?? null;
    const [counted] = await reader.all<{ entries: number }>(
      `SELECT count(*) AS entries FROM history WHERE record > ?${last === null ? '' : ' AND record <= ?'}`,
      last === null ? [after] : [after, last],
    );
    records += range?.records ?? 0;
    entries += counted?.entries ?? 0;
    if (last === null) {
      return { records, entries };
    }
    after = last;
  }
}

/** The key decides between entries that claim the same place, so that none is passed over where a batch ends. */
async function* scan(
  reader: Reader,
  dialect: Dialect,
  { batch, record }: { batch: number; record: string | undefined },
): AsyncGenerator<readonly StoredEntry[]> {
  const only = record === undefined ? '' : 'h.record = ? AND';
  const fixed: SqlValue[] = record === undefined ? [] : [record];
  let after: SqlValue[] = ['', 0, 0];
  for (;;) {
    const rows = await reader.all<StoredEntry & { readonly entryKey: number }>(
      `SELECT h.key AS "entryKey", ${storedEntry(dialect)} WHERE ${only} (h.record, h.sequence, h.key) > (?, ?, ?) ORDER BY h.record, h.sequence, h.key LIMIT ?`,
      [...fixed, ...after, batch],
    );
    const last = rows.at(-1);
    if (!last) {
      return;
    }
    yield rows.map(({ entryKey: _, ...entry }) => entry);
    after = [last.record, last.sequence, last.entryKey];
  }
}

type StoredHead = Omit<HeadRow, 'state' | 'columns' | 'importing'> & RecordColumns & { readonly state: string; readonly importing: number };

async function* heads(reader: Reader, batch: number): AsyncGenerator<readonly HeadRow[]> {
  let after = '';
  for (;;) {
    const rows = await reader.all<StoredHead>(
      `SELECT id AS record, version, head, number, process, definition, status, paths, importing, created_at AS "createdAt", updated_at AS "updatedAt", number_key AS "numberKey", title_key AS "titleKey",
         title, assignee, team, priority, requester, service, due, state
       FROM records WHERE id > ? ORDER BY id LIMIT ?`,
      [after, batch],
    );
    const last = rows.at(-1);
    if (!last) {
      return;
    }
    yield rows.map(headRow);
    after = last.record;
  }
}

function headRow({ title, assignee, team, priority, requester, service, due, state, paths, importing, ...row }: StoredHead): HeadRow {
  return {
    ...row,
    paths: paths.split('|').filter(Boolean).join(' '),
    importing: importing === 1,
    columns: { title, assignee, team, priority, requester, service, due },
    state: JSON.parse(state) as RecordState,
  };
}

interface Erasure {
  readonly record: string;
  readonly paths: readonly string[];
  readonly upTo: number;
}

/** Also drops answers kept for repetition and delivered effects of the record: they may hold the same values. */
async function erase(connection: Connection, dialect: Dialect, { record, paths, upTo }: Erasure): Promise<void> {
  await connection.run('INSERT INTO erasing (record) VALUES (?)', [record]);
  const rows = await connection.all<{ sequence: number; content: string }>(
    `SELECT h.sequence, v.content FROM history h JOIN history_values v ON ${dialect.valuesOfEntry} WHERE h.record = ? AND h.sequence <= ? ORDER BY h.sequence`,
    [record, upTo],
  );
  for (const { sequence, content } of rows) {
    const values = Object.entries(JSON.parse(content) as Record<string, unknown>);
    const kept = values.filter(([path]) => !paths.some((gone) => path === gone || path.startsWith(`${gone}.`)));
    if (kept.length < values.length) {
      await connection.run(dialect.replaceValues, [JSON.stringify(Object.fromEntries(kept)), record, sequence]);
    }
  }
  if (paths.includes('d.text')) {
    await connection.run("UPDATE comments SET text = '' WHERE record = ? AND sequence <= ?", [record, upTo]);
  }
  await connection.run('DELETE FROM erasing WHERE record = ?', [record]);
  await connection.run('DELETE FROM idempotency WHERE record = ?', [record]);
  await connection.run("UPDATE outbox SET effect = 'null', last_error = NULL WHERE record = ? AND status = 'done'", [record]);
}
