import { appendFileSync, chownSync, cpSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { pause, systemClock } from '../../engine/clock.js';
import { openStore } from '../../engine/store/openStore.js';
import type { Patience } from '../../engine/store/postgres/patience.js';
import type { Store } from '../../engine/store/types.js';
import { onPostgres, rowsBelow } from '../databases.js';
import { step, unit } from '../engine/store/sampleSteps.js';
import { type Cluster, createCluster } from './cluster.js';
import { proxyTo } from './proxy.js';

const database = 'replicated';
let primary: Cluster;
let replica: Cluster;

beforeAll(async () => {
  primary = await createCluster({ settings: { wal_keep_size: '256MB' } });
  await onPostgres(primary.url('postgres'), (client) => client.query(`CREATE DATABASE ${database}`));
  replica = await replicaOf(primary);
});
afterAll(async () => {
  await replica.remove();
  await primary.remove();
});

/** A streaming replica made from a copy of the files of a PostgreSQL that runs, as pg_basebackup makes one. */
function replicaOf(from: Cluster): Promise<Cluster> {
  const data = (folder: string): Promise<void> =>
    onPostgres(from.url('postgres'), async (client) => {
      await client.query("SELECT pg_backup_start('a replica', true)");
      cpSync(from.folder, folder, { recursive: true, filter: (path) => !path.endsWith('postmaster.pid') && !path.endsWith('postmaster.opts') });
      const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
      writeFileSync(join(folder, 'backup_label'), rows[0]?.labelfile ?? '');
      writeFileSync(join(folder, 'standby.signal'), '');
      appendFileSync(join(folder, 'postgresql.auto.conf'), `primary_conninfo = 'host=127.0.0.1 port=${from.port} user=charter'\n`);
      giveTo(from.folder, folder);
    });
  return createCluster({ data });
}

/** To whoever the files of the other belong. */
function giveTo(like: string, folder: string): void {
  const { uid, gid } = statSync(like);
  for (const path of [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))]) chownSync(path, uid, gid);
}

async function open(replicas = [replica.url(database)], patience: Partial<Patience> = {}): Promise<Store> {
  const store = await openStore({ url: primary.url(database), replicas, patience }, systemClock);
  onTestFinished(() => store.close());
  return store;
}

let made = 0;
const everything = { all: '*', named: [], principals: [] } as const;
async function writeOne(store: Store): Promise<string> {
  made += 1;
  const first = step(`record-${String(made).padStart(6, '0')}`, null);
  await store.records.commit(unit(first));
  return first.record.id;
}
const listed = async (store: Store): Promise<readonly string[]> =>
  (await store.records.list({ limit: 500, scope: everything })).items.map(({ record }) => record.id);

/** Lists until the replica was read. */
async function listedThere(store: Store, id: string): Promise<void> {
  while (!(await queries(replica)).includes('FROM records')) {
    expect(await listed(store)).toContain(id);
    await pause(50);
  }
}

/** The last query of each connection that Charter has there. */
const queries = async (cluster: Cluster): Promise<string> =>
  JSON.stringify(await rowsBelow(cluster.url(database), "SELECT query FROM pg_stat_activity WHERE application_name = 'charter'"));

async function caughtUp(): Promise<void> {
  const [row] = await rowsBelow<{ place: string }>(primary.url(database), 'SELECT CAST(pg_current_wal_flush_lsn() AS text) AS place');
  const asked = `SELECT pg_last_wal_replay_lsn() >= '${row?.place}' AS seen`;
  while (!(await rowsBelow<{ seen: boolean }>(replica.url('postgres'), asked))[0]?.seen) await pause(10);
}

describe('a replica', () => {
  it('is what lists are read from, while records are read from the primary', async () => {
    const store = await open();
    const id = await writeOne(store);
    await caughtUp();
    await listedThere(store, id);
    expect(await queries(primary)).not.toContain('LIMIT');
    expect((await store.records.byId(id))?.record.id).toBe(id);
  });

  it('that is behind shows nobody less than he wrote', async () => {
    const store = await open();
    await caughtUp();
    const replay = (what: 'pause' | 'resume') => onPostgres(replica.url('postgres'), (client) => client.query(`SELECT pg_wal_replay_${what}()`));
    await replay('pause');
    try {
      for (let round = 0; round < 5; round += 1) {
        const id = await writeOne(store);
        expect(await listed(store)).toContain(id);
      }
    } finally {
      await replay('resume');
    }
  });

  it('that is gone is done without, and used again when it is back', async () => {
    const store = await open(undefined, { replica: 500 });
    const first = await writeOne(store);
    await listed(store);
    await replica.stop('immediate');
    const second = await writeOne(store);
    expect(await listed(store)).toEqual(expect.arrayContaining([first, second]));
    await replica.start();
    await caughtUp();
    await listedThere(store, second);
  });

  it('that falls silent is passed over, and used again when it answers', async () => {
    const network = await proxyTo(replica.port);
    const store = await open([network.through(replica.url(database))], { replica: 500 });
    const id = await writeOne(store);
    await caughtUp();
    await listedThere(store, id);
    network.mute('all');
    const second = await writeOne(store);
    expect(await listed(store)).toContain(second);
    network.cutFar();
    network.heal();
    await listedThere(store, id);
  });

  it('that falls silent leaves the others at work', async () => {
    const network = await proxyTo(replica.port);
    network.mute('all');
    const store = await open([network.through(replica.url(database)), replica.url(database)], { replica: 500 });
    const id = await writeOne(store);
    await caughtUp();
    while (network.made() === 0) expect(await listed(store)).toContain(id);
    await listedThere(store, id);
  });

  it('that is to be reached by TLS only is never reached in clear, though the primary is', async () => {
    const store = await open([`${replica.url(database)}?sslmode=require`]);
    const id = await writeOne(store);
    await caughtUp();
    expect(await listed(store)).toContain(id);
    expect(await queries(replica)).toBe('[]');
  });

  it('is no place to start a server on', async () => {
    await expect(openStore({ url: replica.url(database) }, systemClock)).rejects.toMatchObject({
      code: 'STORE_UNUSABLE',
      facts: { reason: expect.stringContaining('replica') },
    });
  });
});
