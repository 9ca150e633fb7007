/**
 * What was erased leaves the full-text index of SQLite, too. A text that is replaced there is only marked: its words stay in the file until the parts of
 * the index that hold them are merged. After an erasure all are, in pieces between which other steps are written.
 * Source: "The 'merge' Command", https://www.sqlite.org/fts5.html.
 */
import type { Connection } from '../connection.js';
import type { Reader } from '../database.js';
import type { Writer } from './writer.js';

/** Stands in `meta` from the erasure until its words are gone, so that a server that stops in between goes on. */
const mark = 'search_forgetting';

/** Pages of the index merged in one transaction: about 30 ms. */
const piece = 500;

/** Part of the transaction that erases. */
export async function wordsToForget(connection: Connection): Promise<void> {
  await connection.run("INSERT INTO meta (key, value) VALUES (?, '1') ON CONFLICT (key) DO NOTHING", [mark]);
}

/** Whether an erasure was not followed to its end. */
export async function forgettingIsDue(reader: Reader): Promise<boolean> {
  return (await reader.all('SELECT 1 AS one FROM meta WHERE key = ?', [mark])).length > 0;
}

/** Merges the whole index. Rejects like every write; what is done by then stays done. */
export async function forgetWords(writer: Pick<Writer, 'transact' | 'run'>): Promise<void> {
  // The first call, below zero, takes in parts that would not be merged for long.
  for (let pages = -piece; await writer.transact((connection) => mergeSome(connection, pages)); ) {
    pages = piece;
  }
  await writer.run('DELETE FROM meta WHERE key = ?', [mark]);
}

/** Whether there may be more to merge: the command itself counts as one change. */
async function mergeSome(connection: Connection, pages: number): Promise<boolean> {
  const before = await changes(connection);
  await connection.run("INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)", [pages]);
  return (await changes(connection)) - before >= 2;
}

const changes = async (connection: Connection): Promise<number> => (await connection.all<{ total: number }>('SELECT total_changes() AS total'))[0]?.total ?? 0;
