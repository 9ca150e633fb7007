/** One end of a copy: a connection of its own, so that what goes on in the store meanwhile is neither seen nor held up. */
import { openDatabase } from '../database.js';
import { loadDriver } from '../driver/load.js';
import { openingFailure } from '../failures.js';
import { fileOf } from '../file.js';
import { isPostgres } from '../place.js';
import { addressOf, shown } from '../postgres/address.js';
import { holdConnection } from '../postgres/held.js';
import { createPool } from '../postgres/pool.js';
import type { StoreOptions } from '../types.js';
import type { Side } from './copyTables.js';

/** Rejects with STORE_UNUSABLE when it can not be opened. */
export async function sideOf(url: string, driver: StoreOptions['driver']): Promise<Side> {
  if (isPostgres(url)) {
    const path = shown(addressOf(url));
    const pool = createPool({ url, replicas: [], most: 1 });
    const connection = await holdConnection(pool).catch(async (cause: unknown) => {
      await pool.close().catch(() => undefined);
      throw openingFailure(path, cause);
    });
    return { dialect: 'postgres', connection, path, close: () => connection.close().then(() => pool.close()) };
  }
  const path = fileOf(url);
  const database = await openDatabase(path, loadDriver(driver ?? 'auto')).catch((cause: unknown) => {
    throw openingFailure(path, cause);
  });
  return { dialect: 'sqlite', connection: database.writer, path, close: () => database.close() };
}
