/**
 * Cutting a copy of a store back to an instant. The order in which entries were committed is what counts: everything before the first entry that
 * was recorded after the instant stays, so that nothing stays that rests on something that goes. Only for a SQLite file that nobody has open.
 */
import { withSide } from './side.js';
import { type Cut, type CutCounts, cutTables } from './tables.js';

export type { Cut, CutCounts, RebuiltRecord } from './tables.js';

/** Clocks of servers differ by so much without anything being wrong. */
const CLOCKS_DIFFER = 60_000;

export interface Affected {
  /** How far each record that has entries beyond the cut goes; 0 for those that were not there yet. */
  readonly kept: ReadonlyMap<string, number>;
  /** When the first entry that goes was recorded; null when none does. */
  readonly firstAt: number | null;
  /** Entries that go though they were recorded before the instant: a clock had run ahead when the first was recorded. */
  readonly earlier: number;
}

export async function affectedBy(url: string, at: number): Promise<Affected> {
  return withSide(url, async (connection) => {
    const [row] = await connection.all<{ first: number; at: number }>(
      'SELECT key AS first, recorded_at AS at FROM history WHERE recorded_at > ? ORDER BY key LIMIT 1',
      [at],
    );
    if (!row) return { kept: new Map(), firstAt: null, earlier: 0 };
    const rows = await connection.all<{ record: string; kept: number }>(
      'SELECT record, min(sequence) - 1 AS kept FROM history WHERE key >= ? GROUP BY record',
      [row.first],
    );
    const [counted] = await connection.all<{ earlier: number }>('SELECT count(*) AS earlier FROM history WHERE key >= ? AND recorded_at < ?', [
      row.first,
      at - CLOCKS_DIFFER,
    ]);
    return { kept: new Map(rows.map(({ record, kept }) => [record, kept])), firstAt: row.at, earlier: counted?.earlier ?? 0 };
  });
}

/** Records at the other ends of these records' links, as the store has them now. */
export async function linkedWith(url: string, records: readonly string[]): Promise<readonly string[]> {
  return withSide(url, async (connection) => {
    const rows = await connection.all<{ id: string }>(
      `WITH these AS (SELECT value AS id FROM json_each(?))
       SELECT to_id AS id FROM links WHERE from_id IN (SELECT id FROM these) UNION SELECT from_id FROM links WHERE to_id IN (SELECT id FROM these)`,
      [JSON.stringify(records)],
    );
    return rows.map(({ id }) => id);
  });
}

/** Carries out the cut in one transaction. */
export async function applyCut(url: string, cut: Cut): Promise<CutCounts> {
  return withSide(url, async (connection) => {
    await connection.exec('BEGIN IMMEDIATE; PRAGMA defer_foreign_keys=ON;');
    try {
      const counts = await cutTables(connection, cut);
      await connection.exec('COMMIT');
      return counts;
    } catch (cause) {
      await connection.exec('ROLLBACK').catch(() => undefined);
      throw cause;
    }
  });
}
