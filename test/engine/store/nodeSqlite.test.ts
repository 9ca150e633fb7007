import { describe, expect, it } from 'vitest';
import { lockServer } from '../../../engine/store/index.js';
import { everything, step, unit } from './sampleSteps.js';
import { createTestStore } from './testStore.js';

const builtIn = (process as { getBuiltinModule?: (name: string) => unknown }).getBuiltinModule?.('node:sqlite') !== undefined;

/** What differs by driver: opening, batches, errors, locks. The rest of the store does not know which one it has. */
async function roundTrip(driver: 'sqlite3' | 'node:sqlite'): Promise<void> {
  const test = await createTestStore({ driver });
  const { store } = test;
  expect(store.driver).toBe(driver);
  expect(await store.settings()).toMatchObject({ journal_mode: 'wal', synchronous: 2, recursive_triggers: 1 });
  const first = step('record-000001', null, { search: 'printer', timers: [{ key: 'a', kind: 'after', event: 'a', dueAt: 1 }] });
  await store.records.commit(unit(first));
  const results = await Promise.allSettled([
    ...Array.from({ length: 20 }, (_, place) => store.records.commit(unit(step(`record-1000${String(place).padStart(2, '0')}`, null)))),
    store.records.commit(unit(step('record-000001', { ...first.record, version: 5 }))),
    store.records.nextNumber('INC'),
  ]);
  expect(results.filter((result) => result.status === 'rejected')).toMatchObject([{ reason: { code: 'VERSION_STALE', facts: { expected: 5, actual: 1 } } }]);
  expect((await store.records.list({ limit: 5, scope: everything, q: 'print' })).items).toMatchObject([{ record: { id: 'record-000001' } }]);
  expect(await store.history.counts()).toEqual({ records: 21, entries: 21 });
  const release = await lockServer(store, 'one', test.clock);
  await expect(lockServer(store, 'two', test.clock)).rejects.toMatchObject({ code: 'STORE_IN_USE' });
  await release();
  await store.backup(`${test.file}.copy`);
  await test.drop();
}

describe('the drivers', () => {
  it('sqlite3 does all that the store asks', () => roundTrip('sqlite3'));

  it('node:sqlite does so too where Node has it, and is reported missing where not', async () => {
    if (builtIn) {
      await roundTrip('node:sqlite');
    } else {
      await expect(createTestStore({ driver: 'node:sqlite' })).rejects.toMatchObject({ code: 'STORE_DRIVER_MISSING' });
    }
  });
});
