/** The connection that writes. When it is lost nothing goes on by itself: a statement meant for a transaction must not run outside of it. */
import { monotonic, pause } from '../../clock.js';
import type { Connection } from '../connection.js';
import type { SqlRow, SqlValue } from '../driver/contract.js';
import { faultOf } from '../failures.js';
import { ask, type PgClient } from './connection.js';
import type { Pool } from './pool.js';

export interface HeldConnection extends Connection {
  /** Connects again, trying for a while, and sees to it that nothing of the lost connection is still under way. Rejects with the last failure. */
  regain(): Promise<void>;
}

/** How long callers wait for the database to come back, in milliseconds. */
const regainFor = 30_000;
const firstPause = 20;
const longestPause = 1_000;

/**
 * A batch waits for whoever holds its rows, and the writer has nobody to hurry for. New words of the full text are put in order a little at a
 * time: by PostgreSQL's own setting one batch in hundreds would do it for all of them, and its callers would wait for that.
 */
const settings = "SET statement_timeout = 0; SET lock_timeout = '30s'; SET gin_pending_list_limit = '256kB'";

interface Held {
  readonly client: PgClient;
  /** Which of the server's processes serves it: number and beginning, for numbers come again. */
  readonly backend: { readonly pid: number; readonly since: string };
}

const lostConnection = (): Error => Object.assign(new Error('Connection terminated'), { code: '08006' });

/** Rejects with the driver's own error when there is no connection to be had now. */
export async function holdConnection(pool: Pool): Promise<HeldConnection> {
  let held: Held = await hold(pool);
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
      return await work(held.client);
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
    const until = monotonic() + regainFor;
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
    all: <T = SqlRow>(sql: string, params?: readonly SqlValue[]) => using(async (client) => (await ask<T>(client, sql, params)).rows),
    run: (sql, params) => using(async (client) => (await ask(client, sql, params)).changes),
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
    await client.query(settings);
    const { rows } = await ask<{ pid: number; since: string }>(
      client,
      'SELECT pid, CAST(backend_start AS text) AS since FROM pg_stat_activity WHERE pid = pg_backend_pid()',
    );
    return { client, backend: rows[0] ?? { pid: 0, since: '' } };
  } catch (cause) {
    pool.discard(client);
    throw cause;
  }
}

/** A new connection, once nothing that the old one was sent can still be carried out. */
async function successor(pool: Pool, old: Held, until: number): Promise<Held> {
  const next = await hold(pool);
  try {
    await ended(next.client, old.backend, until);
    return next;
  } catch (cause) {
    // The pool counts it as in use until it is told otherwise.
    pool.discard(next.client);
    throw cause;
  }
}

const sessionOf = 'FROM pg_stat_activity WHERE pid = ? AND CAST(backend_start AS text) = ?';

/** The server may not have noticed yet that its client is gone, and still commit what it was sent. */
async function ended(client: PgClient, { pid, since }: Held['backend'], until: number): Promise<void> {
  while ((await ask(client, `SELECT 1 AS one ${sessionOf}`, [pid, since])).rows.length > 0) {
    if (monotonic() > until) {
      throw lostConnection();
    }
    // Only now: not every server lets its users end their sessions.
    await ask(client, `SELECT pg_terminate_backend(pid) AS ended ${sessionOf}`, [pid, since]);
    await pause(firstPause);
  }
}
