import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../engine/clock.js';
import { copyBetween } from '../../../engine/store/copy/copyTables.js';
import { sideOf } from '../../../engine/store/copy/sides.js';
import { openDatabase } from '../../../engine/store/database.js';
import { loadDriver } from '../../../engine/store/driver/load.js';
import { openStore } from '../../../engine/store/openStore.js';
import type { Store } from '../../../engine/store/types.js';
import { everything, step, unit } from './sampleSteps.js';
import { createTestStore, type TestStore } from './testStore.js';

let test: TestStore;
beforeEach(async () => void (test = await createTestStore()));
afterEach(() => test.drop());

const id = (place: number): string => `record-${String(place).padStart(6, '0')}`;
const found = async (store: Store, q: string): Promise<string[]> =>
  (await store.records.list({ limit: 1_000, scope: everything, q })).items.map(({ record }) => record.id).sort();

/** What stands in the file, beside the store. */
async function beside<T>(file: string, sql: string): Promise<T[]> {
  const database = await openDatabase(file, loadDriver('auto'));
  return database.reader.all<T>(sql).finally(() => database.close());
}

describe('full text on SQLite', () => {
  it('finds what was just committed, and no longer what it replaced', async () => {
    const first = step(id(1), null, { search: 'the printer burns' });
    await test.store.records.commit(unit(first));
    expect(await found(test.store, 'printer')).toEqual([id(1)]);
    await test.store.records.commit(unit(step(id(1), first.record, { search: 'the scanner burns' })));
    expect(await found(test.store, 'printer')).toEqual([]);
    expect(await found(test.store, 'scann')).toEqual([id(1)]);
    expect(await test.store.records.count({ q: 'scanner', scope: everything }, 10)).toBe(1);
  });

  it('finds all of many records, though a record changes while its text is taken in', async () => {
    const many = Array.from({ length: 150 }, (_, place) => step(id(place), null, { search: `wanted ${place}` }));
    await Promise.all(many.map((one) => test.store.records.commit(unit(one))));
    const searching = found(test.store, 'wanted');
    await Promise.all(many.map((one) => test.store.records.commit(unit(step(one.record.id, one.record, { search: 'wanted again' })))));
    expect(await searching).toHaveLength(150);
    expect(await found(test.store, 'again')).toHaveLength(150);
  });

  it('is whole in a copy made while texts wait', async () => {
    await test.store.records.commit(unit(step(id(1), null, { search: 'the printer burns' })));
    const file = join(test.folder, 'copy.sqlite');
    await (await openStore({ url: `sqlite:${file}` }, systemClock)).close();
    await copyBetween(await sideOf(test.url, 'auto'), () => sideOf(`sqlite:${file}`, 'auto'));
    const copy = await openStore({ url: `sqlite:${file}` }, systemClock);
    expect(await found(copy, 'printer').finally(() => copy.close())).toEqual([id(1)]);
  });

  it('leaves nothing to be taken in behind when it is closed', async () => {
    await test.store.records.commit(unit(step(id(1), null, { search: 'the printer burns' })));
    expect(await beside(test.file, 'SELECT text FROM search_waiting')).toEqual([{ text: 'the printer burns' }]);
    await test.store.close();
    expect(await beside(test.file, 'SELECT text FROM search_waiting')).toEqual([]);
  });

  it('takes in what a process that ended at once left behind', async () => {
    await test.store.records.commit(unit(step(id(1), null, { search: 'the printer burns' })));
    await test.store.close();
    const database = await openDatabase(test.file, loadDriver('auto'));
    await database.writer.exec("INSERT INTO search_waiting (record, version, text) SELECT key, 1, 'a flood in the cellar' FROM records");
    await database.close();
    const store = await openStore({ url: test.url }, systemClock);
    try {
      expect(await found(store, 'cellar')).toEqual([id(1)]);
      expect(await found(store, 'printer')).toEqual([]);
    } finally {
      await store.close();
    }
  });
});
