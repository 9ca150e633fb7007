/** Copies a whole store into another database: from SQLite to PostgreSQL, back, or into a file of its own. */
import { systemClock } from '../../clock.js';
import { EngineError } from '../../errors.js';
import { openStore } from '../openStore.js';
import { placeOf } from '../place.js';
import type { StoreOptions } from '../types.js';
import { copyBetween } from './copyTables.js';
import { sideOf } from './sides.js';

export interface CopyOptions {
  readonly from: string;
  /** A database without records; a file that does not exist yet is made. */
  readonly to: string;
  readonly driver?: StoreOptions['driver'];
}

export interface CopyReport {
  /** Both ends, named without passwords. */
  readonly from: string;
  readonly to: string;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Copies everything that is in the store at one moment, also while servers work on it. Whole or not at all.
 * Throws STORE_UNUSABLE when one can not be opened or the target is not empty.
 */
export async function copyStore({ from, to, driver }: CopyOptions): Promise<CopyReport> {
  const own = driver === undefined ? {} : { driver };
  const places = { from: placeOf(from), to: placeOf(to) };
  if (places.from === places.to) {
    throw new EngineError('STORE_UNUSABLE', { path: places.to, reason: 'It is the database that is to be copied.' });
  }
  // Opening brings both to the schema of this version.
  await (await openStore({ url: from, mustExist: true, ...own }, systemClock)).close();
  await (await openStore({ url: to, mayBeEmpty: true, ...own }, systemClock)).close();
  return { ...places, rows: await copyBetween(await sideOf(from, driver), () => sideOf(to, driver)) };
}
