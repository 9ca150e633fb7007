/** Someone with full rights to the database file and with the source code of Charter, but without its secret. */
import { createHash } from 'node:crypto';
import { openDatabase } from '../../../engine/store/database.js';
import { loadDriver } from '../../../engine/store/driver/load.js';

export type Row = Record<string, string | number | null>;

export interface Intruder {
  all<T = Row>(sql: string, params?: readonly (string | number | null)[]): Promise<T[]>;
  run(sql: string, params?: readonly (string | number | null)[]): Promise<number>;
  entry(record: string, sequence: number): Promise<Row>;
  /** Writes a new text into an entry, and after it hashes the whole rest of the chain anew, up to the record's head. */
  rehash(record: string, sequence: number, alter: (text: Record<string, unknown>) => void): Promise<void>;
  /** Puts everything back as it was at the beginning. */
  undo(): Promise<void>;
  close(): Promise<void>;
}

const TABLES = ['history', 'history_values', 'records', 'comments', 'attachments', 'checkpoints', 'sealed_heads', 'definitions', 'reference_versions'];
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Takes the protection away and remembers how everything was. Close it before the engine. */
export async function intrude(file: string): Promise<Intruder> {
  const database = await openDatabase(file, loadDriver('auto'));
  const { all, run, exec } = database.writer;
  await exec('PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON;');
  for (const { name } of await all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")) await exec(`DROP TRIGGER "${name}"`);
  await exec('DROP INDEX history_chain; CREATE INDEX history_chain ON history (record, sequence);');
  for (const table of TABLES) await exec(`CREATE TEMP TABLE kept_${table} AS SELECT * FROM main.${table}`);
  return {
    all,
    run,
    entry: async (record, sequence) => (await all<Row>('SELECT * FROM history WHERE record = ? AND sequence = ?', [record, sequence]))[0] as Row,
    async rehash(record, sequence, alter) {
      let previous: string | null = null;
      for (const row of await all<Row>('SELECT * FROM history WHERE record = ? AND sequence >= ? ORDER BY sequence', [record, sequence])) {
        const text = JSON.parse(String(row.text)) as Record<string, unknown>;
        if (row.sequence === sequence) alter(text);
        if (previous !== null) text.previous = previous;
        const sealed = JSON.stringify(text);
        const actor = (text.actor as { id: string }).id;
        await run('UPDATE history SET text = ?, hash = ?, previous_hash = ?, actor = ?, at = ? WHERE key = ?', [
          sealed,
          sha256(sealed),
          String(text.previous),
          actor,
          Number(text.at),
          row.key as number,
        ]);
        previous = sha256(sealed);
      }
      await run("UPDATE records SET head = ?, state = json_set(state, '$.head', ?) WHERE id = ?", [previous, previous, record]);
    },
    async undo() {
      for (const table of TABLES) await exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM temp.kept_${table}`);
    },
    close: () => database.close(),
  };
}
