/** Queries outside the writer. What decides reads the primary; lists and reports may read a replica that has seen everything. */
import { every, monotonic, pause } from '../../clock.js';
import type { Reader } from '../database.js';
import type { SqlValue } from '../driver/contract.js';
import { failure, faultOf } from '../failures.js';
import { ask, type PgClient, within } from './connection.js';
import type { Pool } from './pool.js';
import type { Statements } from './statements.js';

/** Milliseconds between two tries while the database can not be reached. */
const between = 100;

/** Uses a connection of its own for each query, so each is a transaction by itself. `statements`: names of its own, where they are not those of all readers. */
export function primaryReader(pool: Pool, statements?: Statements): Reader {
  return {
    async all<T>(sql: string, params?: readonly SqlValue[]): Promise<T[]> {
      for (let since: number | null = null; ; ) {
        try {
          return await onConnection(pool, async (client) => (await ask<T>(client, sql, params, statements)).rows);
        } catch (cause) {
          // It may have taken long to find out.
          since ??= monotonic();
          if (faultOf(cause) !== 'lost' || monotonic() - since > pool.patience.reread) {
            throw failure(cause);
          }
          await pause(between);
        }
      }
    },
  };
}

/** How often a replica is asked whether it has caught up, and how long it is waited for. */
const askEvery = 3;
const waitFor = 60;
/** Connections to replicas that are left alone are ended as they come up; there may be some. */
const mostTries = 20;

/**
 * Reads a replica once it has replayed all that the primary had made durable when the query began, so that everybody sees what was acknowledged
 * to him, on whichever server. One that is too far behind, gone, or silent is passed over, and left alone for a while (`standings.ts`).
 */
export function replicaReader(pool: Pool, primary: Reader): Reader {
  const { standings, replicas, patience } = pool;
  const anyAtHand = (): boolean => replicas.some((one) => !standings.away(one));

  /** Null when no replica can answer now. */
  async function fromReplica<T>(work: (client: PgClient) => Promise<T>, place: string): Promise<T | null> {
    for (let left = mostTries; left > 0 && anyAtHand(); left -= 1) {
      const client = await soon(pool, patience.replica).catch(() => 'failed' as const);
      if (client === null) {
        return null;
      }
      if (client === 'failed') {
        continue;
      }
      const seen = standings.away(pool.leadsTo(client)) ? null : await hasSeen(pool, client, place);
      if (seen === true) {
        return await using(pool, client, work);
      }
      pool.discard(client);
    }
    return null;
  }
  return {
    async all<T>(sql: string, params?: readonly SqlValue[]): Promise<T[]> {
      if (!anyAtHand()) {
        return primary.all<T>(sql, params);
      }
      const [now] = await primary.all<{ place: string }>('SELECT CAST(pg_current_wal_flush_lsn() AS text) AS place');
      const rows = await fromReplica(async (client) => (await ask<T>(client, sql, params)).rows, now?.place ?? '').catch(() => null);
      return rows ?? primary.all<T>(sql, params);
    },
  };
}

/** A connection to a replica, or null when all are in use and none comes free in time. */
async function soon(pool: Pool, ms: number): Promise<PgClient | null> {
  let late = false;
  const acquired = pool.acquire('replica').then((client) => {
    if (late) {
      pool.release(client);
    }
    return client;
  });
  let stop = (): void => undefined;
  const passed = new Promise<null>((resolve) => {
    stop = every(ms, () => {
      late = true;
      resolve(null);
    });
  });
  return Promise.race([acquired, passed]).finally(stop);
}

/** Whether it has caught up with what is to be read; how it stands is noted. */
async function hasSeen(pool: Pool, client: PgClient, place: string): Promise<boolean> {
  const name = pool.leadsTo(client);
  try {
    const seen = await within(client, pool.patience.replica, () => caughtUp(client, place));
    if (!seen) {
      pool.standings.behind(name);
    }
    return seen;
  } catch {
    pool.standings.gone(name);
    return false;
  }
}

async function caughtUp(client: PgClient, place: string): Promise<boolean> {
  const began = monotonic();
  for (;;) {
    const { rows } = await ask<{ seen: boolean | null }>(client, 'SELECT pg_last_wal_replay_lsn() >= CAST(? AS pg_lsn) AS seen', [place]);
    if (rows[0]?.seen !== false || monotonic() - began > waitFor) {
      return rows[0]?.seen === true;
    }
    await pause(askEvery);
  }
}

const onConnection = async <T>(pool: Pool, work: (client: PgClient) => Promise<T>): Promise<T> => using(pool, await pool.acquire('primary'), work);

/** Gives it back afterwards, or ends it. */
async function using<T>(pool: Pool, client: PgClient, work: (client: PgClient) => Promise<T>): Promise<T> {
  try {
    return await pool.patiently(client, () => work(client));
  } catch (cause) {
    if (faultOf(cause) === 'lost') {
      pool.discard(client);
    }
    throw cause;
  } finally {
    if (!client._invalid) {
      pool.release(client);
    }
  }
}
