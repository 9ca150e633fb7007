/** Opens a store in a SQLite file: the file, its schema, its settings, and the tables over it. */
import type { Clock } from '../clock.js';
import { EngineError } from '../errors.js';
import type { JsonObject } from '../types.js';
import { assemble } from './assemble.js';
import type { Connection } from './connection.js';
import { type Database, openDatabase } from './database.js';
import { sqlite } from './dialect/sqlite.js';
import { prepareWrite } from './dialect/sqliteWrite.js';
import type { Driver } from './driver/contract.js';
import { loadDriver } from './driver/load.js';
import { failure, openingFailure } from './failures.js';
import { fileOf, makeFile, samePlace, stateOf } from './file.js';
import { migrate } from './migrate.js';
import { claimLibrary } from './oneLibrary.js';
import { rememberSource } from './sources.js';
import type { Store, StoreOptions } from './types.js';
import { createSearchIndexing } from './writing/searchIndexing.js';
import { sqliteUnits } from './writing/sqliteUnits.js';
import { createWriter } from './writing/writer.js';

export async function openSqlite(options: StoreOptions, clock: Clock): Promise<Store> {
  const file = fileOf(options.url);
  const driver = loadDriver(options.driver ?? 'auto');
  await prepareFile(file, driver, options).catch((cause: unknown) => {
    throw openingFailure(file, cause);
  });
  const release = claimLibrary(file, driver.name);
  let database: Database | null = null;
  try {
    database = await openDatabase(file, driver);
    await migrate({ connection: database.writer, dialect: 'sqlite', path: file });
    await checkContent(database.writer);
    await database.writer.exec(prepareWrite);
    await settingsOf(database);
    return await storeOn(database, { options, clock, release });
  } catch (cause) {
    await database?.close().catch(() => undefined);
    release();
    throw openingFailure(file, cause);
  }
}

async function prepareFile(file: string, driver: Driver, { mayBeEmpty, mustExist }: StoreOptions): Promise<void> {
  const state = stateOf(file);
  if (state === 'empty' && !mayBeEmpty) {
    throw new EngineError('STORE_UNUSABLE', {
      path: file,
      reason: 'The file exists but is empty: it holds no records. Remove it to begin anew, or restore a backup.',
    });
  }
  if (state === 'missing' && mustExist) {
    throw new EngineError('STORE_UNUSABLE', { path: file, reason: 'There is no such file.' });
  }
  if (state === 'missing') {
    await makeFile(file, async (draft) => {
      const database = await openDatabase(draft, driver);
      await migrate({ connection: database.writer, dialect: 'sqlite', path: draft }).finally(() => database.close());
    });
  }
}

/** Up to this size the whole file is checked at each start; above it `charter doctor` does. */
const checkedWhole = 32 * 1024 * 1024;

async function checkContent(connection: Connection): Promise<void> {
  const [size] = await connection.all<{ bytes: number }>('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size');
  if ((size?.bytes ?? 0) > checkedWhole) {
    return;
  }
  const [row] = await connection.all<{ quick_check: string }>('PRAGMA quick_check(1)');
  if (row?.quick_check !== 'ok') {
    throw Object.assign(new Error(row?.quick_check), { code: 'SQLITE_CORRUPT' });
  }
}

/** Reads back what each connection is really set to. Throws STORE_UNUSABLE when one differs. */
async function settingsOf(database: Database): Promise<JsonObject> {
  await database.reader.all('SELECT 1');
  let settings: JsonObject = {};
  for (const connection of database.connections()) {
    const expected = sqlite.expected[connection === database.writer ? 'writing' : 'reading'];
    const found: Record<string, string | number> = {};
    for (const name of Object.keys(expected)) {
      const [row] = await connection.all<Record<string, string | number>>(`PRAGMA ${name}`);
      found[name] = Object.values(row ?? {})[0] ?? '';
    }
    const wrong = Object.keys(expected).filter((name) => found[name] !== expected[name]);
    if (wrong.length > 0) {
      throw new EngineError('STORE_UNUSABLE', { path: database.file, reason: `SQLite did not accept the setting ${wrong.join(', ')}.`, found });
    }
    settings = found;
  }
  const [version] = await database.reader.all<{ version: string }>('SELECT sqlite_version() AS version');
  return { ...settings, sqlite_version: version?.version ?? '' };
}

interface Opening {
  readonly options: StoreOptions;
  readonly clock: Clock;
  readonly release: () => void;
}

async function storeOn(database: Database, { options, clock, release }: Opening): Promise<Store> {
  const { reader } = database;
  const indexing = createSearchIndexing({ reader, writer: () => writer });
  const units = sqliteUnits(clock);
  const writer = createWriter({ connection: database.writer, dialect: sqlite, units }, { ...options, check: samePlace(database.file) });
  await indexing.begin();
  const store: Store = {
    ...assemble({ reader, lists: reader, beside: null, writer, dialect: sqlite, clock, indexing }),
    driver: database.driver.name,
    onNews: () => () => undefined,
    connections() {
      const pending = database.connections().map((one) => one.pending());
      const inUse = pending.filter((calls) => calls > 0).length;
      return { open: pending.length, inUse, waiting: pending.reduce((sum, calls) => sum + calls, 0) - inUse };
    },
    historyArchive: null,
    settings: () => settingsOf(database),
    async backup(file) {
      const copy = sqlite.copyTo(file);
      // On a reading connection, so that writing goes on meanwhile.
      await reader.all(copy.sql, copy.params).catch((cause: unknown) => {
        throw failure(cause);
      });
    },
    close: once(() =>
      indexing
        .close()
        .then(() => writer.close())
        .then(() => database.close())
        .finally(release),
    ),
  };
  rememberSource(store, { file: database.file, driver: database.driver });
  return store;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | null = null;
  return () => (begun ??= work());
}
