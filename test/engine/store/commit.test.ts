import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything, step, unit } from './sampleSteps.js';
import { createTestStore, type TestStore } from './testStore.js';

let test: TestStore;
beforeEach(async () => void (test = await createTestStore()));
afterEach(() => test.drop());

const idOf = (place: number): string => `record-${String(place).padStart(6, '0')}`;

describe('committing units', () => {
  it('keeps what was written, column by column and row by row', async () => {
    const { records, history, queue } = test.store;
    const parent = step('record-000001', null, {
      columns: { title: 'Printer', assignee: 'bo', team: 'desk', priority: '2', requester: 'ada', service: 'SVC-1', due: 99 },
      timers: [{ key: 'xstate.after.x', kind: 'after', event: 'xstate.after.x', dueAt: 50, data: { a: 1 } }],
      outbox: [{ key: 'k:0', record: 'record-000001', sequence: 1, effect: { type: 'notify', to: ['bo'], message: 'assigned', params: {} }, createdAt: 5 }],
      comment: { id: 'c1', record: 'record-000001', sequence: 1, author: 'ada', at: 7, internal: true, text: 'hello' },
      attachment: { id: 'a1', record: 'record-000001', sequence: 1, author: 'ada', at: 7, name: 'x.txt', type: 'text/plain', size: 3, sha256: 'a'.repeat(64) },
      linksAdded: [{ from: 'record-000001', name: 'child', to: 'record-000002', at: 7 }],
    });
    await records.commit(unit(parent, step('record-000002', null)));
    expect(await records.byId('record-000001')).toEqual({ record: parent.record, columns: parent.columns });
    expect(await records.byNumber('inc-1')).toEqual({ record: parent.record, columns: parent.columns });
    expect(await records.timers('record-000001')).toEqual(parent.timers);
    expect(await records.comments('record-000001')).toEqual([parent.comment]);
    expect(await records.attachments('record-000001')).toEqual([parent.attachment]);
    expect(await records.attachment('a1')).toEqual(parent.attachment);
    expect(await records.links('record-000001', 50)).toEqual([{ ...parent.linksAdded[0], direction: 'out' }]);
    expect(await records.links('record-000002', 50)).toEqual([{ ...parent.linksAdded[0], direction: 'in' }]);
    expect((await history.page({ record: 'record-000001', limit: 5 })).items).toEqual([parent.entry]);
    expect(await queue.dueEffects(5, 10)).toMatchObject([{ ...parent.outbox[0], attempts: 0, status: 'waiting', lastError: null, availableAt: 5 }]);
    expect((await records.list({ limit: 5, scope: everything })).items).toHaveLength(2);
  });

  it('loses none of 200 units sent at once', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, place) => test.store.records.commit(unit(step(idOf(place), null)))));
    expect(await test.store.history.counts()).toEqual({ records: 200, entries: 200 });
  });

  it('applies several versions of a record in one batch in order', async () => {
    const steps = [step('record-000001', null)];
    for (let version = 1; version < 20; version += 1) {
      steps.push(step('record-000001', steps.at(-1)?.record ?? null, { paths: [`s${version}`] }));
    }
    await Promise.all(steps.map((one) => test.store.records.commit(unit(one))));
    expect((await test.store.records.byId('record-000001'))?.record).toEqual(steps.at(-1)?.record);
    expect(await test.store.history.counts()).toEqual({ records: 1, entries: 20 });
  });

  it('shows in lists what the last step to change it left, when others of the batch left it as it was', async () => {
    const columns = (title: string) => ({ columns: { title, assignee: null, team: 'desk', priority: null, requester: null, service: null, due: null } });
    const same = { shown: true, standing: true };
    const made = step('record-000001', null, columns('made'));
    const kept = step('record-000001', made.record, { ...columns('made'), same });
    const changed = step('record-000001', kept.record, { ...columns('changed'), record: { status: 'done' } });
    const last = step('record-000001', changed.record, { ...columns('changed'), same });
    const later = step('record-000001', last.record, { ...columns('changed'), same });
    await Promise.all([made, kept, changed, last].map((one) => test.store.records.commit(unit(one))));
    expect((await test.store.records.byId('record-000001'))?.columns).toEqual(last.columns);
    await test.store.records.commit(unit(later));
    expect(await test.store.records.byId('record-000001')).toEqual({ record: later.record, columns: later.columns });
    expect((await test.store.records.list({ limit: 5, scope: everything, status: 'done' })).items).toHaveLength(1);
  });

  it('fails only the caller whose version had moved, within a batch of others', async () => {
    const first = step('record-000001', null);
    await test.store.records.commit(unit(first));
    const stale = step('record-000001', first.record, { columns: { title: 'second' } });
    const results = await Promise.allSettled([
      ...Array.from({ length: 30 }, (_, place) => test.store.records.commit(unit(step(idOf(place + 10), null)))),
      test.store.records.commit(unit(step('record-000001', first.record, { columns: { title: 'first' } }))),
      test.store.records.commit(unit(stale)),
      ...Array.from({ length: 30 }, (_, place) => test.store.records.commit(unit(step(idOf(place + 50), null)))),
    ]);
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.reason).toMatchObject({ code: 'VERSION_STALE', facts: { record: 'record-000001', expected: 1, actual: 2 } });
    expect((await test.store.records.byId('record-000001'))?.columns.title).toBe('first');
    expect(await test.store.history.counts()).toEqual({ records: 61, entries: 62 });
  });

  it('tells the second maker of a record that it was made meanwhile, whichever constraint it meets', async () => {
    await test.store.records.commit(unit(step('record-000001', null)));
    await expect(test.store.records.commit(unit(step('record-000001', null)))).rejects.toMatchObject({
      code: 'VERSION_STALE',
      facts: { record: 'record-000001', expected: 0, actual: 1 },
    });
    const sameNumber = step('record-000002', null, { record: { number: 'INC-000001' } });
    await expect(test.store.records.commit(unit(sameNumber))).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('writes a unit of several steps whole or not at all', async () => {
    const first = step('record-000001', null);
    await test.store.records.commit(unit(first));
    const doomed = unit(step('record-000002', null), step('record-000001', { ...first.record, version: 7 }));
    await expect(test.store.records.commit(doomed)).rejects.toMatchObject({ code: 'VERSION_STALE' });
    expect(await test.store.records.byId('record-000002')).toBeNull();
    expect(await test.store.history.counts()).toEqual({ records: 1, entries: 1 });
  });

  it('makes lost updates impossible: of 50 who read the same version one succeeds', async () => {
    const first = step('record-000001', null);
    await test.store.records.commit(unit(first));
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => test.store.records.commit(unit(step('record-000001', first.record)))));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });
});
