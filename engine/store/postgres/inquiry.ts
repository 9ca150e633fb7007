/**
 * Statements that take long are asked after, over a connection of their own. A network that drops what is sent tells nobody: without this
 * whoever waits for an answer would wait until the system gives up, a quarter of an hour later.
 */
import { every } from '../../clock.js';
import { faultOf } from '../failures.js';
import type { Address } from './address.js';
import { managerOf } from './connecting.js';
import { cut, type PgClient, within } from './connection.js';
import type { Patience } from './patience.js';

/** `unknown`: the server can not be asked just now, though it may be well. */
type Finding = 'at work' | 'idle' | 'gone' | 'unknown';

/** What a process of the server does. */
export type Inquiry = (pid: number) => Promise<Finding>;

/** A process that waits for its client was not asked in full, or what it says does not arrive. */
const atWork = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'";

/** A new connection each time: an old one may be cut, too. Who asks at the same time shares one answer. */
export function inquiryTo(primary: Address, patience: Patience): Inquiry {
  const manager = managerOf({ primary, replicas: [], most: 1, patience, connected: () => undefined });
  let asking: Promise<ReadonlySet<number> | 'gone' | 'unknown'> | null = null;

  async function ask(): Promise<ReadonlySet<number>> {
    const client = await manager.getConnection({ type: 'SELECT', useMaster: true });
    try {
      const { rows } = await within(client, patience.connect, () => client.query<{ pid: number }>(atWork));
      return new Set(rows.map(({ pid }) => pid));
    } finally {
      manager.pool.destroy(client);
    }
  }

  return async (pid) => {
    asking ??= ask()
      .catch((cause: unknown) => (faultOf(cause) === 'lost' ? 'gone' : 'unknown'))
      .finally(() => {
        asking = null;
      });
    const found = await asking;
    return typeof found === 'string' ? found : found.has(pid) ? 'at work' : 'idle';
  };
}

export interface Watched {
  readonly client: PgClient;
  readonly pid: number;
  readonly inquiry: Inquiry;
}

/** Carries out `work` however long it takes, while the server works on it, too; else cuts the connection, and with it `work`. */
export async function whileAtWork<T>({ client, pid, inquiry }: Watched, doubt: number, work: () => Promise<T>): Promise<T> {
  let over = false;
  let looking = false;
  let last: Finding = 'unknown';
  async function look(): Promise<void> {
    if (looking) {
      return;
    }
    looking = true;
    const found = await inquiry(pid);
    looking = false;
    // The first time its answer may have been under way.
    if (!over && (found === 'gone' || (found === 'idle' && last === 'idle'))) {
      cut(client);
    }
    last = found;
  }
  const stop = every(doubt, () => void look());
  try {
    return await work();
  } finally {
    over = true;
    stop();
  }
}
