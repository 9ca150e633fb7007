/** Definition versions, which of them are current, dated reference data, drafts. */
import type { Connection } from '../connection.js';
import type { Reader } from '../database.js';
import type { ActivationRow, DefinitionRow, DefinitionStore, DraftRow, ReferenceRow } from '../types.js';
import type { Writer } from '../writing/writer.js';

const head = 'hash, process, published_at AS "publishedAt", published_by AS "publishedBy", note, source';
const activation = 'process, hash, at, made_by AS "by", note, source';
const reference = 'hash, text, at, made_by AS "by"';
const draft = 'process, owner, text, updated_at AS "updatedAt"';

/** Not what is in force already; and what a folder holds does not come before what was published elsewhere. */
const activate = `INSERT INTO activations (process, hash, at, made_by, note, source) SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (
  SELECT 1 FROM activations a WHERE a.key = (SELECT max(key) FROM activations WHERE process = ?) AND (a.hash = ? OR (? = 'folder' AND a.source <> 'folder')))`;

export function createDefinitions(reader: Reader, writer: Writer): DefinitionStore {
  const first = async <T>(sql: string, params: readonly string[] = []): Promise<T | null> => (await reader.all<T>(sql, params))[0] ?? null;
  return {
    async publish(rows) {
      await writer.transact(async (connection) => {
        // First: servers that publish at the same moment then do it one after another, each seeing what the other did.
        await connection.run("UPDATE revisions SET value = value + 1 WHERE name = 'definitions'");
        await insertAll(connection, rows);
      });
    },
    definition: (hash) => first<DefinitionRow>(`SELECT ${head}, text FROM definitions WHERE hash = ?`, [hash]),
    definitions: (process) =>
      reader.all<Omit<DefinitionRow, 'text'>>(
        `SELECT ${head} FROM definitions ${process === undefined ? '' : 'WHERE process = ?'} ORDER BY process, published_at, hash`,
        process === undefined ? [] : [process],
      ),
    current: () =>
      reader.all<ActivationRow>(`SELECT ${activation} FROM activations WHERE key IN (SELECT max(key) FROM activations GROUP BY process) ORDER BY process`),
    activations: (process) => reader.all<ActivationRow>(`SELECT ${activation} FROM activations WHERE process = ? ORDER BY key`, [process]),
    reference: () => first<ReferenceRow>(`SELECT ${reference} FROM reference_versions ORDER BY key DESC LIMIT 1`),
    referenceByHash: (hash) => first<ReferenceRow>(`SELECT ${reference} FROM reference_versions WHERE hash = ? ORDER BY key LIMIT 1`, [hash]),
    revision: async () => (await first<{ value: number }>("SELECT value FROM revisions WHERE name = 'definitions'"))?.value ?? 0,
    draft: (process, owner) => first<DraftRow>(`SELECT ${draft} FROM drafts WHERE process = ? AND owner = ?`, [process, owner]),
    drafts: () => reader.all<DraftRow>(`SELECT ${draft} FROM drafts ORDER BY process, owner`),
    async saveDraft(row) {
      await writer.run(
        'INSERT INTO drafts (process, owner, text, updated_at) VALUES (?, ?, ?, ?) ON CONFLICT (process, owner) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at',
        [row.process, row.owner, row.text, row.updatedAt],
      );
    },
    async dropDraft(process, owner) {
      await writer.run('DELETE FROM drafts WHERE process = ? AND owner = ?', [process, owner]);
    },
  };
}

async function insertAll(connection: Connection, rows: Parameters<DefinitionStore['publish']>[0]): Promise<void> {
  for (const row of rows.definitions) {
    await connection.run(
      'INSERT INTO definitions (hash, process, text, published_at, published_by, note, source) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING',
      [row.hash, row.process, row.text, row.publishedAt, row.publishedBy, row.note, row.source],
    );
  }
  for (const row of rows.activations) {
    await connection.run(activate, [row.process, row.hash, row.at, row.by, row.note, row.source, row.process, row.hash, row.source]);
  }
  for (const row of rows.references) {
    // Going back to earlier content is a new row: the newest one is in force.
    await connection.run(
      'INSERT INTO reference_versions (hash, text, at, made_by) SELECT ?, ?, ?, ? WHERE ? IS DISTINCT FROM (SELECT hash FROM reference_versions ORDER BY key DESC LIMIT 1)',
      [row.hash, row.text, row.at, row.by, row.hash],
    );
  }
}
