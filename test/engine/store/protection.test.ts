import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../engine/store/database.js';
import { loadDriver } from '../../../engine/store/driver/load.js';
import { step, unit } from './sampleSteps.js';
import { createTestStore, type TestStore } from './testStore.js';

let test: TestStore;
/** A second connection with full rights, as a fault in our own code would have it. */
let database: Database;
beforeEach(async () => {
  test = await createTestStore();
  await test.store.records.commit(unit(step('record-000001', null, { search: 'printer' })));
  await test.store.definitions.publish({
    definitions: [{ hash: 'a'.repeat(64), process: 'incident', text: '{}', publishedAt: 1, publishedBy: 'ada', note: '', source: 'folder' }],
    activations: [{ process: 'incident', hash: 'a'.repeat(64), at: 1, by: 'ada', note: '', source: 'folder' }],
    references: [{ hash: 'b'.repeat(64), text: '{}', at: 1, by: 'ada' }],
  });
  await test.store.history.addCheckpoint({ sequence: 1, at: 1, records: 1, entries: 1, root: 'r', signature: 's', publicKey: 'k', heads: '[]' });
  database = await openDatabase(test.file, loadDriver('auto'));
});
afterEach(async () => {
  await database.close();
  await test.drop();
});

describe('what is append-only', () => {
  it.each(['history', 'definitions', 'activations', 'reference_versions', 'checkpoints'])(
    '%s refuses update, deletion and INSERT OR REPLACE',
    async (table) => {
      const [row] = await database.writer.all<Record<string, unknown>>(`SELECT * FROM ${table}`);
      const columns = Object.keys(row ?? {});
      const last = columns.at(-1);
      await expect(database.writer.run(`UPDATE ${table} SET ${last} = ${last}`)).rejects.toThrow('append-only');
      await expect(database.writer.run(`DELETE FROM ${table}`)).rejects.toThrow('append-only');
      await expect(database.writer.run(`INSERT OR REPLACE INTO ${table} SELECT * FROM ${table}`)).rejects.toThrow('append-only');
      expect(await database.writer.all(`SELECT * FROM ${table}`)).toEqual([row]);
    },
  );

  it('history_values change by erasure only', async () => {
    await expect(database.writer.run("UPDATE history_values SET content = '{}'")).rejects.toThrow('by erasure only');
    await expect(database.writer.run('DELETE FROM history_values')).rejects.toThrow('by erasure only');
    await expect(database.writer.run("INSERT OR REPLACE INTO history_values VALUES (1, '{}')")).rejects.toThrow('by erasure only');
  });

  it('gives each place in a chain to one entry only', async () => {
    await expect(
      database.writer.run(
        'INSERT INTO history SELECT 99, record, sequence, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, text, hash, previous_hash FROM history',
      ),
    ).rejects.toThrow('UNIQUE constraint failed: history.record, history.sequence');
  });
});

describe('what the columns refuse', () => {
  it.each([
    ["UPDATE records SET status = 'maybe'", 'CHECK'],
    ["UPDATE records SET state = '{'", 'CHECK'],
    ["UPDATE records SET title = printf('%.*c', 501, 'x')", 'CHECK'],
    ["UPDATE records SET version = 'abc'", 'cannot store TEXT'],
    ['UPDATE records SET importing = 2', 'CHECK'],
    ["INSERT INTO tokens VALUES ('t', 'nobody', '', 'h', 1, NULL)", 'FOREIGN KEY'],
  ])('%s', async (sql, reason) => {
    await expect(database.writer.run(sql)).rejects.toThrow(reason);
  });

  it('tells its caller only, and names the fault, when a unit holds what a column refuses', async () => {
    const long = step('record-000002', null, { columns: { title: 'x'.repeat(501) } });
    const results = await Promise.allSettled([test.store.records.commit(unit(long)), test.store.records.commit(unit(step('record-000003', null)))]);
    expect(results).toMatchObject([{ status: 'rejected', reason: { code: 'INTERNAL' } }, { status: 'fulfilled' }]);
  });
});

describe('erasing', () => {
  it('removes the values of the paths and below them, keeps text and hash, and leaves other records alone', async () => {
    const values = JSON.stringify({ 'data.name': ['salt', 'Ada'], 'data.name.first': ['salt', 'A'], 'data.namesake': ['salt', 'B'] });
    const made = step('record-000005', null);
    await test.store.records.commit(unit({ ...made, entry: { ...made.entry, values } }));
    await test.store.history.erase('record-000005', ['data.name'], 1);
    const [entry] = (await test.store.history.page({ record: 'record-000005', limit: 1 })).items;
    expect(JSON.parse(entry?.values ?? '')).toEqual({ 'data.namesake': ['salt', 'B'] });
    expect(entry).toMatchObject({ text: made.entry.text, hash: made.entry.hash });
    expect((await test.store.history.page({ record: 'record-000001', limit: 1 })).items[0]?.values).toContain('data.title');
    await expect(database.writer.run("UPDATE history_values SET content = '{}'")).rejects.toThrow('by erasure only');
  });

  it('forgets answers kept for repetition and effects already delivered', async () => {
    const row = {
      key: 'k:0',
      record: 'record-000006',
      sequence: 1,
      effect: { type: 'notify', to: ['ada'], message: 'm', params: { name: 'Ada' } },
      createdAt: 1,
    } as const;
    await test.store.records.commit({
      ...unit(step('record-000006', null, { outbox: [row] })),
      idempotency: { scope: 'ada POST key', bodyHash: 'h', answer: '"Ada"', expiresAt: Number.MAX_SAFE_INTEGER },
    });
    await test.store.queue.effectDone('k:0');
    await test.store.history.erase('record-000006', ['data.title'], 1);
    expect(await test.store.queue.idempotency('ada POST key', 0)).toBeNull();
    expect(await database.writer.all("SELECT effect FROM outbox WHERE record = 'record-000006'")).toEqual([{ effect: 'null' }]);
  });
});
