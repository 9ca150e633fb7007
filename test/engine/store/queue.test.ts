import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutboxRow, StepWrite } from '../../../engine/store/types.js';
import type { Effect, Timer } from '../../../engine/types.js';
import { rowsBelow } from '../../databases.js';
import { step, unit } from './sampleSteps.js';
import { createTestStore, type TestStore } from './testStore.js';

let test: TestStore;
beforeEach(async () => void (test = await createTestStore()));
afterEach(() => test.drop());

const timer = (key: string, dueAt: number): Timer => ({ key, kind: 'after', event: key, dueAt });
const notify: Effect = { type: 'notify', to: ['ada'], message: 'm', params: {} };
const hook = (target: string): Effect => ({ type: 'webhook', target, body: null });
const effect = (key: string, record: string, what: Effect): OutboxRow => ({ key, record, sequence: 1, effect: what, createdAt: 10 });
const commit = (...steps: StepWrite[]): Promise<void> => test.store.records.commit(unit(...steps));
const keys = (rows: readonly { readonly key: string }[]): string[] => rows.map((row) => row.key);

describe('timers', () => {
  it('come due earliest first, and no further than asked', async () => {
    await commit(
      step('record-000001', null, { timers: [timer('late', 30), timer('early', 10)] }),
      step('record-000002', null, { timers: [timer('middle', 20)] }),
    );
    expect(await test.store.queue.nextTimerDue()).toBe(10);
    expect(keys(await test.store.queue.dueTimers(30, 10))).toEqual(['early', 'middle', 'late']);
    expect(keys(await test.store.queue.dueTimers(29, 10))).toEqual(['early', 'middle']);
    expect(keys(await test.store.queue.dueTimers(30, 1))).toEqual(['early']);
  });

  it('are those of the last step that named any', async () => {
    const first = step('record-000001', null, { timers: [timer('a', 10), timer('b', 20)] });
    const second = step('record-000001', first.record, { timers: null });
    const third = step('record-000001', second.record, { timers: [timer('b', 25), timer('c', 30)] });
    await commit(first);
    await commit(second);
    expect(keys(await test.store.records.timers('record-000001'))).toEqual(['a', 'b']);
    await commit(third);
    expect(await test.store.records.timers('record-000001')).toEqual([timer('b', 25), timer('c', 30)]);
    await commit(step('record-000001', third.record, { timers: [] }));
    expect(await test.store.queue.nextTimerDue()).toBeNull();
  });

  it('wait while their record is under import, and come due when it no longer is', async () => {
    const first = step('record-000001', null, { record: { importing: true }, timers: [timer('a', 10)] });
    await commit(first);
    expect(await test.store.queue.dueTimers(100, 10)).toEqual([]);
    expect(await test.store.queue.nextTimerDue()).toBeNull();
    await commit(step('record-000001', first.record, { record: { importing: false } }));
    expect(keys(await test.store.queue.dueTimers(100, 10))).toEqual(['a']);
  });

  it('that are parked stay so through other steps, until they are retried or set anew', async () => {
    const first = step('record-000001', null, { timers: [timer('a', 10), timer('b', 20)] });
    await commit(first);
    await test.store.queue.parkTimer({ record: 'record-000001', key: 'a', dueAt: 10 }, 'RULE_FAILED', 50);
    const second = step('record-000001', first.record, { timers: [timer('a', 10), timer('b', 20)] });
    await commit(second);
    expect(keys(await test.store.queue.dueTimers(100, 10))).toEqual(['b']);
    expect(await test.store.queue.parkedTimers(10)).toEqual([{ ...timer('a', 10), record: 'record-000001', reason: 'RULE_FAILED', parkedAt: 50 }]);
    await test.store.queue.retryTimer('record-000001', 'a');
    expect(keys(await test.store.queue.dueTimers(100, 10))).toEqual(['a', 'b']);
    await test.store.queue.parkTimer({ record: 'record-000001', key: 'a', dueAt: 10 }, 'RULE_FAILED', 50);
    await commit(step('record-000001', second.record, { timers: [timer('a', 15)] }));
    expect(keys(await test.store.queue.dueTimers(100, 10))).toEqual(['a']);
  });

  it('that were set anew since they failed are not parked: it is another occurrence', async () => {
    const first = step('record-000001', null, { timers: [timer('a', 10)] });
    await commit(first, step('record-000001', first.record, { timers: [timer('a', 15)] }));
    const park = (dueAt: number): Promise<number> => test.store.queue.parkTimer({ record: 'record-000001', key: 'a', dueAt }, 'RULE_FAILED', 50);
    expect(await park(10)).toBe(0);
    expect(keys(await test.store.queue.dueTimers(100, 10))).toEqual(['a']);
    expect(await park(15)).toBe(1);
    expect(await test.store.queue.dueTimers(100, 10)).toEqual([]);
  });

  it('can be dropped, unless they were set anew', async () => {
    await commit(step('record-000001', null, { timers: [timer('a', 10)] }));
    await test.store.queue.dropTimer('record-000001', 'a', 9);
    expect(keys(await test.store.queue.dueTimers(100, 10))).toEqual(['a']);
    await test.store.queue.dropTimer('record-000001', 'a', 10);
    expect(await test.store.queue.dueTimers(100, 10)).toEqual([]);
  });
});

describe('the outbox', () => {
  it('delivers to one target in order for each record, and other targets meanwhile', async () => {
    await commit(
      step('record-000001', null, {
        outbox: [effect('1', 'record-000001', hook('crm')), effect('2', 'record-000001', hook('crm')), effect('3', 'record-000001', notify)],
      }),
      step('record-000002', null, { outbox: [effect('4', 'record-000002', hook('crm'))] }),
    );
    expect(keys(await test.store.queue.dueEffects(10, 10))).toEqual(['1', '3', '4']);
    await test.store.queue.effectDone('1');
    expect(keys(await test.store.queue.dueEffects(10, 10))).toEqual(['2', '3', '4']);
  });

  it('holds back what follows an effect that is to be tried later, but not behind a parked one', async () => {
    await commit(step('record-000001', null, { outbox: [effect('1', 'record-000001', hook('crm')), effect('2', 'record-000001', hook('crm'))] }));
    await test.store.queue.effectFailed('1', 'refused', 500, false);
    expect(await test.store.queue.dueEffects(100, 10)).toEqual([]);
    expect(await test.store.queue.nextEffectDue()).toBe(500);
    expect(await test.store.queue.dueEffects(500, 10)).toMatchObject([{ key: '1', attempts: 1, lastError: 'refused', availableAt: 500 }]);
    await test.store.queue.effectFailed('1', 'refused', 900, true);
    expect(keys(await test.store.queue.dueEffects(500, 10))).toEqual(['2']);
    expect(await test.store.queue.parkedEffects(10)).toMatchObject([{ key: '1', attempts: 2, status: 'parked' }]);
    await test.store.queue.retryEffect('1', 600);
    expect(keys(await test.store.queue.dueEffects(600, 10))).toEqual(['1']);
  });

  it('is consumed by a unit once: the second to deliver the same effect fails and writes nothing', async () => {
    const signal: Effect = { type: 'signal', event: 'x', record: 'record-000002', data: {}, trail: [] };
    await commit(step('record-000001', null, { outbox: [effect('s:0', 'record-000001', signal)] }), step('record-000002', null));
    const before = (await test.store.records.byId('record-000002'))?.record ?? null;
    const next = step('record-000002', before);
    const deliver = (of: StepWrite): Promise<void> => test.store.records.commit({ ...unit(of), deliveredOutbox: 's:0' });
    await deliver(next);
    expect(await test.store.queue.dueEffects(100, 10)).toEqual([]);
    await expect(deliver(step('record-000002', next.record))).rejects.toMatchObject({ code: 'VERSION_STALE', facts: { outbox: 's:0' } });
    expect((await test.store.records.byId('record-000002'))?.record.version).toBe(2);
  });

  it('remembers the key of what is no effect in the same way', async () => {
    const first = step('record-000001', null);
    await test.store.records.commit({ ...unit(first), deliveredOutbox: 'schedule:2026-03-02' });
    await expect(test.store.records.commit({ ...unit(step('record-000002', null)), deliveredOutbox: 'schedule:2026-03-02' })).rejects.toMatchObject({
      code: 'VERSION_STALE',
    });
    expect(await test.store.records.byId('record-000002')).toBeNull();
  });

  it('says how much waits', async () => {
    await commit(
      step('record-000001', null, {
        timers: [timer('a', 10), timer('b', 20)],
        outbox: [effect('1', 'record-000001', notify), effect('2', 'record-000001', hook('x'))],
      }),
    );
    await test.store.queue.parkTimer({ record: 'record-000001', key: 'a', dueAt: 10 }, 'r', 1);
    await test.store.queue.effectFailed('2', 'r', 1, true);
    expect(await test.store.queue.depth(19)).toEqual({
      effects: 1,
      timers: 1,
      timersDue: 0,
      parkedEffects: 1,
      parkedTimers: 1,
      oldestEffect: 10,
      oldestTimer: 20,
    });
    expect(await test.store.queue.depth(20)).toMatchObject({ timersDue: 1 });
  });

  it('is tried again at once, all that was parked together, and only that', async () => {
    await commit(
      step('record-000001', null, {
        timers: [timer('a', 10), timer('b', 20)],
        outbox: [effect('1', 'record-000001', notify), effect('2', 'record-000001', hook('x'))],
      }),
    );
    await test.store.queue.parkTimer({ record: 'record-000001', key: 'a', dueAt: 10 }, 'r', 1);
    await test.store.queue.effectFailed('2', 'r', 1, true);
    expect([await test.store.queue.retryTimers(), await test.store.queue.retryEffects(70)]).toEqual([1, 1]);
    expect([await test.store.queue.retryTimers(), await test.store.queue.retryEffects(80)]).toEqual([0, 0]);
    expect(await test.store.queue.depth(0)).toMatchObject({ effects: 2, timers: 2, parkedEffects: 0, parkedTimers: 0 });
    expect((await test.store.queue.dueEffects(100, 10)).map(({ key, availableAt }) => [key, availableAt])).toContainEqual(['2', 70]);
  });
});

describe('remembered answers', () => {
  const row = { scope: 'ada POST key', bodyHash: 'h', answer: '{}', expiresAt: Date.UTC(2026, 2, 9) };

  it('are kept with the unit that gave them, until they expire', async () => {
    await test.store.records.commit({ ...unit(step('record-000001', null)), idempotency: row });
    expect(await test.store.queue.idempotency(row.scope, test.clock.now())).toEqual(row);
    expect(await test.store.queue.idempotency(row.scope, row.expiresAt)).toBeNull();
  });

  it('make the second unit under the same key fail without a trace', async () => {
    const results = await Promise.allSettled(
      [1, 2].map((place) => test.store.records.commit({ ...unit(step(`record-00000${place}`, null)), idempotency: row })),
    );
    expect(results).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'VERSION_STALE', facts: { idempotency: row.scope } } }]);
    expect(await test.store.history.counts()).toEqual({ records: 1, entries: 1 });
  });

  it('are dropped once expired, and so are sessions', async () => {
    await test.store.records.commit({ steps: [], idempotency: row });
    await test.store.people.saveSession({ id: 's', user: null, data: '{}', expiresAt: 5 });
    await test.store.queue.dropExpired(row.expiresAt);
    expect(await test.store.queue.idempotency(row.scope, 0)).toBeNull();
    expect(await test.store.people.session('s')).toBeNull();
  });
});

describe('leases and schedules', () => {
  it('are held by one, extended by their holder, and taken over once they ran out', async () => {
    const { lease, releaseLease } = test.store.queue;
    expect(await lease('outbox', 'one', 60_000)).toBe(true);
    expect(await lease('outbox', 'two', 60_000)).toBe(false);
    // From now on it has run out.
    expect(await lease('outbox', 'one', 0)).toBe(true);
    expect(await lease('outbox', 'two', 60_000)).toBe(true);
    await releaseLease('outbox', 'one');
    expect(await lease('outbox', 'one', 60_000)).toBe(false);
    await releaseLease('outbox', 'two');
    expect(await lease('outbox', 'one', 60_000)).toBe(true);
  });

  it('of 20 who try at once one gets it', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, (_, place) => test.store.queue.lease('l', `holder ${place}`, 60_000)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('are held for as long as the work goes on, however long that is, and given back even when it fails', async () => {
    const { withLease } = test.store.queue;
    let end: () => void = () => undefined;
    const long = withLease('l', 30, () => new Promise<string>((resolve) => (end = () => resolve('done'))));
    const until = async (): Promise<number> =>
      Number((await rowsBelow<{ until: unknown }>(test.url, "SELECT until FROM leases WHERE name = 'l'"))[0]?.until ?? 0);
    await expect.poll(until, { timeout: 8_000 }).toBeGreaterThan(0);
    const first = await until();
    await expect.poll(until, { timeout: 8_000 }).toBeGreaterThan(first + 60);
    const within = () => withLease('m', 60_000, async () => 'meanwhile');
    expect(await withLease('m', 60_000, async () => [await within(), 'done'])).toEqual([null, 'done']);
    end();
    expect(await long).toBe('done');
    await expect(withLease('l', 60_000, () => Promise.reject(new Error('in vain')))).rejects.toThrow('in vain');
    expect(await withLease('l', 60_000, async () => 'again')).toBe('again');
  });

  it('remember when a schedule last ran', async () => {
    expect(await test.store.queue.scheduleLast('k')).toBeNull();
    await test.store.queue.setScheduleLast('k', 5);
    await test.store.queue.setScheduleLast('k', 6);
    expect(await test.store.queue.scheduleLast('k')).toBe(6);
  });
});
