import { expect, it, onTestFinished } from 'vitest';
import { createPool } from '../../engine/store/postgres/pool.js';
import { primaryReader } from '../../engine/store/postgres/readers.js';
import { countsOf } from '../../engine/store/tables/history.js';
import { below } from '../databases.js';
import { step, unit } from '../engine/store/sampleSteps.js';
import { createTestStore } from '../engine/store/testStore.js';

/** However many there are: no statement may take longer than a page may. */
it('records and entries are counted piece by piece, and none is left out where one piece ends, nor any whose record is gone', async () => {
  const test = await createTestStore();
  onTestFinished(() => test.drop());
  for (let made = 1; made <= 25; made += 1) {
    const first = step(`record-${String(made).padStart(6, '0')}`, null);
    await test.store.records.commit(made % 2 ? unit(first) : unit(first, step(first.record.id, first.record)));
  }
  const pool = createPool({ url: test.url, replicas: [], most: 1 });
  onTestFinished(() => pool.close());
  const reader = primaryReader(pool);
  const counted = () => Promise.all([1, 7, 25, 26, 1_000].map((piece) => countsOf(reader, piece)));
  expect(await counted()).toEqual(Array(5).fill({ records: 25, entries: 37 }));
  await below(test.url, "DELETE FROM record_heads WHERE id IN ('record-000001', 'record-000007', 'record-000025')");
  expect(await counted()).toEqual(Array(5).fill({ records: 22, entries: 37 }));
  expect(await test.store.history.counts()).toEqual({ records: 22, entries: 37 });
});
