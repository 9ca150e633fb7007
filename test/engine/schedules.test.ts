import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/definitions/authored.js';
import { DAY, HOUR, type Running, running } from './running.js';
import { MONDAY } from './testEngine.js';

function scheduled(schedules: JsonObject, at = MONDAY) {
  const chart = { id: 'review', initial: 'open', states: { open: {} } };
  return {
    at,
    processes: {
      review: { 'statechart.json': chart, 'form.json': { type: 'object', properties: { title: { type: 'string' } } }, 'process.json': { schedules } },
    },
  };
}
const create = { data: { title: 'Look at it' } };
const opened = async (test: Running) =>
  (await test.engine.list({ processes: ['review'], sort: 'created', direction: 'asc', limit: 100 }, test.ann)).items.map((record) =>
    new Date(record.createdAt).toISOString(),
  );

describe('a schedule', () => {
  it('opens one record for each occurrence, at its instant', async () => {
    const test = await running(scheduled({ weekly: { cron: '30 6 * * 3', create } }));
    await test.engine.wake();
    await test.wait(21 * DAY);
    expect(await opened(test)).toEqual(['2026-03-04T06:30:00.000Z', '2026-03-11T06:30:00.000Z', '2026-03-18T06:30:00.000Z']);
    const [first] = (await test.engine.list({ processes: ['review'], limit: 1 }, test.ann)).items;
    expect(first).toMatchObject({ createdBy: 'schedule', data: { title: 'Look at it' } });
    await test.sound();
  });

  it('makes up for what it missed while nothing ran, once each, also when several wake', async () => {
    let test = await running(scheduled({ daily: { cron: '0 6 * * *', create } }));
    await test.engine.wake();
    test = await test.again();
    test.clock.set(MONDAY + 3 * DAY);
    await Promise.all([test.engine.wake(), test.engine.wake()]);
    test = await test.again();
    await test.engine.wake();
    expect(await opened(test)).toEqual(['2026-03-03T06:00:00.000Z', '2026-03-04T06:00:00.000Z', '2026-03-05T06:00:00.000Z']);
  });

  it('opens one record a day at night too when the clocks change, in spring and in autumn', async () => {
    const nightly = { nightly: { cron: '30 2 * * *', timezone: 'Europe/Berlin', create } };
    const spring = await running(scheduled(nightly, Date.UTC(2026, 2, 27, 12)));
    await spring.engine.wake();
    await spring.wait(4 * DAY);
    // 02:30 does not exist on the 29th: it opens when the clocks have gone forward.
    expect(await opened(spring)).toEqual(['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z', '2026-03-31T00:30:00.000Z']);
    const autumn = await running(scheduled(nightly, Date.UTC(2026, 9, 23, 12)));
    await autumn.engine.wake();
    await autumn.wait(4 * DAY);
    // 02:30 comes twice on the 25th: it opens the first time.
    expect(await opened(autumn)).toEqual(['2026-10-24T00:30:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z', '2026-10-27T01:30:00.000Z']);
  });

  it('that comes every so many minutes goes on doing so when the clocks change', async () => {
    const often = { often: { cron: '*/30 * * * *', timezone: 'Europe/Berlin', create } };
    for (const at of [Date.UTC(2026, 2, 29, 0, 1), Date.UTC(2026, 9, 24, 23, 31)]) {
      const test = await running(scheduled(often, at));
      await test.engine.wake();
      await test.wait(3 * HOUR);
      expect(await opened(test)).toHaveLength(6);
    }
  });

  it('whose record is refused stays due, holds up nothing else, and opens once it is mended', async () => {
    const chart = { id: 'review', initial: 'open', states: { open: { after: { 60000: 'later' } }, later: {} } };
    const form = { type: 'object', properties: { owner: { type: 'string', 'x-charter': { reference: { kind: 'user' } } } } };
    const schedules = { bad: { cron: '0 12 * * *', create: { data: { owner: 'nobody' } } }, good: { cron: '0 13 * * *', create: { data: {} } } };
    const test = await running({ processes: { review: { 'statechart.json': chart, 'form.json': form, 'process.json': { schedules } } } });
    const { id } = await test.create('review');
    await test.wait(6 * HOUR);
    expect((await test.look(id)).state).toBe('later');
    expect(await opened(test)).toEqual(['2026-03-02T09:00:00.000Z', '2026-03-02T13:00:00.000Z']);
    await test.user('nobody', []);
    await test.engine.wake();
    expect(await opened(test)).toEqual(['2026-03-02T09:00:00.000Z', '2026-03-02T12:00:00.000Z', '2026-03-02T13:00:00.000Z']);
  });
});
