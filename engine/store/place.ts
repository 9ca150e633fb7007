/** Where an address leads: how it is named without its password, whether something is there, and whether two lead to the same place. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openingFailure } from './failures.js';
import { fileOf } from './file.js';
import { addressOf, inClear, shown } from './postgres/address.js';
import { ask } from './postgres/connection.js';
import { createPool } from './postgres/pool.js';

export const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url);

/** The file, or host and database. Throws STORE_UNUSABLE for what is no address. */
export function placeOf(url: string): string {
  if (isPostgres(url)) {
    return shown(addressOf(url));
  }
  const file = fileOf(url);
  const folder = dirname(file);
  // Links may lead to one file by two names.
  return existsSync(file) ? realpathSync(file) : existsSync(folder) ? join(realpathSync(folder), basename(file)) : file;
}

/** Whether it leads to another machine, and without TLS. Throws STORE_UNUSABLE for what is no address. */
export const travelsInClear = (url: string): boolean => isPostgres(url) && inClear(addressOf(url));

/** Whether Charter keeps something there. Makes nothing. Throws STORE_UNUSABLE when a PostgreSQL can not be asked. */
export async function storeExists(url: string): Promise<boolean> {
  if (!isPostgres(url)) {
    return existsSync(fileOf(url));
  }
  const pool = createPool({ url, replicas: [], most: 1 });
  try {
    const client = await pool.acquire('primary');
    try {
      const { rows } = await pool.promptly(client, () => ask<{ present: boolean }>(client, "SELECT to_regclass('schema_migrations') IS NOT NULL AS present"));
      return rows[0]?.present === true;
    } finally {
      // The pool waits for it when it is closed.
      pool.release(client);
    }
  } catch (cause) {
    throw openingFailure(placeOf(url), cause);
  } finally {
    await pool.close().catch(() => undefined);
  }
}
