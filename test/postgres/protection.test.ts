import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { below, rowsBelow } from '../databases.js';
import { step, unit } from '../engine/store/sampleSteps.js';
import { createTestStore, type TestStore } from '../engine/store/testStore.js';

/** An id of November 2024, and one that tells no month. */
const [born, plain] = ['01933333-0000-7000-8000-000000000007', 'record-000001'];

let test: TestStore;
beforeEach(async () => {
  test = await createTestStore();
  for (const id of [born, plain]) await test.store.records.commit(unit(step(id, null, { search: 'printer' })));
  await test.store.definitions.publish({
    definitions: [{ hash: 'a'.repeat(64), process: 'incident', text: '{}', publishedAt: 1, publishedBy: 'ada', note: '', source: 'folder' }],
    activations: [{ process: 'incident', hash: 'a'.repeat(64), at: 1, by: 'ada', note: '', source: 'folder' }],
    references: [{ hash: 'b'.repeat(64), text: '{}', at: 1, by: 'ada' }],
  });
  await test.store.history.addCheckpoint({ sequence: 1, at: 1, records: 1, entries: 1, root: 'r', signature: 's', publicKey: 'k', heads: '[]' });
});
afterEach(() => test.drop());

const change = (sql: string): Promise<void> => below(test.url, sql);
const columnOf = async (table: string): Promise<string> =>
  Object.keys((await rowsBelow<Record<string, unknown>>(test.url, `SELECT * FROM ${table}`))[0] ?? {}).at(-1) ?? '';

describe('what is append-only', () => {
  it.each(['definitions', 'activations', 'reference_versions', 'checkpoints', 'history_entries', 'history_entries_2024_11', 'history_entries_rest'])(
    '%s refuses UPDATE, DELETE and TRUNCATE',
    async (table) => {
      const before = await rowsBelow(test.url, `SELECT * FROM ${table}`);
      const column = await columnOf(table);
      expect(before.length).toBeGreaterThan(0);
      await expect(change(`UPDATE ${table} SET ${column} = ${column}`)).rejects.toThrow('append-only');
      await expect(change(`DELETE FROM ${table}`)).rejects.toThrow('append-only');
      // What other tables refer to can not be emptied without them.
      await expect(change(`TRUNCATE ${table}`)).rejects.toThrow(/append-only|foreign key/);
      await expect(change(`TRUNCATE ${table} CASCADE`)).rejects.toThrow('append-only');
      expect(await rowsBelow(test.url, `SELECT * FROM ${table}`)).toEqual(before);
    },
  );

  it('is no row of the history by another way: not by its view, not by an upsert, not by moving it to another partition', async () => {
    await expect(change("UPDATE history SET actor = 'eve'")).rejects.toThrow(/history/);
    await expect(change('DELETE FROM history')).rejects.toThrow(/history/);
    await expect(
      change("INSERT INTO history_entries SELECT * FROM history_entries ON CONFLICT (record, sequence) DO UPDATE SET actor = 'eve'"),
    ).rejects.toThrow('append-only');
    await expect(change(`UPDATE history_entries SET record = '${born}', sequence = 2 WHERE record = '${plain}'`)).rejects.toThrow('append-only');
  });

  it.each(['history_contents', 'history_contents_2024_11', 'history_contents_rest'])('%s changes by erasure only', async (table) => {
    await expect(change(`UPDATE ${table} SET content = '{}'`)).rejects.toThrow('by erasure only');
    await expect(change(`DELETE FROM ${table}`)).rejects.toThrow('by erasure only');
    await expect(change(`TRUNCATE ${table}`)).rejects.toThrow('append-only');
    await expect(change("UPDATE history_values SET content = '{}'")).rejects.toThrow('by erasure only');
    await expect(change('DELETE FROM history_values')).rejects.toThrow(/history_values/);
  });

  it('gives each place in a chain to one entry only', async () => {
    await expect(change('INSERT INTO history_entries SELECT * FROM history_entries')).rejects.toThrow(/duplicate key/);
  });
});

describe('what the columns refuse', () => {
  it.each([
    ["UPDATE record_rows SET status = 'maybe'", 'check constraint'],
    ["UPDATE record_rows SET title = repeat('x', 501)", 'check constraint'],
    ['UPDATE record_rows SET importing = 2', 'check constraint'],
    ['UPDATE record_heads SET version = 0', 'check constraint'],
    ["UPDATE record_heads SET version = 'abc'", 'invalid input syntax'],
    ["UPDATE record_heads SET head = ''", 'check constraint'],
    ["INSERT INTO users VALUES ('u', 'U', NULL, NULL, '[', '[]', NULL, NULL, NULL, 1, 1)", 'invalid input syntax'],
    ["INSERT INTO tokens VALUES ('t', 'nobody', '', 'h', 1, NULL)", 'foreign key'],
  ])('%s', async (sql, reason) => {
    await expect(change(sql)).rejects.toThrow(reason);
  });

  it('tells its caller only, and names the fault, when a unit holds what a column refuses', async () => {
    const long = step('record-000002', null, { columns: { title: 'x'.repeat(501) } });
    const results = await Promise.allSettled([test.store.records.commit(unit(long)), test.store.records.commit(unit(step('record-000003', null)))]);
    expect(results).toMatchObject([{ status: 'rejected', reason: { code: 'INTERNAL' } }, { status: 'fulfilled' }]);
  });
});

describe('erasing', () => {
  it.each([born, plain])('removes the values of %s and leaves text, hash and other records alone', async (record) => {
    const other = record === born ? plain : born;
    const before = (await test.store.history.page({ record, limit: 1 })).items[0];
    await test.store.history.erase(record, ['data.title'], 1);
    const [entry] = (await test.store.history.page({ record, limit: 1 })).items;
    expect(entry?.values).not.toContain('data.title');
    expect([entry?.text, entry?.hash]).toEqual([before?.text, before?.hash]);
    expect((await test.store.history.page({ record: other, limit: 1 })).items[0]?.values).toContain('data.title');
    await expect(change(`UPDATE history_contents SET content = '{}' WHERE record = '${record}'`)).rejects.toThrow('by erasure only');
  });
});
