/** Opens a store by its address: a SQLite file, or a PostgreSQL database that any number of servers share. */
import type { Clock } from '../clock.js';
import { openPostgres } from './openPostgres.js';
import { openSqlite } from './openSqlite.js';
import { isPostgres } from './place.js';
import type { Store, StoreOptions } from './types.js';

/**
 * Opens the store at `options.url`, making the file if there is none, and brings its schema up to date.
 * Throws STORE_UNUSABLE with `{path, reason}` for what is no usable database, STORE_DRIVER_MISSING when no driver loads.
 */
export function openStore(options: StoreOptions, clock: Clock): Promise<Store> {
  return isPostgres(options.url) ? openPostgres(options, clock) : openSqlite(options, clock);
}
