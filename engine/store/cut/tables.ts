/** What a cut changes, table by table. What protects the history is lifted for it and put back in the same transaction. */
import type { RecordState, Timer } from '../../types.js';
import type { Connection } from '../connection.js';
import { fold, searchText } from '../reading/fold.js';
import type { LinkRow, RecordColumns } from '../types.js';
import { pathsText } from '../writing/rows.js';
import { after } from './besides.js';

/** A record as it was after the last of its steps that stays. */
export interface RebuiltRecord {
  readonly record: RecordState;
  readonly columns: RecordColumns;
  readonly paths: readonly string[];
  readonly search: string;
  readonly principals: readonly string[];
  readonly timers: readonly Timer[];
  /** Links that steps beyond the cut removed, and those that they made. */
  readonly linksRestored: readonly LinkRow[];
  readonly linksUndone: readonly LinkRow[];
}

export interface Cut {
  readonly at: number;
  /** Last sequence that stays, by record that loses entries; 0 for those that go. */
  readonly kept: ReadonlyMap<string, number>;
  readonly rebuilt: readonly RebuiltRecord[];
  /** Fact of the installation that tells of the cut: key and value. */
  readonly mark: readonly [key: string, value: string];
}

export interface CutCounts {
  readonly entriesRemoved: number;
  readonly recordsRemoved: number;
  readonly checkpointsRemoved: number;
  /** Ids of attachments of which no row is left. */
  readonly attachmentsRemoved: readonly string[];
}

const guarded = ['history', 'history_values', 'checkpoints', 'activations', 'reference_versions'];

export async function cutTables(connection: Connection, cut: Cut): Promise<CutCounts> {
  await connection.exec('CREATE TEMP TABLE cut (record TEXT PRIMARY KEY, kept INTEGER NOT NULL) WITHOUT ROWID');
  await connection.run('INSERT INTO cut (record, kept) SELECT value ->> 0, value ->> 1 FROM json_each(?)', [JSON.stringify([...cut.kept])]);
  const guards = await connection.all<{ name: string; sql: string }>(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN (SELECT value FROM json_each(?))",
    [JSON.stringify(guarded)],
  );
  for (const { name } of guards) await connection.exec(`DROP TRIGGER ${name}`);
  const checkpointsRemoved = await cutCheckpoints(connection, cut.kept);
  const { entriesRemoved, attachmentsRemoved } = await cutHistory(connection);
  for (const rebuilt of cut.rebuilt) await putBack(connection, rebuilt, cut.at);
  const recordsRemoved = await removeRecords(connection);
  for (const [sql, ...params] of after(cut.at)) await connection.run(sql, params);
  await connection.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', [...cut.mark]);
  for (const { sql } of guards) await connection.exec(sql);
  await connection.exec('DROP TABLE temp.cut');
  return { entriesRemoved, recordsRemoved, checkpointsRemoved, attachmentsRemoved };
}

const beyond = (table: string): string => `EXISTS (SELECT 1 FROM cut WHERE cut.record = ${table}.record AND ${table}.sequence > cut.kept)`;

async function cutHistory(connection: Connection): Promise<{ readonly entriesRemoved: number; readonly attachmentsRemoved: readonly string[] }> {
  await connection.run(`DELETE FROM history_values WHERE entry IN (SELECT key FROM history WHERE ${beyond('history')})`);
  const entriesRemoved = await connection.run(`DELETE FROM history WHERE ${beyond('history')}`);
  const files = await connection.all<{ id: string }>(`DELETE FROM attachments WHERE ${beyond('attachments')} RETURNING id`);
  await connection.run(`DELETE FROM comments WHERE ${beyond('comments')}`);
  await connection.run(`DELETE FROM outbox WHERE ${beyond('outbox')}`);
  return { entriesRemoved, attachmentsRemoved: files.map(({ id }) => id) };
}

/** The first checkpoint that seals something beyond the cut, and all that were made after it. */
async function cutCheckpoints(connection: Connection, kept: Cut['kept']): Promise<number> {
  for (const { sequence, heads } of await connection.all<{ sequence: number; heads: string }>('SELECT sequence, heads FROM checkpoints ORDER BY sequence')) {
    const sealed = JSON.parse(heads) as readonly (readonly [string, number, string])[];
    if (!sealed.some(([record, last]) => last > (kept.get(record) ?? Number.POSITIVE_INFINITY))) continue;
    // What they sealed counts as sealed no longer.
    await connection.exec('DELETE FROM sealed_heads');
    return connection.run('DELETE FROM checkpoints WHERE sequence >= ?', [sequence]);
  }
  return 0;
}

async function putBack(connection: Connection, rebuilt: RebuiltRecord, at: number): Promise<void> {
  const { record, columns, paths, search, principals } = rebuilt;
  const { title, assignee, team, priority, requester, service, due } = columns;
  const configuration = pathsText(paths);
  await connection.run(
    `UPDATE records SET definition = ?, version = ?, status = ?, importing = ?, head = ?, paths = ?, updated_at = ?, state = ?,
       title = ?, title_key = ?, assignee = ?, team = ?, priority = ?, requester = ?, service = ?, due = ? WHERE id = ?`,
    [
      ...[record.definition, record.version, record.status, record.importing ? 1 : 0, record.head, configuration, record.updatedAt, JSON.stringify(record)],
      ...[title, title === null ? null : fold(title), assignee, team, priority, requester, service, due, record.id],
    ],
  );
  await connection.run('INSERT INTO configurations (path, paths) SELECT value, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING', [
    configuration,
    JSON.stringify(paths),
  ]);
  await connection.run('INSERT OR REPLACE INTO search_index (rowid, text) SELECT key, ? FROM records WHERE id = ?', [
    searchText(record.number, search),
    record.id,
  ]);
  await connection.run('DELETE FROM record_principals WHERE record = ?', [record.id]);
  await connection.run('INSERT INTO record_principals (record, created_at, principal) SELECT ?, ?, value FROM json_each(?)', [
    record.id,
    record.createdAt,
    JSON.stringify(principals),
  ]);
  await putTimersBack(connection, rebuilt, at);
  for (const { from, name, to } of rebuilt.linksUndone)
    await connection.run('DELETE FROM links WHERE from_id = ? AND name = ? AND to_id = ?', [from, name, to]);
  for (const link of rebuilt.linksRestored)
    await connection.run('INSERT INTO links (from_id, name, to_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', [link.from, link.name, link.to, link.at]);
}

/** A timer that was parked before the cut stays so. */
async function putTimersBack(connection: Connection, { record, timers }: RebuiltRecord, at: number): Promise<void> {
  const parked = await connection.all<{ key: string; due: number; at: number; reason: string | null }>(
    'DELETE FROM timers WHERE record = ? RETURNING key, due_at AS due, parked_at AS at, reason',
    [record.id],
  );
  for (const { key, kind, event, data, dueAt } of timers) {
    const same = parked.find((each) => each.key === key && each.due === dueAt && each.at !== null && each.at <= at);
    await connection.run('INSERT INTO timers (record, key, kind, event, data, due_at, held, parked_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      ...[record.id, key, kind, event, data === undefined ? null : JSON.stringify(data), dueAt, record.importing ? 1 : 0],
      ...[same?.at ?? null, same?.reason ?? null],
    ]);
  }
}

/** Records that were not there yet, with all that hangs on them. */
async function removeRecords(connection: Connection): Promise<number> {
  const gone = '(SELECT record FROM cut WHERE kept = 0)';
  await connection.run(`DELETE FROM search_index WHERE rowid IN (SELECT key FROM records WHERE id IN ${gone})`);
  await connection.run(`DELETE FROM links WHERE from_id IN ${gone} OR to_id IN ${gone}`);
  for (const table of ['record_principals', 'timers']) await connection.run(`DELETE FROM ${table} WHERE record IN ${gone}`);
  return connection.run(`DELETE FROM records WHERE id IN ${gone}`);
}
