/** The driver, with a limit to opening a connection: Sequelize asks things of its own before it hands one over, and would wait for the answers for ever. */
import { createRequire } from 'node:module';
import { every } from '../../clock.js';
import type { Address } from './address.js';
import { cut, type PgClient } from './connection.js';

const pg = createRequire(import.meta.url)('pg') as typeof import('pg');

export interface Limits {
  /** All that will be connected to; if two are the same place the first counts. */
  readonly addresses: readonly Address[];
  /** Milliseconds. */
  readonly limitOf: (to: Address) => number;
  /** Told of a connection that could not be opened. */
  readonly failed: (to: Address) => void;
}

export interface LimitedDriver {
  /** In place of the module. */
  readonly driver: object;
  /** To be told when a connection is ready for use; else it is cut. */
  opened(client: PgClient): void;
}

export function limitedDriver({ addresses, limitOf, failed }: Limits): LimitedDriver {
  const opening = new WeakMap<PgClient, () => void>();
  class LimitedClient extends pg.Client {
    constructor(config: ConstructorParameters<typeof pg.Client>[0]) {
      super(config);
      const to = addresses.find(({ host, port, database }) => host === this.host && port === this.port && database === this.database);
      if (to) {
        watch(this, to);
      }
    }
  }
  function watch(client: LimitedClient, to: Address): void {
    const stop = every(limitOf(to), () => cut(client));
    opening.set(client, stop);
    client.once('end', () => {
      stop();
      if (opening.delete(client)) {
        failed(to);
      }
    });
  }
  return {
    driver: Object.create(pg, { Client: { value: LimitedClient } }) as object,
    opened(client) {
      opening.get(client)?.();
      opening.delete(client);
    },
  };
}
