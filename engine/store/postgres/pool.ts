/** Connections to PostgreSQL. Sequelize opens, pools and spreads them over replicas; nothing else in the product does. */
import { createRequire } from 'node:module';
import { type Address, addressOf } from './address.js';
import type { PgClient } from './connection.js';

const load = createRequire(import.meta.url);
const { Sequelize } = load('sequelize') as typeof import('sequelize');

export interface PoolOptions {
  readonly url: string;
  /** Addresses of replicas. */
  readonly replicas: readonly string[];
  /** Connections at most to the primary, and as many to the replicas. */
  readonly most: number;
}

export interface Pool {
  acquire(where: 'primary' | 'replica'): Promise<PgClient>;
  release(client: PgClient): void;
  /** Ends a connection that broke. */
  discard(client: PgClient): void;
  /** Connections open and in use, to the primary. */
  usage(): { readonly open: number; readonly inUse: number; readonly waiting: number };
  close(): Promise<void>;
}

/** How long a caller waits for a connection, in milliseconds. */
const acquireFor = 10_000;
const idleFor = 30_000;

/**
 * Whatever a server's default is: a step is acknowledged when it is on disk, a server that hangs does not keep its locks, and a page does not
 * hold a connection for ever. JIT would compile for longer than our queries run.
 */
const settings =
  "SET synchronous_commit = on; SET idle_in_transaction_session_timeout = '60s'; SET statement_timeout = '60s'; SET jit = off; SET search_path = public";

interface Manager {
  readonly pool: InnerPool & { readonly write?: InnerPool };
  getConnection(options: { type: string; useMaster: boolean }): Promise<PgClient>;
  releaseConnection(client: PgClient): void;
  close(): Promise<void>;
}
interface InnerPool {
  readonly size: number;
  readonly using: number;
  readonly waiting: number;
  destroy(client: PgClient): Promise<void> | void;
}

/** Opens no connection yet. Throws STORE_UNUSABLE for an address that is none. */
export function createPool({ url, replicas, most }: PoolOptions): Pool {
  const primary = addressOf(url);
  const read = replicas.map((one) => plain(addressOf(one)));
  const options = {
    dialect: 'postgres' as const,
    dialectModule: load('pg') as object,
    ...plain(primary),
    ...(read.length > 0 ? { replication: { write: plain(primary), read } } : {}),
    dialectOptions: { application_name: 'charter', keepAlive: true, connectionTimeoutMillis: acquireFor, ssl: primary.ssl },
    // Else it opens a connection only to ask for the version.
    databaseVersion: '14.0.0',
    pool: { max: most, min: 0, acquire: acquireFor, idle: idleFor },
    hooks: { afterConnect: (client: unknown) => (client as PgClient).query(settings).then(() => undefined) },
    logging: false as const,
  };
  const sequelize = new Sequelize(options);
  // Sequelize 6 has no public way to hold a connection; its dialects all have this one.
  const manager = sequelize.connectionManager as unknown as Manager;
  return {
    acquire: (where) => manager.getConnection({ type: 'SELECT', useMaster: where === 'primary' }),
    release: (client) => manager.releaseConnection(client),
    discard(client) {
      if (!client._invalid) {
        client._invalid = true;
        // With replicas it gives no promise.
        void (async () => manager.pool.destroy(client))().catch(() => undefined);
      }
    },
    usage() {
      const { size, using, waiting } = manager.pool.write ?? manager.pool;
      return { open: size, inUse: using, waiting };
    },
    close: () => manager.close(),
  };
}

const plain = ({ host, port, username, password, database }: Address): Omit<Address, 'ssl'> => ({ host, port, username, password, database });
