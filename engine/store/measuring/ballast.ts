/**
 * Fills a store with records, so that it can be measured how fast it is when it holds many: copies of one record that the engine made, with all that
 * belongs to it, under ids and numbers of their own. They are read like others; their chains do not verify, for the hashes are those of the original.
 */
import type { Connection } from '../connection.js';
import { sideOf } from '../copy/sides.js';

interface BallastOptions {
  readonly url: string;
  /** The id of the record to be copied; it has been made durable. */
  readonly record: string;
  readonly copies: number;
}

/** Copies made by one statement. */
const atOnce = 20_000;
const ids = "'00000000-0000-7000-8000-' ||";

interface Words {
  /** A table `n (i)` of the numbers from one parameter to another. */
  readonly numbers: string;
  readonly padded: string;
  readonly key: string;
}

const words: Readonly<Record<'sqlite' | 'postgres', Words>> = {
  sqlite: {
    numbers: '(WITH RECURSIVE n (i) AS (SELECT CAST(? AS integer) UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n) AS n',
    padded: "printf('%012d', i)",
    key: 'rowid',
  },
  postgres: { numbers: 'generate_series(CAST(? AS bigint), CAST(? AS bigint)) AS n (i)', padded: "lpad(CAST(i AS text), 12, '0')", key: 'record' },
};

const listed = 'process, definition, status, importing, title, title_key, assignee, team, priority, requester, service, created_at';
const entry = 'sequence, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, text, hash, previous_hash';

function statements(dialect: 'sqlite' | 'postgres'): readonly string[] {
  const { numbers, padded, key } = words[dialect];
  const id = `${ids} ${padded}`;
  const state = `replace(replace(state, id, ${id}), number, 'BAL-' || i)`;
  const from = (table: string, column: string): string => `FROM ${numbers} CROSS JOIN (SELECT * FROM ${table} WHERE ${column} = ?) AS o`;
  const heads = `version, head, paths, updated_at, due`;
  const rows = `${id}, 'BAL-' || i, 'BAL-' || ${padded}, ${listed}`;
  const records =
    dialect === 'sqlite'
      ? [`INSERT INTO records (id, number, number_key, ${listed}, ${heads}, state) SELECT ${rows}, ${heads}, ${state} ${from('records', 'id')}`]
      : [
          `INSERT INTO record_rows (id, number, number_key, ${listed}) SELECT ${rows} ${from('records', 'id')}`,
          `INSERT INTO record_heads (id, ${heads}, state) SELECT ${id}, ${heads}, ${state} ${from('records', 'id')}`,
        ];
  const history =
    dialect === 'sqlite'
      ? [
          `INSERT INTO history (record, ${entry}) SELECT ${id}, ${entry} ${from('history', 'record')}`,
          `INSERT INTO history_values (entry, content) SELECT c.key, v.content FROM ${numbers} JOIN history c ON c.record = ${id}
             JOIN history o ON o.record = ? AND o.sequence = c.sequence JOIN history_values v ON v.entry = o.key`,
        ]
      : [
          `INSERT INTO history_entries (record, ${entry}) SELECT ${id}, ${entry} ${from('history', 'record')}`,
          `INSERT INTO history_contents (record, sequence, content) SELECT ${id}, sequence, content ${from('history_values', 'record')}`,
        ];
  const timers = `INSERT INTO timers (record, key, kind, event, data, due_at, held) SELECT ${id}, key, kind, event, data, due_at, held ${from('timers', 'record')}`;
  const searched =
    dialect === 'sqlite'
      ? `INSERT INTO search_index (rowid, text) SELECT c.key, 'bal ' || i || ' ' || coalesce(c.title_key, '') FROM ${numbers} JOIN records c ON c.id = ${id} WHERE ? <> ''`
      : `INSERT INTO search_index (${key}, words) SELECT c.key, o.words FROM ${numbers} JOIN record_rows c ON c.id = ${id}
           CROSS JOIN (SELECT words FROM search_index s JOIN record_rows r ON r.key = s.record WHERE r.id = ?) AS o`;
  return [...records, ...history, timers, searched];
}

/** Resolves when the copies are there and the database knows how many there are. */
export async function addBallast({ url, record, copies }: BallastOptions): Promise<void> {
  const { dialect, connection, close } = await sideOf(url, undefined);
  try {
    for (let first = 1; first <= copies; first += atOnce) {
      await inOne(connection, () => copyAll(connection, statements(dialect), [first, Math.min(copies, first + atOnce - 1), record]));
    }
    if (dialect === 'postgres') {
      await connection.exec('ANALYZE');
    }
  } finally {
    await close();
  }
}

async function copyAll(connection: Connection, all: readonly string[], params: readonly (string | number)[]): Promise<void> {
  for (const statement of all) {
    await connection.run(statement, params);
  }
}

async function inOne(connection: Connection, work: () => Promise<void>): Promise<void> {
  await connection.exec('BEGIN');
  await work();
  await connection.exec('COMMIT');
}

/** Bytes that a store takes on disk. */
export async function storeSize(url: string): Promise<number> {
  const { dialect, connection, close } = await sideOf(url, undefined);
  try {
    const size =
      dialect === 'postgres'
        ? 'SELECT pg_database_size(current_database()) AS bytes'
        : 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size';
    const [row] = await connection.all<{ bytes: number }>(size);
    return row?.bytes ?? 0;
  } finally {
    await close();
  }
}
