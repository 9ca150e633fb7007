/** One server for one database file; any number on PostgreSQL. CLI commands beside it need no lock. */
import { closeSync, existsSync, openSync } from 'node:fs';
import type { Clock } from '../clock.js';
import { EngineError } from '../errors.js';
import { type Connection, connectionOn } from './connection.js';
import type { DriverDatabase } from './driver/contract.js';
import { openingFailure, sqliteCode } from './failures.js';
import { type StoreSource, sourceOf } from './sources.js';
import type { Store } from './types.js';

const holderKey = 'server-lock';

/**
 * Takes the lock that a server holds while it runs; resolves with how to give it back. Throws STORE_IN_USE, with who has it, while another server runs.
 * It is an operating system lock on a file beside the database (held as an exclusive SQLite transaction), so it ends with the process, however that ends.
 */
export async function lockServer(store: Store, holder: string, clock: Clock): Promise<() => Promise<void>> {
  if (store.dialect === 'postgres') {
    return async () => undefined;
  }
  const source = sourceOf(store);
  const path = `${source.file}-server`;
  const connection = await connect(source, path);
  try {
    // The lock file stays empty: an exclusive transaction locks it without writing.
    await connection.exec('PRAGMA busy_timeout=0; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE;');
  } catch (cause) {
    await connection.close();
    if (sqliteCode(cause) === 'SQLITE_BUSY') {
      throw new EngineError('STORE_IN_USE', { path: source.file, holder: await store.meta(holderKey) }, { cause });
    }
    throw openingFailure(path, cause);
  }
  await store.setMeta(holderKey, `${holder}, process ${process.pid}, since ${new Date(clock.now()).toISOString()}`).catch(() => undefined);
  return () => connection.close();
}

async function connect({ driver }: StoreSource, path: string): Promise<Connection> {
  const { Database, OPEN_CREATE, OPEN_READWRITE } = driver.module;
  try {
    // Never open it otherwise while it exists: closing any handle of a file drops all locks that this process has on it.
    if (!existsSync(path)) {
      closeSync(openSync(path, 'a', 0o600));
    }
    const database = await new Promise<DriverDatabase>((resolve, reject) => {
      const made: DriverDatabase = new Database(path, OPEN_READWRITE | OPEN_CREATE, (error) => (error ? reject(error) : resolve(made)));
    });
    return connectionOn(database);
  } catch (cause) {
    throw openingFailure(path, cause);
  }
}
