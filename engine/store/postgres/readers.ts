/** Queries outside the writer. What decides reads the primary; lists and reports may read a replica that has seen everything. */
import { monotonic, pause } from '../../clock.js';
import type { Reader } from '../database.js';
import type { SqlValue } from '../driver/contract.js';
import { failure, faultOf } from '../failures.js';
import { ask, type PgClient } from './connection.js';
import type { Pool } from './pool.js';

/** Milliseconds between two tries while the database can not be reached. */
const between = 100;

/** Uses a connection of its own for each query, so each is a transaction by itself. */
export function primaryReader(pool: Pool): Reader {
  return {
    async all<T>(sql: string, params?: readonly SqlValue[]): Promise<T[]> {
      for (let since: number | null = null; ; ) {
        try {
          return await onConnection(pool, 'primary', async (client) => (await ask<T>(client, sql, params)).rows);
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
/** How long one that is behind or gone is not asked again, so that not every list waits for it. */
const leftFor = 1_000;

/**
 * Reads a replica once it has replayed all that the primary had made durable when the query began, so that everybody sees what was acknowledged
 * to him, on whichever server. One that is too far behind, or gone, is passed over for the primary.
 */
export function replicaReader(pool: Pool, primary: Reader): Reader {
  let awayUntil = 0;
  const leftAlone = (): null => {
    awayUntil = monotonic() + leftFor;
    return null;
  };
  return {
    async all<T>(sql: string, params?: readonly SqlValue[]): Promise<T[]> {
      if (monotonic() < awayUntil) {
        return primary.all<T>(sql, params);
      }
      const [now] = await primary.all<{ place: string }>('SELECT CAST(pg_current_wal_flush_lsn() AS text) AS place');
      const rows = await onConnection(pool, 'replica', async (client) =>
        (await caughtUp(client, now?.place ?? '')) ? (await ask<T>(client, sql, params)).rows : leftAlone(),
      ).catch(leftAlone);
      return rows ?? primary.all<T>(sql, params);
    },
  };
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

async function onConnection<T>(pool: Pool, where: 'primary' | 'replica', work: (client: PgClient) => Promise<T>): Promise<T> {
  const client = await pool.acquire(where);
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
