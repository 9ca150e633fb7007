/** Hears what other servers tell (LISTEN), on a connection of its own. When that is lost it connects again, and says that anything may have been missed. */
import { every, pause } from '../../clock.js';
import type { PgClient } from './connection.js';
import type { Pool } from './pool.js';

export const channel = 'charter';

export interface Hearing {
  heard(payload: string): void;
  /** The connection was gone for a while. */
  missed(): void;
}

const firstPause = 50;
const longestPause = 5_000;

/** Listens until it is stopped. */
export function listen(pool: Pool, { heard, missed }: Hearing): () => void {
  let stopped = false;
  let current: PgClient | null = null;

  async function hear(first: boolean, listening: () => void): Promise<void> {
    const client = await pool.acquire('primary');
    let stopTrying = (): void => undefined;
    try {
      const ended = new Promise<void>((resolve) => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
        stopTrying = every(pool.patience.silence, () => void pool.promptly(client, () => client.query('SELECT 1')).catch(() => resolve()));
      });
      client.on('notification', ({ payload }) => heard(payload ?? ''));
      await pool.promptly(client, () => client.query(`LISTEN ${channel}`));
      current = client;
      listening();
      if (!first) {
        missed();
      }
      if (!stopped) {
        await ended;
      }
    } finally {
      current = null;
      stopTrying();
      pool.discard(client);
    }
  }

  async function run(): Promise<void> {
    let wait = firstPause;
    for (let first = true; !stopped; first = false) {
      await hear(first, () => {
        wait = firstPause;
      }).catch(() => undefined);
      if (!stopped) {
        await pause(wait);
        wait = Math.min(wait * 2, longestPause);
      }
    }
  }

  void run();
  return () => {
    stopped = true;
    if (current) {
      pool.discard(current);
    }
  };
}
