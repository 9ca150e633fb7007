/** Writes every refused row to a CSV file, as it is refused. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { RefusedRow } from './account.js';

export interface RefusedFile {
  write(row: RefusedRow): void;
  close(): Promise<void>;
}

/** Cells that a spreadsheet would run as a formula are made text. */
export function openRefusedFile(path: string): RefusedFile {
  const csv = stringify({ header: true, columns: ['line', 'case', 'kind', 'event', 'reason'], escape_formulas: true });
  const file = createWriteStream(path, { mode: 0o600 });
  let failure: Error | null = null;
  csv.once('error', (error) => void (failure = error));
  file.once('error', (error) => void (failure = error));
  csv.pipe(file);
  return {
    write: (row) => void csv.write(row),
    async close() {
      if (failure !== null) throw failure;
      csv.end();
      await finished(file);
    },
  };
}
