import { statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pause } from '../../../engine/clock.js';
import { openDatabase } from '../../../engine/store/database.js';
import { loadDriver } from '../../../engine/store/driver/load.js';
import { createWalFolding } from '../../../engine/store/writing/walFolding.js';
import { everything, step, unit } from './sampleSteps.js';
import { createTestStore, type TestStore } from './testStore.js';

let test: TestStore;
beforeEach(async () => void (test = await createTestStore()));
afterEach(() => test.drop());

const size = (): number => statSync(test.file).size;
const grown = async (before: number): Promise<void> => {
  while (size() < before + 1_000_000) await pause(20);
};

describe('the write-ahead log', () => {
  it('is folded into the file while people go on writing', async () => {
    const before = size();
    const work = Array.from({ length: 2_000 }, (_, place) => test.store.records.commit(unit(step(`record-${place}`, null, { search: 'word '.repeat(100) }))));
    await Promise.all(work);
    await grown(before);
    await test.store.records.commit(unit(step('record-9999', null)));
    expect(await test.store.records.count({ scope: everything }, 5_000)).toBe(2_001);
  });

  it('is folded the next time when it could not be', async () => {
    const database = await openDatabase(test.file, loadDriver('auto'));
    let refusals = 0;
    const folding = createWalFolding({
      writer: database.writer,
      open: async () => {
        const beside = await database.open('folding');
        return { ...beside, all: (sql, params) => (refusals++ === 0 ? Promise.reject(new Error('locked')) : beside.all(sql, params)) };
      },
    });
    const before = size();
    await database.writer.exec(
      'CREATE TABLE filler AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT hex(randomblob(500)) FROM n',
    );
    folding.written({ jobs: 2_000, waiting: 0, ms: 1, failed: false });
    await grown(before);
    expect(refusals).toBeGreaterThan(1);
    await folding.close();
    await database.close();
  });
});
