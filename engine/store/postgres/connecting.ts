/** Connections to PostgreSQL. Sequelize opens, pools and spreads them over replicas; nothing else in the product does. */
import { createRequire } from 'node:module';
import type { Address } from './address.js';
import { cut, type PgClient } from './connection.js';
import { limitedDriver } from './limitedDriver.js';
import type { Patience } from './patience.js';

const load = createRequire(import.meta.url);
const { Sequelize } = load('sequelize') as typeof import('sequelize');

/** Which of the server's processes serves a connection: number and beginning, for numbers come again. */
export interface Backend {
  readonly pid: number;
  readonly since: string;
}

export interface Connecting {
  readonly primary: Address;
  readonly replicas: readonly Address[];
  /** Connections at most to the primary, and as many to the replicas. */
  readonly most: number;
  readonly patience: Patience;
  /** Whether to connect there now. */
  readonly mayTry?: (to: Address) => boolean;
  /** Told of a connection that could not be opened. */
  readonly failed?: (to: Address) => void;
  /** Told of each connection before it is given to anybody. */
  readonly connected: (client: PgClient, made: { readonly to: Address; readonly backend: Backend }) => void;
}

/** Sequelize 6 has no public way to hold a connection; its dialects all have this one. */
export interface Manager {
  readonly pool: { readonly write: InnerPool; readonly read: InnerPool; destroy(client: PgClient): void };
  getConnection(options: { type: string; useMaster: boolean }): Promise<PgClient>;
  releaseConnection(client: PgClient): void;
  close(): Promise<void>;
}
interface InnerPool {
  readonly size: number;
  readonly using: number;
  readonly waiting: number;
}

const idleFor = 30_000;

/**
 * Whatever a server's default is: a step is acknowledged when it is on disk, a server that hangs does not keep its locks, and a page does not
 * hold a connection for ever. JIT would compile for longer than our queries run.
 */
const settings =
  "SET synchronous_commit = on; SET idle_in_transaction_session_timeout = '60s'; SET statement_timeout = '60s'; SET jit = off; SET search_path = public";
const whoServes = 'SELECT pid, CAST(backend_start AS text) AS since FROM pg_stat_activity WHERE pid = pg_backend_pid()';

/** Opens no connection yet. */
export function managerOf({ primary, replicas, most, patience, mayTry, failed, connected }: Connecting): Manager {
  const place = (address: Address) => {
    const { ssl, ...plain } = address;
    return { ...plain, address, dialectOptions: { application_name: 'charter', keepAlive: true, ssl } };
  };
  const { driver, opened } = limitedDriver({
    addresses: [primary, ...replicas],
    limitOf: (to) => (replicas.includes(to) ? patience.replica : patience.connect),
    failed: (to) => failed?.(to),
  });
  function beforeConnect(config: unknown): void {
    if (mayTry?.(addressIn(config)) === false) {
      throw Object.assign(new Error('Connection terminated'), { code: '08001' });
    }
  }
  async function afterConnect(client: unknown, config: unknown): Promise<void> {
    const made = client as PgClient;
    const backend = await begin(made).catch((cause: unknown) => {
      // Sequelize forgets it as it is.
      cut(made);
      throw cause;
    });
    opened(made);
    connected(made, { to: addressIn(config), backend });
  }
  const options = {
    dialect: 'postgres' as const,
    dialectModule: driver,
    replication: { write: place(primary), read: replicas.map(place) },
    // Else it opens a connection only to ask for the version.
    databaseVersion: '14.0.0',
    // A connection that can not be had says so before the wait for one is over.
    pool: { max: most, min: 0, acquire: patience.connect * 2, idle: idleFor },
    hooks: { beforeConnect, afterConnect },
    logging: false as const,
  };
  const manager = new Sequelize(options).connectionManager as unknown as Manager;
  sparingUnfinished(manager);
  return manager;
}

/** Sequelize hands on what it was given of each place, as a copy. */
const addressIn = (config: unknown): Address => (config as { readonly address: Address }).address;

async function begin(client: PgClient): Promise<Backend> {
  const answers = (await client.query(`${settings}; ${whoServes}`)) as unknown as readonly { readonly rows: readonly Backend[] }[];
  return answers.at(-1)?.rows[0] ?? { pid: 0, since: '' };
}

/** A connection that breaks before Sequelize has said which pool it is for makes it throw where nobody catches. It is in none yet. */
function sparingUnfinished({ pool }: Manager): void {
  const { destroy } = pool;
  pool.destroy = (client) => {
    if (client.queryType !== undefined) {
      destroy(client);
    }
  };
}
