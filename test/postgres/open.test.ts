import { appendFileSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createManualClock } from '../../engine/clock.js';
import { openStore } from '../../engine/store/index.js';
import { unfit } from '../../engine/store/postgres/server.js';
import type { Store, StoreOptions } from '../../engine/store/types.js';
import { below, newDatabase, onPostgres, rowsBelow } from '../databases.js';
import { step, unit } from '../engine/store/sampleSteps.js';
import { createCluster } from './cluster.js';

const clock = createManualClock(0);
const stores: Store[] = [];
let url: string;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ url, drop } = await newDatabase(''));
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await drop();
});

async function open(at = url, options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ url: at, ...options }, clock);
  stores.push(store);
  return store;
}

const unusable = (reason: RegExp): unknown =>
  expect.objectContaining({
    code: 'STORE_UNUSABLE',
    facts: expect.objectContaining({ path: expect.stringMatching(/^postgres:\/\/[^@]*$/), reason: expect.stringMatching(reason) }),
  });

/** The refusal, and that its text has no password in it. */
async function refused(at: string, reason: RegExp, options: Partial<StoreOptions> = {}): Promise<void> {
  const error = await open(at, options).then(
    () => null,
    (thrown: unknown) => thrown as { message: string; facts: unknown },
  );
  expect(error).toEqual(unusable(reason));
  expect(JSON.stringify([error?.message, error?.facts])).not.toContain('hunter2');
}

const withPassword = (at: string, password: string): string => at.replace('charter@', `charter:${password}@`);
const another = (at: string, database: string): string => at.replace(/[^/]+$/, database);

describe('opening a store in PostgreSQL', () => {
  it('finds everything again after a restart', async () => {
    const first = step('record-000001', null);
    const before = await open();
    await before.records.commit(unit(first));
    await before.close();
    expect((await (await open()).records.byId('record-000001'))?.record).toEqual(first.record);
  });

  it('acknowledges only what is on disk, whatever the database was set to', async () => {
    await below(url, `ALTER DATABASE ${url.split('/').at(-1)} SET synchronous_commit = off`);
    expect(await (await open()).settings()).toMatchObject({ fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', in_recovery: 'false' });
  });

  it('makes the schema once, however many open it at the same time', async () => {
    await Promise.all([open(), open(), open(), open()]);
    expect(await rowsBelow(url, "SELECT count(*)::int AS n FROM schema_migrations WHERE name = '0001-first'")).toEqual([{ n: 1 }]);
  });

  it('refuses a database that must exist and holds nothing, and makes nothing', async () => {
    await refused(url, /holds nothing of Charter/, { mustExist: true });
    expect(await rowsBelow(url, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  it('refuses a database that is not there, a server that does not answer, a host that does not exist, an address that is none', async () => {
    await refused(withPassword(another(url, 'nowhere'), 'hunter2'), /no such database/);
    await refused('postgres://charter:hunter2@127.0.0.1:1/charter', /No PostgreSQL answers there/);
    await refused('postgres://charter:hunter2@127.0.0.1:1/', /names no database/);
    await refused(`${withPassword(url, 'hunter2')}?sslmode=perhaps`, /sslmode must be one of/);
    await refused('postgres://charter:hunter2%@127.0.0.1/charter', /must read postgres:/);
    await refused('postgres://charter:hunter2@127.0.0.1/100%', /must read postgres:/);
  });

  it('refuses what it does not know in an address, rather than do without it', async () => {
    const at = withPassword(url, 'hunter2');
    await refused(`${at}?sslmode=verify-full&sslrootcert=/etc/ca.pem`, /sslrootcert.*NODE_EXTRA_CA_CERTS/);
    await refused(`${at}?pgbouncer=true`, /has pgbouncer, which means nothing here/);
  });

  it("refuses another program's database, and leaves it as it was", async () => {
    await below(url, 'CREATE TABLE songs (title text)');
    await refused(url, /another program/);
    expect(await rowsBelow(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([{ tablename: 'songs' }]);
  });

  it('refuses a schema newer than it knows', async () => {
    await (await open()).close();
    await below(url, "INSERT INTO schema_migrations VALUES ('9999-from-the-future')");
    await refused(url, /newer version of Charter/);
  });

  it('refuses a database of another encoding', async () => {
    const name = `latin_${url.slice(-12)}`;
    await below(another(url, 'postgres'), `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
    onTestFinished(() => below(another(url, 'postgres'), `DROP DATABASE ${name}`));
    await refused(another(url, name), /encoding is LATIN1; it must be UTF8/);
  });

  it('refuses a server that is older than 14', () => {
    const sound = { server_version: '14.0', server_version_num: '140000', fsync: 'on', full_page_writes: 'on', server_encoding: 'UTF8', in_recovery: 'false' };
    expect(unfit(sound)).toBeNull();
    expect(unfit({ ...sound, server_version: '13.14', server_version_num: '130014' })).toMatch(/13\.14 is too old/);
    expect(unfit({ ...sound, full_page_writes: 'off' })).toMatch(/may be lost/);
  });

  it('refuses a server that does not wait for its disk', async () => {
    const cluster = await createCluster({ settings: { fsync: 'off' } });
    onTestFinished(() => cluster.remove());
    await refused(cluster.url('postgres'), /fsync or full_page_writes off/);
  });

  it('refuses a wrong password without repeating it, and a replica in place of the primary', async () => {
    const cluster = await createCluster();
    onTestFinished(() => cluster.remove());
    for (const sql of ["ALTER USER charter PASSWORD 'right'", 'CREATE DATABASE charter']) await below(cluster.url('postgres'), sql);
    const rules = join(cluster.folder, 'pg_hba.conf');
    const trusted = readFileSync(rules, 'utf8');
    writeFileSync(rules, 'host all all 127.0.0.1/32 scram-sha-256\n');
    await onPostgres(cluster.url('charter'), (client) => client.query('SELECT pg_reload_conf()'));
    await expect
      .poll(() => open(withPassword(cluster.url('charter'), 'hunter2')).catch((error: unknown) => error))
      .toEqual(unusable(/refuses the user or password/));
    await refused(withPassword(cluster.url('charter'), 'hunter2'), /refuses the user or password/);
    await (await open(withPassword(cluster.url('charter'), 'right'))).close();

    writeFileSync(rules, trusted);
    await cluster.stop();
    const signal = join(cluster.folder, 'standby.signal');
    appendFileSync(signal, '');
    const { uid, gid } = statSync(rules);
    chownSync(signal, uid, gid);
    await cluster.start();
    await refused(withPassword(cluster.url('charter'), 'hunter2'), /is a replica/);
  });

  it('answers nothing more once it is closed', async () => {
    const store = await open();
    await store.close();
    await expect(store.setMeta('a', 'b')).rejects.toMatchObject({ code: 'STORE_UNUSABLE' });
  });
});
