/** Opens a store in a PostgreSQL database, 14 or newer, which any number of servers share: its schema, its settings, and the tables over it. */
import type { Clock } from '../clock.js';
import { EngineError } from '../errors.js';
import { assemble } from './assemble.js';
import type { Connection } from './connection.js';
import { copyBetween } from './copy/copyTables.js';
import { sideOf } from './copy/sides.js';
import { postgres } from './dialect/postgres.js';
import { openingFailure } from './failures.js';
import { migrate } from './migrate.js';
import { openSqlite } from './openSqlite.js';
import { addressOf, shown } from './postgres/address.js';
import { archiveOf } from './postgres/archive.js';
import { type HeldConnection, holdConnection } from './postgres/held.js';
import { exchangeNews } from './postgres/news.js';
import { waitForSchema } from './postgres/partitions.js';
import { createPool, type Pool } from './postgres/pool.js';
import { primaryReader, replicaReader } from './postgres/readers.js';
import { settingsOf, unfit } from './postgres/server.js';
import { postgresUnits } from './postgres/units.js';
import { createWriteFunction, writeFunction } from './postgres/writeFunction.js';
import type { Store, StoreOptions } from './types.js';
import { createWriter } from './writing/writer.js';

/** Connections to the primary: one writes, the others read. */
const usualConnections = 8;
/** One more hears what other servers tell. */
const listening = 1;
/**
 * Half of what a burst of callers brings: while one half is being written the other is decided, on another processor.
 */
const usualBatch = 32;

export async function openPostgres(options: StoreOptions, clock: Clock): Promise<Store> {
  const path = shown(addressOf(options.url));
  const most = (options.connections ?? usualConnections) + listening;
  const pool = createPool({ url: options.url, replicas: options.replicas ?? [], most, patience: options.patience });
  let held: HeldConnection | null = null;
  try {
    held = await holdConnection(pool);
    await checkServer(held, path);
    await prepareSchema(held, path, options);
    return storeOn({ pool, held }, { options, clock });
  } catch (cause) {
    // The pool waits for every connection to come back.
    await held?.close();
    await pool.close().catch(() => undefined);
    throw openingFailure(path, cause);
  }
}

async function checkServer(connection: Connection, path: string): Promise<void> {
  const reason = unfit(await settingsOf(connection));
  if (reason !== null) {
    throw new EngineError('STORE_UNUSABLE', { path, reason });
  }
}

async function prepareSchema(connection: Connection, path: string, { mustExist }: StoreOptions): Promise<void> {
  const [row] = await connection.all<{ present: boolean }>("SELECT to_regclass('schema_migrations') IS NOT NULL AS present");
  if (mustExist && !row?.present) {
    throw new EngineError('STORE_UNUSABLE', { path, reason: 'The database holds nothing of Charter.' });
  }
  await migrate({ connection, dialect: 'postgres', path });
  const [known] = await connection.all<{ present: boolean }>('SELECT to_regproc(?) IS NOT NULL AS present', [writeFunction]);
  if (!known?.present) {
    // Sent as one text, and so one transaction.
    await connection.exec(`${waitForSchema}; ${createWriteFunction}`);
  }
}

interface Opened {
  readonly pool: Pool;
  readonly held: HeldConnection;
}

function storeOn({ pool, held }: Opened, { options, clock }: { options: StoreOptions; clock: Clock }): Store {
  const reader = primaryReader(pool);
  const lists = (options.replicas ?? []).length > 0 ? replicaReader(pool, reader) : reader;
  const writer = createWriter(
    { connection: held, dialect: postgres, units: postgresUnits(clock) },
    { batch: usualBatch, ...options, check: () => undefined, regain: held.regain },
  );
  let closing: Promise<void> | null = null;
  const parts = assemble({ reader, lists, beside: reader, writer, dialect: postgres, clock, indexing: null });
  const { close: silence, ...told } = exchangeNews(parts, { pool, reader, now: () => clock.now() });
  return {
    ...parts,
    ...told,
    driver: 'pg',
    connections: pool.usage,
    historyArchive: archiveOf(() => sideOf(options.url, undefined)),
    settings: () => settingsOf(reader),
    async backup(file) {
      const copy = { url: `sqlite:${file}`, ...(options.driver ? { driver: options.driver } : {}) };
      await (await openSqlite(copy, clock)).close();
      await copyBetween(await sideOf(options.url, undefined), () => sideOf(copy.url, options.driver));
    },
    close: () =>
      (closing ??= writer
        .close()
        .then(() => parts.queue.releaseClaims().catch(() => undefined))
        .then(silence)
        .then(() => held.close())
        .then(() => pool.close())),
  };
}
