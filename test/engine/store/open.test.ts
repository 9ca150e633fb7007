import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../engine/clock.js';
import { connectionOn } from '../../../engine/store/connection.js';
import type { DriverDatabase, DriverModule } from '../../../engine/store/driver/contract.js';
import { openStore } from '../../../engine/store/index.js';
import type { Store, StoreOptions } from '../../../engine/store/types.js';
import { step, unit } from './sampleSteps.js';
import { createTestStore } from './testStore.js';

const clock = createManualClock(0);
let folder: string;
let file: string;
const stores: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-open-'));
  file = join(folder, 'charter.sqlite');
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ url: `sqlite:${file}`, ...options }, clock);
  stores.push(store);
  return store;
}

/** Another program's view of the file, by the library this process uses anyway. */
async function raw(script: string): Promise<void> {
  const { Database } = createRequire(import.meta.url)('sqlite3') as DriverModule;
  const database = await new Promise<DriverDatabase>((resolve, reject) => {
    const made: DriverDatabase = new Database(file, 6, (error) => (error ? reject(error) : resolve(made)));
  });
  const connection = connectionOn(database);
  await connection.exec(script).finally(() => connection.close());
}

const unusable = (reason: RegExp | string): unknown =>
  expect.objectContaining({ code: 'STORE_UNUSABLE', facts: expect.objectContaining({ path: expect.any(String), reason: expect.stringMatching(reason) }) });

describe('opening a store', () => {
  it('sets every connection for durable writing and reads the settings back', async () => {
    expect(await (await open()).settings()).toMatchObject({
      journal_mode: 'wal',
      synchronous: 2,
      foreign_keys: 1,
      recursive_triggers: 1,
      busy_timeout: 10_000,
      trusted_schema: 0,
    });
  });

  it('makes files that no one else can read', async () => {
    const store = await open();
    await store.setMeta('a', 'b');
    for (const end of ['', '-wal', '-shm']) {
      expect(statSync(file + end).mode & 0o777).toBe(0o600);
    }
  });

  it('finds everything again after a restart', async () => {
    const first = step('record-000001', null);
    const before = await open();
    await before.records.commit(unit(first));
    await before.close();
    expect((await (await open()).records.byId('record-000001'))?.record).toEqual(first.record);
  });

  it('takes up work that another connection in this process does', async () => {
    const [one, two] = [await open(), await open()];
    await one.setMeta('shared', 'yes');
    expect(await two.meta('shared')).toBe('yes');
  });

  it('refuses a folder that does not exist, and makes nothing', async () => {
    file = join(folder, 'absent', 'charter.sqlite');
    await expect(open()).rejects.toEqual(unusable('folder does not exist'));
    expect(() => statSync(join(folder, 'absent'))).toThrow();
  });

  it('refuses a missing file when it must exist, and makes nothing', async () => {
    await expect(open({ mustExist: true })).rejects.toEqual(unusable('no such file'));
    expect(() => statSync(file)).toThrow();
  });

  it('refuses to begin anew beside the log of a lost file', async () => {
    writeFileSync(`${file}-wal`, 'x');
    await expect(open()).rejects.toEqual(unusable('write-ahead log'));
  });

  it('refuses a folder in place of the file', async () => {
    mkdirSync(file);
    await expect(open()).rejects.toEqual(unusable('a folder where the database file should be'));
  });

  it('refuses a file in place of the folder', async () => {
    writeFileSync(join(folder, 'plain'), 'x');
    file = join(folder, 'plain', 'charter.sqlite');
    await expect(open()).rejects.toEqual(unusable('folder'));
  });

  it('refuses a file that is no database', async () => {
    writeFileSync(file, 'Dear diary, '.repeat(100));
    await expect(open()).rejects.toEqual(unusable('not a SQLite database'));
  });

  it('refuses an empty file unless it may be empty', async () => {
    writeFileSync(file, '');
    await expect(open()).rejects.toEqual(unusable('exists but is empty'));
    expect(await (await open({ mayBeEmpty: true })).history.counts()).toEqual({ records: 0, entries: 0 });
  });

  it('refuses a file whose end is missing', async () => {
    await (await open()).close();
    truncateSync(file, Math.floor(statSync(file).size / 2));
    await expect(open()).rejects.toEqual(unusable('end is missing'));
  });

  it('refuses a file that is damaged inside', async () => {
    await (await open()).close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096, 12_288);
    writeFileSync(file, bytes);
    await expect(open()).rejects.toEqual(unusable('damaged'));
  });

  it("refuses another program's database", async () => {
    await raw('CREATE TABLE songs (title TEXT)');
    await expect(open()).rejects.toEqual(unusable('another program'));
  });

  it('refuses a schema newer than it knows', async () => {
    await (await open()).close();
    await raw("INSERT INTO schema_migrations VALUES ('9999-from-the-future')");
    await expect(open()).rejects.toEqual(unusable('newer version of Charter'));
  });

  it('says that a PostgreSQL can not be reached, and refuses any other address, without repeating a password', async () => {
    const answer = openStore({ url: 'postgres://charter:hunter2@127.0.0.1:1/charter' }, clock);
    await expect(answer).rejects.toEqual(unusable('No PostgreSQL answers there'));
    expect(JSON.stringify(await answer.catch((error: { facts: unknown }) => error.facts))).not.toContain('hunter2');
    await expect(openStore({ url: 'mysql://somewhere' }, clock)).rejects.toEqual(unusable('sqlite:'));
  });

  it('leaves nothing that looks like a store when it fails while making one', async () => {
    // As root permissions do not refuse; a name too long for the draft does.
    file = join(folder, `${'x'.repeat(250)}`);
    await expect(open()).rejects.toMatchObject({ code: 'STORE_UNUSABLE' });
    expect(() => statSync(file)).toThrow();
  });

  it('copies itself into one file that opens as a store', async () => {
    const store = await open();
    await store.records.commit(unit(step('record-000001', null)));
    const copy = join(folder, 'copy.sqlite');
    await store.backup(copy);
    await expect(store.backup(copy)).rejects.toMatchObject({ code: expect.any(String) });
    file = copy;
    expect(await (await open()).history.counts()).toEqual({ records: 1, entries: 1 });
  });

  it('never opens one file through two libraries', async () => {
    await open({ driver: 'sqlite3' });
    await expect(open({ driver: 'node:sqlite' })).rejects.toMatchObject({ code: expect.stringMatching(/STORE_UNUSABLE|STORE_DRIVER_MISSING/) });
  });

  it('opens through node:sqlite where Node has it, and says what to do where it has not', async () => {
    const builtIn = (process as { getBuiltinModule?: (name: string) => unknown }).getBuiltinModule?.('node:sqlite');
    const answer = open({ driver: 'node:sqlite' });
    if (builtIn) {
      expect((await answer).driver).toBe('node:sqlite');
    } else {
      await expect(answer).rejects.toMatchObject({ code: 'STORE_DRIVER_MISSING', facts: { tried: { 'node:sqlite': expect.any(String) } } });
    }
  });

  it('answers nothing more once it is closed', async () => {
    const { store, drop } = await createTestStore();
    await drop();
    await expect(store.setMeta('a', 'b')).rejects.toMatchObject({ code: 'STORE_UNUSABLE' });
  });

  it('opens a copy of a file whose permissions were widened', async () => {
    await (await open()).close();
    copyFileSync(file, join(folder, 'wide.sqlite'));
    file = join(folder, 'wide.sqlite');
    chmodSync(file, 0o644);
    expect(await (await open()).history.counts()).toEqual({ records: 0, entries: 0 });
  });
});
