/** The connection that writes. When it is lost nothing goes on by itself: a statement meant for a transaction must not run outside of it. */
import { monotonic, pause } from '../../clock.js';
import type { Connection } from '../connection.js';
import type { SqlRow, SqlValue } from '../driver/contract.js';
import { faultOf } from '../failures.js';
import type { Backend } from './connecting.js';
import { ask, type PgClient } from './connection.js';
import type { Patience } from './patience.js';
import type { Pool } from './pool.js';
import { createStatements } from './statements.js';

export interface HeldConnection extends Connection {
  /** Connects again, trying for a while, and sees to it that nothing of the lost connection is still under way. Rejects with the last failure. */
  regain(): Promise<void>;
}

const firstPause = 20;
const longestPause = 1_000;

/**
 * A batch waits for whoever holds its rows, and the writer has nobody to hurry for. New words of the full text are put in order a little at a
 * time: by PostgreSQL's own setting one batch in hundreds would do it for all of them, and its callers would wait for that.
 */
const settings = ({ lock }: Patience): string => `SET statement_timeout = 0; SET lock_timeout = ${lock}; SET gin_pending_list_limit = '256kB'`;

interface Held {
  readonly client: PgClient;
  readonly backend: Backend;
}

const lostConnection = (): Error => Object.assign(new Error('Connection terminated'), { code: '08006' });

/** Rejects with the driver's own error when there is no connection to be had now. */
export async function holdConnection(pool: Pool): Promise<HeldConnection> {
  let held: Held = await hold(pool);
  // Whatever is read, what is written is kept prepared.
  const statements = createStatements(1);
  let lost = false;
  let pending = 0;

  const lose = (): void => {
    lost = true;
    pool.discard(held.client);
  };
  const watch = ({ client }: Held): void => {
    const mine = (): void => void (client === held.client && lose());
    client.on('error', mine);
    client.on('end', mine);
  };
  watch(held);

  async function using<T>(work: (client: PgClient) => Promise<T>): Promise<T> {
    if (lost) {
      throw lostConnection();
    }
    pending += 1;
    try {
      const { client } = held;
      return await pool.patiently(client, () => work(client));
    } catch (cause) {
      if (faultOf(cause) === 'lost') {
        lose();
      }
      throw cause;
    } finally {
      pending -= 1;
    }
  }

  async function regain(): Promise<void> {
    const until = monotonic() + pool.patience.regain;
    for (let wait = firstPause; ; wait = Math.min(wait * 2, longestPause)) {
      try {
        held = await successor(pool, held, until);
        lost = false;
        watch(held);
        return;
      } catch (cause) {
        if (monotonic() > until) {
          throw cause;
        }
        await pause(wait);
      }
    }
  }

  return {
    all: <T = SqlRow>(sql: string, params?: readonly SqlValue[]) => using(async (client) => (await ask<T>(client, sql, params, statements)).rows),
    run: (sql, params) => using(async (client) => (await ask(client, sql, params, statements)).changes),
    exec: (sql) => using(async (client) => void (await client.query(sql))),
    pending: () => pending,
    regain,
    async close() {
      if (!lost) {
        lost = true;
        pool.release(held.client);
      }
    },
  };
}

async function hold(pool: Pool): Promise<Held> {
  const client = await pool.acquire('primary');
  try {
    await pool.promptly(client, () => client.query(settings(pool.patience)));
    return { client, backend: pool.backend(client) };
  } catch (cause) {
    pool.discard(client);
    throw cause;
  }
}

/** A new connection, once nothing that the old one was sent can still be carried out. */
async function successor(pool: Pool, old: Held, until: number): Promise<Held> {
  const next = await hold(pool);
  try {
    while (!(await pool.promptly(next.client, () => ended(next.client, old.backend)))) {
      if (monotonic() > until) {
        throw lostConnection();
      }
      await pause(firstPause);
    }
    return next;
  } catch (cause) {
    // The pool counts it as in use until it is told otherwise.
    pool.discard(next.client);
    throw cause;
  }
}

const sessionOf = 'FROM pg_stat_activity WHERE pid = ? AND CAST(backend_start AS text) = ?';

/** Whether the server has noticed that its client is gone; it might still commit what it was sent. If not, it is told. */
async function ended(client: PgClient, { pid, since }: Backend): Promise<boolean> {
  const { rows } = await ask(client, `SELECT 1 AS one ${sessionOf}`, [pid, since]);
  if (rows.length > 0) {
    // Only now: not every server lets its users end their sessions.
    await ask(client, `SELECT pg_terminate_backend(pid) AS ended ${sessionOf}`, [pid, since]);
  }
  return rows.length === 0;
}
