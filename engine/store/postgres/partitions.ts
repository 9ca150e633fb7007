/** The history's partitions: one for the records born in each month, told by their ids (UUIDv7 begin with milliseconds since the epoch). */
import type { Connection } from '../connection.js';

/** Locks out other servers while partitions or the schema are made. */
export const schemaLock = 4_841_001;

/** Waits for it as long as another server's migration takes; what comes after it in the transaction waits for locks as usual. */
export const waitForSchema = `DO $$ DECLARE usual text := current_setting('lock_timeout'); BEGIN
  PERFORM set_config('lock_timeout', '0', true); PERFORM pg_advisory_xact_lock(${schemaLock}); PERFORM set_config('lock_timeout', usual, true);
END $$`;

const v7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/;

/** `2026_11`, or null for an id that tells no month: its history goes to the rest. */
export function monthOf(id: string): string | null {
  const parts = v7.exec(id);
  const born = parts ? new Date(Number.parseInt(`${parts[1]}${parts[2]}`, 16)) : null;
  // Years of more than four digits would not sort as text.
  return born === null || born.getUTCFullYear() > 9_999 ? null : `${born.getUTCFullYear()}_${String(born.getUTCMonth() + 1).padStart(2, '0')}`;
}

/** The least id of a month. */
function firstOf(year: number, month: number): string {
  const hex = Date.UTC(year, month).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** The ids of a month: from the first of them to before the second. */
export function idsOf(month: string): readonly [first: string, end: string] {
  const [year = 0, number = 0] = month.split('_').map(Number);
  return [firstOf(year, number - 1), firstOf(year, number)];
}

/**
 * Both partitions of a month; nothing happens if they are there, or in the archive. A session may remember that there was no such table
 * though another server made it while this one waited for the lock.
 */
function partitions(month: string): string {
  const [first, end] = idsOf(month);
  const range = `FROM ('${first}') TO ('${end}')`;
  return ['history_entries', 'history_contents']
    .map(
      (table) => `
DO $$ BEGIN
  IF to_regclass('${table}_${month}') IS NULL THEN
    CREATE TABLE ${table}_${month} PARTITION OF ${table} FOR VALUES ${range};
    CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table}_${month} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  END IF;
EXCEPTION WHEN duplicate_table THEN NULL;
END $$;`,
    )
    .join('\n');
}

const bothThere = 'SELECT to_regclass(?) IS NOT NULL AND to_regclass(?) IS NOT NULL AS there';

/** Makes the partitions of these months; outside of any transaction. */
export async function makePartitions(connection: Connection, months: readonly string[]): Promise<void> {
  for (const month of months) {
    // Only who has something to make needs the lock: steps wait for this.
    const [found] = await connection.all<{ there: boolean }>(bothThere, [`history_entries_${month}`, `history_contents_${month}`]);
    if (found?.there) {
      continue;
    }
    // Sent as one text, and so one transaction.
    await connection.exec(`SELECT pg_advisory_xact_lock(${schemaLock}); ${partitions(month)}`);
  }
}
