/** Writes units on SQLite: rows for the write statement (`../dialect/sqliteWrite.ts`). */
import type { Clock } from '../../clock.js';
import { writeStatement } from '../dialect/sqliteWrite.js';
import type { SqlValue } from '../driver/contract.js';
import { emptyRow, rowsOf } from './rows.js';
import type { UnitWriting } from './units.js';

/** Statements exist for so many rows, so that few are ever prepared; what is left over is filled up. */
const sizes = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

function sizeFor(rows: number): number {
  return sizes.find((size) => size >= rows) ?? 2 ** Math.ceil(Math.log2(rows));
}

export const sqliteUnits = (clock: Clock): UnitWriting<readonly SqlValue[]> => ({
  encode: (unit, known) => rowsOf(unit, clock.now(), known),
  async write(connection, units) {
    const values = units.flat();
    const rows = values.length / emptyRow.length;
    const size = sizeFor(rows);
    for (let missing = size - rows; missing > 0; missing -= 1) {
      values.push(...emptyRow);
    }
    await connection.run(writeStatement(size), values);
  },
});
