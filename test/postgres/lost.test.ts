import { describe, expect, it, onTestFinished } from 'vitest';
import { pause, systemClock } from '../../engine/clock.js';
import { openStore } from '../../engine/store/openStore.js';
import type { Store, StoreOptions } from '../../engine/store/types.js';
import { below, newDatabase } from '../databases.js';
import { step, unit } from '../engine/store/sampleSteps.js';
import { type Network, proxyTo } from './proxy.js';

interface Apart {
  readonly store: Store;
  readonly network: Network;
}

/** A store that reaches its database through a network that fails when told. */
async function apart(url: string, options: Partial<StoreOptions>): Promise<Apart> {
  const network = await proxyTo(Number(new URL(url).port));
  const store = await openStore({ url: network.through(url), ...options }, systemClock);
  onTestFinished(() => store.close());
  return { store, network };
}

async function emptyDatabase(): Promise<string> {
  const { url, drop } = await newDatabase('');
  onTestFinished(drop);
  return url;
}

/** The address for somebody who owns the database but may end no session, not even his own. */
async function forClerk(url: string): Promise<string> {
  const database = new URL(url).pathname.slice(1);
  const name = `clerk_of_${database}`;
  await below(
    url,
    `CREATE ROLE ${name} LOGIN; ALTER DATABASE ${database} OWNER TO ${name}; ALTER SCHEMA public OWNER TO ${name};
     REVOKE EXECUTE ON FUNCTION pg_terminate_backend (integer, bigint) FROM PUBLIC`,
  );
  return url.replace('charter@', `${name}@`);
}

const first = step('record-000001', null);

describe('a writer that lost its connection', () => {
  it('takes no more connections than it may while it can not be sure that the old one is gone', async () => {
    const { store, network } = await apart(await forClerk(await emptyDatabase()), { connections: 2 });
    network.cutNear();
    const made = network.made();
    const written = store.records.commit(unit(first));
    while (network.made() < made + 6) await pause(5);
    expect(store.connections?.().inUse).toBeLessThanOrEqual(2);
    network.cutFar();
    await written;
    expect((await store.records.byId(first.record.id))?.record).toEqual(first.record);
  });
});
