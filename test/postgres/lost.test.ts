import { describe, expect, it, onTestFinished } from 'vitest';
import { pause, systemClock } from '../../engine/clock.js';
import { openStore } from '../../engine/store/openStore.js';
import type { Store, StoreOptions } from '../../engine/store/types.js';
import { below, newDatabase, onPostgres, rowsBelow } from '../databases.js';
import { step, unit } from '../engine/store/sampleSteps.js';
import { type Network, proxyTo } from './proxy.js';

interface Apart {
  readonly store: Store;
  readonly network: Network;
  /** Its database, past the network. */
  readonly url: string;
}

/** A store that reaches its database through a network that fails when told. */
async function apart(url: string, options: Partial<StoreOptions> = {}): Promise<Apart> {
  const network = await proxyTo(Number(new URL(url).port));
  const store = await openStore({ url: network.through(url), ...options }, systemClock);
  onTestFinished(() => store.close());
  return { store, network, url };
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

/** Looks soon. For what must be answered there is time enough on a busy machine. */
const patience = { doubt: 50 };
const found = async (store: Store): Promise<string | undefined> => (await store.records.byId(first.record.id))?.record.head;
const backends = (url: string): Promise<{ pid: number }[]> =>
  rowsBelow(url, "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'charter' ORDER BY pid");

describe('a network that drops what is sent, and tells nobody,', () => {
  it('holds up no step for longer than it takes to ask the server over another connection', async () => {
    const { store, network } = await apart(await emptyDatabase(), { patience });
    network.mute('these');
    await store.records.commit(unit(first));
    expect(await found(store)).toBe(first.record.head);
  });

  it('makes no step happen twice whose answer it dropped', async () => {
    const { store, network, url } = await apart(await emptyDatabase(), { patience });
    network.loseAnswers();
    await store.records.commit(unit(first));
    expect(await rowsBelow(url, 'SELECT CAST(count(*) AS int) AS entries FROM history')).toEqual([{ entries: 1 }]);
  });

  it('is got over when nothing passed for a while, by steps and by those who read', async () => {
    const { store, network } = await apart(await emptyDatabase(), { patience: { ...patience, connect: 300 } });
    await store.setMeta('told', 'before');
    expect(await store.meta('told')).toBe('before');
    network.mute('all');
    const made = network.made();
    const written = store.records.commit(unit(first));
    const read = store.meta('told');
    while (network.made() < made + 3) await pause(5);
    network.heal();
    await written;
    expect(await read).toBe('before');
    expect(await found(store)).toBe(first.record.head);
  });

  it('is noticed by who only listens; he then says that anything may have happened', async () => {
    const { store, network } = await apart(await emptyDatabase(), { patience: { connect: 500, silence: 50 } });
    let missed = 0;
    store.onNews(({ processes }) => void (missed += processes === null ? 1 : 0));
    const made = network.made();
    while (network.made() === made) await pause(5);
    network.mute('these');
    while (missed === 0) await pause(5);
  });

  it('does not keep a store from closing', async () => {
    const { store, network } = await apart(await emptyDatabase(), { patience: { connect: 200, doubt: 50, regain: 500, reread: 500 } });
    await Promise.all(['a', 'b', 'c'].map((key) => store.meta(key)));
    network.mute('all');
    await store.close();
  });
});

describe('a statement that takes long', () => {
  it('is waited for as long as the server works on it', async () => {
    const { store, network, url } = await apart(await emptyDatabase(), { patience });
    await store.setMeta('told', 'before');
    const before = await backends(url);
    await onPostgres(url, async (client) => {
      await client.query('BEGIN; LOCK TABLE meta IN EXCLUSIVE MODE');
      const made = network.made();
      const written = store.setMeta('told', 'after');
      while (network.made() < made + 5) await pause(5);
      await client.query('COMMIT');
      await written;
    });
    expect(await store.meta('told')).toBe('after');
    expect(await backends(url)).toEqual(expect.arrayContaining(before));
  });
});

describe('a connection that falls silent while it is being opened', () => {
  it('is given up, and another is opened', async () => {
    const { store, network } = await apart(await emptyDatabase(), { connections: 1, patience: { connect: 300 } });
    network.muteAt('SET TIME ZONE');
    expect(await store.meta('told')).toBe(null);
  });
});

describe('a connection that breaks while it is being opened', () => {
  it('is no more than an attempt that failed, also where there are replicas', async () => {
    const { url, drop } = await newDatabase('');
    onTestFinished(drop);
    const network = await proxyTo(Number(new URL(url).port));
    network.cutAt('SET ');
    await expect(openStore({ url: network.through(url), replicas: [network.through(url)] }, systemClock)).rejects.toMatchObject({
      code: 'STORE_UNUSABLE',
      facts: { reason: 'PostgreSQL can not be reached.' },
    });
    const store = await openStore({ url: network.through(url), replicas: [network.through(url)] }, systemClock);
    onTestFinished(() => store.close());
    await store.records.commit(unit(first));
    expect(await found(store)).toBe(first.record.head);
  });
});
