/**
 * The archive of the history: partitions of past months, attached to tables of their own. What is worked on stays small and quick to keep up,
 * and old months can lie on other disks, while the views `history` and `history_values` show both. Each move is one transaction.
 */
import { pause } from '../../clock.js';
import { EngineError } from '../../errors.js';
import type { Connection } from '../connection.js';
import { failure, faultOf } from '../failures.js';
import type { HistoryArchive, HistoryMonth } from '../types.js';
import { idsOf, schemaLock } from './partitions.js';

/** Where a month's rows are worked on, and where they are archived. */
const pairs = [
  ['history_entries', 'history_archive'],
  ['history_contents', 'history_contents_archive'],
] as const;
const parents = pairs.flat();

/** Whoever asks for a lock makes all others queue behind it: better to give up soon and come again. */
const lockFor = '800ms';
const tries = 40;
const between = 250;

export interface ArchiveSide {
  readonly connection: Connection;
  close(): Promise<void>;
}

/** `open` gives a connection of its own: work here may take long. */
export function archiveOf(open: () => Promise<ArchiveSide>): HistoryArchive {
  async function on<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const side = await open();
    try {
      return await work(side.connection);
    } catch (cause) {
      throw failure(cause);
    } finally {
      await side.close();
    }
  }
  return {
    months: () => on(months),
    archive: (month) => on((connection) => archive(connection, nameOf(month))),
    bringBack: (month) => on((connection) => bringBack(connection, nameOf(month))),
    moveTo: (month, tablespace) => on((connection) => moveTo(connection, nameOf(month), tablespace)),
  };
}

/** `2024-11` as it stands in names of tables. */
function nameOf(month: string): string {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month)) {
    throw new EngineError('INTERNAL', { part: 'store', reason: `${month} is no month` });
  }
  return month.replace('-', '_');
}

interface Partition {
  readonly name: string;
  readonly parent: string;
  readonly bytes: number;
  readonly tablespace: string | null;
}

const listed = `
SELECT c.relname AS name, p.relname AS parent, pg_total_relation_size(c.oid) AS bytes, t.spcname AS tablespace
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
WHERE p.relnamespace = CAST('public' AS regnamespace) AND p.relname IN (${parents.map((name) => `'${name}'`).join(', ')})`;

async function months(connection: Connection): Promise<HistoryMonth[]> {
  const partitions = await connection.all<Partition>(listed);
  const found: HistoryMonth[] = [];
  for (const { name, parent, bytes, tablespace } of partitions.filter((one) => one.name.startsWith('history_entries_'))) {
    const contents = partitions.find((one) => one.name === name.replace('history_entries_', 'history_contents_'));
    const [row] = await connection.all<{ entries: number }>(`SELECT count(*) AS entries FROM ${name}`);
    found.push({
      month: name.slice('history_entries_'.length).replace('_', '-'),
      archived: parent === 'history_archive',
      entries: row?.entries ?? 0,
      bytes: bytes + (contents?.bytes ?? 0),
      tablespace,
    });
  }
  return found.sort((a, b) => (a.month < b.month ? -1 : 1));
}

async function isIn(connection: Connection, table: string, parent: string): Promise<boolean> {
  const rows = await connection.all('SELECT 1 AS one FROM pg_inherits WHERE inhrelid = to_regclass(?) AND inhparent = to_regclass(?)', [table, parent]);
  return rows.length > 0;
}

async function archive(connection: Connection, month: string): Promise<void> {
  if (!(await isIn(connection, `history_entries_${month}`, 'history_entries'))) {
    return;
  }
  const [first, end] = idsOf(month);
  for (const [table] of pairs) {
    const name = `${table}_${month}`;
    // Known to hold before, so that attaching need not read the rows while it holds the tables.
    await patiently(connection, [
      `ALTER TABLE ${name} DROP CONSTRAINT IF EXISTS ${name}_ids`,
      `ALTER TABLE ${name} ADD CONSTRAINT ${name}_ids CHECK (record >= '${first}' AND record < '${end}') NOT VALID`,
    ]);
    await connection.exec(`ALTER TABLE ${name} VALIDATE CONSTRAINT ${name}_ids`);
  }
  await patiently(connection, [
    lockParents,
    ...pairs.flatMap(([table, to]) => {
      const name = `${table}_${month}`;
      return [
        `ALTER TABLE ${table} DETACH PARTITION ${name}`,
        `ALTER TABLE ${to} ATTACH PARTITION ${name} FOR VALUES FROM ('${first}') TO ('${end}')`,
        `ALTER TABLE ${name} DROP CONSTRAINT ${name}_ids`,
      ];
    }),
  ]);
}

/** Entries that were added to the month's records meanwhile lie with the rest, and must leave it before the month can come back. */
async function bringBack(connection: Connection, month: string): Promise<void> {
  if (!(await isIn(connection, `history_entries_${month}`, 'history_archive'))) {
    return;
  }
  const [first, end] = idsOf(month);
  const born = `record >= '${first}' AND record < '${end}'`;
  await patiently(connection, [
    lockParents,
    ...pairs.flatMap(([table, from]) => {
      const [name, rest] = [`${table}_${month}`, `${table}_rest`];
      return [
        `ALTER TABLE ${from} DETACH PARTITION ${name}`,
        `INSERT INTO ${name} SELECT * FROM ${rest} WHERE ${born}`,
        // Nobody else sees the table without its triggers: it is locked until this is whole.
        `ALTER TABLE ${rest} DISABLE TRIGGER USER`,
        `DELETE FROM ${rest} WHERE ${born}`,
        `ALTER TABLE ${rest} ENABLE TRIGGER USER`,
        `ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${first}') TO ('${end}')`,
      ];
    }),
  ]);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function moveTo(connection: Connection, month: string, tablespace: string): Promise<void> {
  const known = await connection.all('SELECT 1 AS one FROM pg_tablespace WHERE spcname = ?', [tablespace]);
  if (known.length === 0) {
    throw new EngineError('STORE_UNUSABLE', { reason: `PostgreSQL has no tablespace ${tablespace}. Create it first.` });
  }
  for (const [table] of pairs) {
    const name = `${table}_${month}`;
    const indexes = await connection.all<{ name: string }>(
      'SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass(?)',
      [name],
    );
    // Without the lock that new partitions need: files may take long to move.
    await tryingAgain(connection, [
      `ALTER TABLE ${name} SET TABLESPACE ${quoted(tablespace)}`,
      ...indexes.map((index) => `ALTER INDEX ${quoted(index.name)} SET TABLESPACE ${quoted(tablespace)}`),
    ]);
  }
}

/** Always in the order in which steps take them. */
const lockParents = `LOCK TABLE ONLY ${parents.join(', ')} IN ACCESS EXCLUSIVE MODE`;

/** One transaction that changes which partitions there are. */
const patiently = (connection: Connection, statements: readonly string[]): Promise<void> =>
  tryingAgain(connection, [`SELECT pg_advisory_xact_lock(${schemaLock})`, ...statements]);

/** One transaction, tried again while others hold the tables. */
async function tryingAgain(connection: Connection, statements: readonly string[]): Promise<void> {
  const work = [`SET LOCAL lock_timeout = '${lockFor}'`, ...statements].join(';\n');
  for (let left = tries; ; left -= 1) {
    try {
      // Sent as one text, and so one transaction.
      await connection.exec(work);
      return;
    } catch (cause) {
      const fault = faultOf(cause);
      if (left === 0 || (fault !== 'busy' && fault !== 'crossed')) {
        throw cause;
      }
      await pause(between);
    }
  }
}
