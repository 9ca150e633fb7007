import { describe, expect, it } from 'vitest';
import { DAY, HOUR, refusal, running } from './running.js';
import { MONDAY } from './testEngine.js';
import { timed } from './timed.js';

describe('timers that fell due while nothing ran', () => {
  it('fire once each, in the order of their instants, at the next waking', async () => {
    let test = await running(timed('held'));
    const ids: string[] = [];
    for (const hours of [5, 1, 4, 2, 3]) ids.push((await test.create('thing', { until: new Date(MONDAY + hours * HOUR).toISOString() })).id);
    test = await test.again();
    test.clock.set(MONDAY + 3 * DAY);
    expect(await test.engine.wake()).toMatchObject({ timers: 5 });
    expect(await test.engine.wake()).toMatchObject({ timers: 0 });
    const fired = (await test.engine.entries({ event: 'after.held', limit: 50, direction: 'asc' }, test.ann)).items;
    expect(fired.map((entry) => ids.indexOf(entry.record))).toEqual([1, 3, 4, 2, 0]);
    expect(fired.every((entry) => entry.at === MONDAY + 3 * DAY)).toBe(true);
    expect(fired.map((entry) => entry.data.dueAt)).toEqual([1, 2, 3, 4, 5].map((hours) => new Date(MONDAY + hours * HOUR).toISOString()));
    await test.sound();
  });

  it('fire once even when two wake at the same time', async () => {
    const test = await running(timed('named'));
    const made = await Promise.all(Array.from({ length: 30 }, () => test.create('thing')));
    test.clock.set(MONDAY + 3 * HOUR);
    await Promise.all([test.engine.wake(), test.engine.wake(), test.engine.wake()]);
    for (const { id } of made) expect(await test.events(id)).toEqual(['record.created', 'after.named']);
  });
});

describe('a timer whose step fails', () => {
  const states = {
    open: { on: { CHANGE: { meta: { form: ['amount'] } } }, after: { 60000: [{ target: 'much', guard: 'perHead' }, { target: 'little' }] } },
    much: {},
    little: {},
  };
  const failing = {
    processes: {
      thing: {
        'statechart.json': { id: 'thing', initial: 'open', states },
        'rules.json': { guards: { perHead: { '>': [{ '/': [100, { var: ['record.amount', 0] }] }, 5] } } },
        'form.json': { type: 'object', properties: { amount: { type: 'number' } } },
      },
    },
  };

  it('is parked with the reason, holds up no other, and is retried by an administrator', async () => {
    const test = await running(failing);
    const admin = await test.user('ada', ['administrator']);
    const [broken, well] = [await test.create('thing', { amount: 0 }), await test.create('thing', { amount: 10 })];
    await test.wait(HOUR);
    expect([(await test.look(broken.id)).state, (await test.look(well.id)).state]).toEqual(['open', 'much']);
    const { timers } = await test.engine.parked();
    expect(timers).toMatchObject([{ record: broken.id, reason: expect.stringContaining('perHead') }]);
    expect((await refusal(test.engine.retry({ record: broken.id, timer: timers[0]?.key ?? '' }, test.ann))).code).toBe('FORBIDDEN');

    await test.send(broken.id, 'CHANGE', { amount: 50 });
    await test.wait(HOUR);
    expect((await test.look(broken.id)).state).toBe('open');
    await test.engine.retry({ record: broken.id, timer: timers[0]?.key ?? '' }, admin);
    await test.engine.wake();
    expect((await test.look(broken.id)).state).toBe('little');
    expect((await test.engine.parked()).timers).toEqual([]);
    await test.sound();
  });

  it('stays parked over a restart', async () => {
    let test = await running(failing);
    const { id } = await test.create('thing', { amount: 0 });
    await test.wait(HOUR);
    test = await test.again();
    expect(await test.engine.wake()).toMatchObject({ timers: 0 });
    expect((await test.engine.parked()).timers).toMatchObject([{ record: id }]);
  });
});
