/** The connections of one store, and what becomes of those that no longer lead anywhere. */
import { every, monotonic } from '../../clock.js';
import { type Address, addressOf, shown } from './address.js';
import { type Backend, managerOf } from './connecting.js';
import { cut, type PgClient, within } from './connection.js';
import { type Inquiry, inquiryTo, whileAtWork } from './inquiry.js';
import { type Patience, patienceOf } from './patience.js';
import { createStandings, type Standings } from './standings.js';

export interface PoolOptions {
  readonly url: string;
  /** Addresses of replicas. */
  readonly replicas: readonly string[];
  /** Connections at most to the primary, and as many to the replicas. */
  readonly most: number;
  readonly patience?: Partial<Patience> | undefined;
}

export interface Pool {
  readonly patience: Patience;
  /** How the replicas are named, and how they stand. */
  readonly replicas: readonly string[];
  readonly standings: Standings;
  acquire(where: 'primary' | 'replica'): Promise<PgClient>;
  release(client: PgClient): void;
  /**
   * Ends a connection that broke. It is still in use, and would be counted as such for ever: Sequelize takes back only what is released, and what
   * is released it would give to the next.
   */
  discard(client: PgClient): void;
  backend(client: PgClient): Backend;
  /** The name of what it is connected to. */
  leadsTo(client: PgClient): string;
  /** Carries out what takes no time; cuts the connection when it does. */
  promptly<T>(client: PgClient, work: () => Promise<T>): Promise<T>;
  /** Carries out what may take long; cuts the connection when the server does not work on it, or is not there any more. */
  patiently<T>(client: PgClient, work: () => Promise<T>): Promise<T>;
  /** Connections open and in use, to the primary. */
  usage(): { readonly open: number; readonly inUse: number; readonly waiting: number };
  /** Waits for connections in use, for a while; then it cuts them. */
  close(): Promise<void>;
}

interface Known {
  readonly name: string;
  readonly backend: Backend;
  readonly inquiry: Inquiry;
}

/** Opens no connection yet. Throws STORE_UNUSABLE for an address that is none. */
export function createPool({ url, replicas, most, patience: given }: PoolOptions): Pool {
  const patience = patienceOf(given);
  const open = new Map<PgClient, Known>();
  const inquiries = new Map<string, Inquiry>();

  function inquiryOf(address: Address): Inquiry {
    const key = JSON.stringify(address);
    const known = inquiries.get(key) ?? inquiryTo(address, patience);
    inquiries.set(key, known);
    return known;
  }
  const primary = addressOf(url);
  const read = replicas.map(addressOf);
  // One that is the primary itself is never left alone.
  const names = new Set(read.map(shown).filter((name) => name !== shown(primary)));
  const standings = createStandings(patience.replica, monotonic);
  const manager = managerOf({
    primary,
    replicas: read,
    mayTry: (to) => !names.has(shown(to)) || standings.mayTry(shown(to)),
    failed: (to) => void (names.has(shown(to)) && standings.gone(shown(to))),
    most,
    patience,
    connected(client, { to, backend }) {
      open.set(client, { name: shown(to), backend, inquiry: inquiryOf(to) });
      client.on('end', () => void open.delete(client));
      standings.answered(shown(to));
    },
  });
  const backend = (client: PgClient): Backend => open.get(client)?.backend ?? { pid: 0, since: '' };

  return {
    patience,
    replicas: read.map(shown),
    standings,
    acquire: (where) => manager.getConnection({ type: 'SELECT', useMaster: where === 'primary' }),
    release: (client) => manager.releaseConnection(client),
    discard(client) {
      if (!client._invalid) {
        client._invalid = true;
        manager.pool.destroy(client);
      }
    },
    backend,
    leadsTo: (client) => open.get(client)?.name ?? '',
    promptly: (client, work) => within(client, patience.connect, work),
    patiently(client, work) {
      const known = open.get(client);
      return known ? whileAtWork({ client, pid: known.backend.pid, inquiry: known.inquiry }, patience.doubt, work) : work();
    },
    usage() {
      const { size, using, waiting } = manager.pool.write;
      return { open: size, inUse: using, waiting };
    },
    async close() {
      const stop = every(patience.connect, () => {
        for (const client of open.keys()) {
          cut(client);
        }
      });
      await manager.close();
      stop();
    },
  };
}
