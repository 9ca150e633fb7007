/**
 * Cutting a copy of a store back to an instant. The order in which entries were committed is what counts: everything before the first entry that
 * was recorded after the instant stays, so that nothing stays that rests on something that goes. Only for a SQLite file that nobody has open.
 */
import { withSide } from './side.js';
import { type Cut, type CutCounts, cutTables } from './tables.js';

export type { Cut, CutCounts, RebuiltRecord } from './tables.js';

/** How far each record that has entries beyond the cut goes; 0 for those that were not there yet. */
export async function affectedBy(url: string, at: number): Promise<ReadonlyMap<string, number>> {
  return withSide(url, async (connection) => {
    const [row] = await connection.all<{ first: number | null }>('SELECT min(key) AS first FROM history WHERE recorded_at > ?', [at]);
    if (row?.first == null) return new Map();
    const rows = await connection.all<{ record: string; kept: number }>(
      'SELECT record, min(sequence) - 1 AS kept FROM history WHERE key >= ? GROUP BY record',
      [row.first],
    );
    return new Map(rows.map(({ record, kept }) => [record, kept]));
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
