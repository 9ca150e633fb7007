/** Copies the tables of one database into another, of the same or the other kind: from one moment, and whole or not at all. */
import { EngineError } from '../../errors.js';
import type { Connection } from '../connection.js';
import type { Dialect } from '../dialect/dialect.js';
import type { SqlRow, SqlValue } from '../driver/contract.js';
import { openingFailure } from '../failures.js';
import { makePartitions, monthOf } from '../postgres/partitions.js';
import { searchText } from '../reading/fold.js';
import { type CopiedTable, copiedTables } from './tables.js';

/** One end of a copy, as far as statements are concerned. */
export interface CopySide {
  /** How it is to be spoken to: the two ends may be of different kinds. */
  readonly dialect: Dialect['name'];
  /** Open to the end, with nobody else on it: a transaction of the copy's own lies on it. */
  readonly connection: Connection;
}

/** One end that can be closed, and how it is named in errors. */
export interface Side extends CopySide {
  readonly path: string;
  close(): Promise<void>;
}

/** Rows at a time. */
const piece = 500;
/** Filled by the schema itself. */
const seeded = ['revisions'];

const snapshot: Readonly<Record<Dialect['name'], string>> = {
  // The index's own words, by which full text is carried over.
  sqlite: `CREATE VIRTUAL TABLE temp.search_vocabulary USING fts5vocab(main, 'search_index', 'instance'); BEGIN;
    CREATE TEMP TABLE search_words AS SELECT doc AS record, group_concat(term, ' ') AS words FROM search_vocabulary GROUP BY doc;
    CREATE UNIQUE INDEX temp.search_words_record ON search_words (record);`,
  postgres: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
};

/**
 * Copies everything and closes both ends. The target must have the schema and no records. Returns rows by table.
 * Throws STORE_UNUSABLE when it holds something or one end fails.
 */
export async function copyBetween(from: Side, open: () => Promise<Side>): Promise<Readonly<Record<string, number>>> {
  try {
    const to = await open();
    try {
      return await copyTables(from, to);
    } catch (cause) {
      throw openingFailure(to.path, cause);
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

async function copyTables(from: CopySide, to: Side): Promise<Readonly<Record<string, number>>> {
  await from.connection.exec(snapshot[from.dialect]);
  try {
    if (from.dialect === 'sqlite') {
      await addWaiting(from.connection);
    }
    await mustBeEmpty(to);
    if (to.dialect === 'postgres') {
      await makePartitions(to.connection, await monthsOf(from.connection));
    }
    return await whole(to.connection, async () => {
      const rows: Record<string, number> = {};
      for (const table of copiedTables) {
        rows[table.name] = await copyTable(from, to, table);
      }
      return rows;
    });
  } finally {
    await from.connection.exec('ROLLBACK');
  }
}

/** Texts that a server at work has not brought into the index yet take the place of what the index has. */
async function addWaiting(connection: Connection): Promise<void> {
  const waiting = await connection.all<{ record: number; number: string; text: string }>(
    'SELECT w.record, r.number, w.text FROM search_waiting w JOIN records r ON r.key = w.record',
  );
  for (const { record, number, text } of waiting) {
    await connection.run('INSERT OR REPLACE INTO search_words (record, words) VALUES (?, ?)', [record, searchText(number, text)]);
  }
}

async function mustBeEmpty({ connection, path }: Side): Promise<void> {
  for (const table of ['records', 'definitions', 'users']) {
    const found = await connection.all(`SELECT 1 AS one FROM ${table} LIMIT 1`);
    if (found.length > 0) {
      throw new EngineError('STORE_UNUSABLE', { path, reason: 'It already holds something. A copy is made into an empty database only.' });
    }
  }
}

/** Months in which records were born; for each there is a partition. */
async function monthsOf(connection: Connection): Promise<string[]> {
  // Ids that begin with the same five digits were born within 75 hours, and so in one month or two.
  const spans = await connection.all<{ first: string; last: string }>('SELECT min(id) AS first, max(id) AS last FROM records GROUP BY substr(id, 1, 5)');
  return [...new Set(spans.flatMap(({ first, last }) => [monthOf(first) ?? [], monthOf(last) ?? []].flat()))];
}

async function whole<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await connection.exec('BEGIN');
  try {
    const value = await work();
    await connection.exec('COMMIT');
    return value;
  } catch (cause) {
    await connection.exec('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

async function copyTable(from: CopySide, to: CopySide, table: CopiedTable): Promise<number> {
  if (seeded.includes(table.name)) {
    await to.connection.run(`DELETE FROM ${table.name}`);
  }
  let count = 0;
  let last: SqlRow | null = null;
  for (;;) {
    const rows: SqlRow[] = await read(from, table, last);
    const end: SqlRow | undefined = rows.at(-1);
    if (!end) {
      break;
    }
    await write(to, table, rows);
    count += rows.length;
    last = end;
  }
  if (to.dialect === 'postgres' && table.counter && count > 0) {
    const [sequence, column] = table.counter;
    await to.connection.all(`SELECT setval(${sequence}, (SELECT max(${column}) FROM ${table.name}))`);
  }
  return count;
}

function read({ dialect, connection }: CopySide, { name, columns, key, from }: CopiedTable, last: SqlRow | null): Promise<SqlRow[]> {
  const source = from ? `${from[dialect]} AS source` : name;
  const after = last ? `WHERE (${key.join(', ')}) > (${key.map(() => '?').join(', ')})` : '';
  const params: SqlValue[] = last ? key.map((column) => last[column] ?? null) : [];
  return connection.all(`SELECT ${columns.map(([column]) => column).join(', ')} FROM ${source} ${after} ORDER BY ${key.join(', ')} LIMIT ${piece}`, params);
}

async function write({ dialect, connection }: CopySide, table: CopiedTable, rows: readonly SqlRow[]): Promise<void> {
  const { name, columns } = table;
  const names = columns.map(([column]) => column).join(', ');
  const statements = table.into?.[dialect] ?? [`INSERT INTO ${name} (${names}) SELECT ${names} FROM $rows`];
  const given = JSON.stringify(rows);
  for (const [place, statement] of statements.entries()) {
    const written = await connection.run(statement.replace('$rows', rowsOf(dialect, columns)), [given]);
    // Further statements write to where not every row has something.
    if (place === 0 && written !== rows.length) {
      throw new Error(`${name}: ${rows.length} rows were read and ${written} written`);
    }
  }
}

/** One parameter, a JSON list of objects, as a table. */
function rowsOf(dialect: Dialect['name'], columns: CopiedTable['columns']): string {
  return dialect === 'postgres'
    ? `json_to_recordset(CAST(? AS json)) AS x (${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`
    : `(SELECT ${columns.map(([name]) => `value ->> '$.${name}' AS ${name}`).join(', ')} FROM json_each(?))`;
}
