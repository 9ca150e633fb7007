import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../engine/definitions/authored.js';
import { DAY, HOUR, MINUTE, note, running, SECOND } from './running.js';
import { MONDAY } from './testEngine.js';
import { delays, form, rules, timed } from './timed.js';

describe('a timer is due', () => {
  const dueAfter = async (delay: string, data: JsonObject = {}) => {
    const { engine, ann, create } = await running(timed(delay));
    const { id } = await create('thing', data);
    return (await engine.timers(id, ann)).map((timer) => timer.dueAt - MONDAY);
  };

  it('after a named duration, after milliseconds, and after more days than a 32-bit timer can count (D5)', async () => {
    expect(await dueAfter('named')).toEqual([2 * HOUR]);
    expect(await dueAfter('90000')).toEqual([90 * SECOND]);
    expect(await dueAfter(String(40 * DAY))).toEqual([40 * DAY]);
  });

  it('after business time, across nights, week-ends and holidays', async () => {
    // Monday 10:00 to 17:00 are seven hours; Tuesday is a holiday; three hours are left on Wednesday.
    expect(await dueAfter('working')).toEqual([2 * DAY + 2 * HOUR]);
  });

  it('at the instant a field holds; at once when that is past; never while it is empty', async () => {
    expect(await dueAfter('held', { until: '2026-03-05T12:00:00+01:00' })).toEqual([3 * DAY + 2 * HOUR]);
    expect(await dueAfter('held', { until: '2025-01-01T00:00:00Z' })).toEqual([Date.UTC(2025, 0, 1) - MONDAY]);
    expect(await dueAfter('held')).toEqual([]);
  });

  it('after what a rule gives', async () => {
    expect(await dueAfter('counted')).toEqual([2 * DAY]);
    expect(await dueAfter('counted', { urgent: true })).toEqual([HOUR]);
    expect(await dueAfter('maybe')).toEqual([]);
  });

  it('and so is a raised event that waits, with the delay written at it or named', async () => {
    const raisedAfter = async (delay: Json, data: JsonObject = {}) => {
      const raise = { type: 'raise', params: { event: 'RING', delay } };
      const chart = { id: 'thing', initial: 'open', states: { open: { entry: raise, on: { RING: {} } } } };
      const { engine, ann, create } = await running({ rules, processes: { thing: { 'statechart.json': chart, 'form.json': form, 'rules.json': { delays } } } });
      const { id } = await create('thing', data);
      return (await engine.timers(id, ann)).map((timer) => timer.dueAt - MONDAY);
    };
    expect(await raisedAfter({ business: 'PT10H', calendar: 'office' })).toEqual([2 * DAY + 2 * HOUR]);
    expect(await raisedAfter({ until: { var: 'record.until' } }, { until: '2026-03-05T12:00:00+01:00' })).toEqual([3 * DAY + 2 * HOUR]);
    expect(await raisedAfter({ until: { var: 'record.until' } }, { until: '2025-01-01T00:00:00Z' })).toEqual([0]);
    expect(await raisedAfter({ until: { var: 'record.until' } })).toEqual([]);
    expect(await raisedAfter('working')).toEqual([2 * DAY + 2 * HOUR]);
    expect(await raisedAfter({ if: [{ '===': [{ var: 'record.urgent' }, true] }, 'PT1H', 'P2D'] })).toEqual([2 * DAY]);
    await expect(raisedAfter({ business: 'PT10H' })).rejects.toThrow();
    await expect(raisedAfter({ until: { var: 'record.until' }, calendar: 'office' })).rejects.toThrow();
    await expect(raisedAfter('unnamed')).rejects.toThrow();
    await expect(raisedAfter(-1)).rejects.toThrow();
  });
});

describe('a timer', () => {
  it('fires once, at its instant, long after the store was closed (D6), and not before', async () => {
    let test = await running(timed(String(40 * DAY)));
    const { id } = await test.create('thing');
    test = await test.again();
    await test.wait(40 * DAY - 1);
    expect(await test.events(id)).toEqual(['record.created']);
    await test.wait(1);
    await test.wait(DAY);
    const [, fired] = (await test.engine.history(id, test.ann, { limit: 9 })).items;
    expect(fired).toMatchObject({
      event: `after.${40 * DAY}`,
      actor: 'timer',
      origin: 'timer',
      at: MONDAY + 40 * DAY,
      to: 'fired',
      data: { state: 'open', dueAt: new Date(MONDAY + 40 * DAY).toISOString() },
    });
    expect(await test.look(id)).toMatchObject({ version: 2, data: { log: ' fired' } });
    await test.sound();
  });

  it('is computed anew, from when its state was entered, as soon as what it reads changes', async () => {
    const { engine, ann, create, send, wait, look, sound } = await running(timed('counted'));
    const { id } = await create('thing');
    await wait(30 * MINUTE);
    await send(id, 'CHANGE', { urgent: true });
    expect((await engine.timers(id, ann)).map((timer) => timer.dueAt)).toEqual([MONDAY + HOUR]);
    await send(id, 'CHANGE', { urgent: false });
    expect((await engine.timers(id, ann)).map((timer) => timer.dueAt)).toEqual([MONDAY + 2 * DAY]);
    await wait(2 * HOUR);
    // An hour from entry is past by now: due at once.
    await send(id, 'CHANGE', { urgent: true });
    await engine.wake();
    expect((await look(id)).state).toBe('fired');
    await sound();
  });

  it('ends with its state and begins anew with it', async () => {
    const { engine, ann, create, send, wait, look, events } = await running(timed('named'));
    const { id } = await create('thing');
    await wait(HOUR);
    await send(id, 'LEAVE');
    expect(await engine.timers(id, ann)).toEqual([]);
    await wait(5 * HOUR);
    await send(id, 'BACK');
    await wait(HOUR);
    expect((await look(id)).state).toBe('open');
    await wait(HOUR);
    expect(await events(id)).toEqual(['record.created', 'LEAVE', 'BACK', 'after.named']);
  });

  it('that enables nothing is consumed and recorded', async () => {
    const states = { open: { after: { 60000: { target: 'fired', guard: 'never' } } }, fired: {} };
    const { engine, ann, create, wait, events } = await running({
      processes: {
        thing: {
          'statechart.json': { id: 'thing', initial: 'open', states },
          'form.json': form,
          'rules.json': { guards: { never: { '===': [{ var: 'record.urgent' }, true] } } },
        },
      },
    });
    const { id } = await create('thing');
    await wait(DAY);
    expect(await events(id)).toEqual(['record.created', 'after.60000']);
    expect(await engine.timers(id, ann)).toEqual([]);
  });

  it('that leads to another fires that one too, each at its own instant', async () => {
    const states = { a: { after: { 60000: 'b' } }, b: { after: { 60000: 'c' } }, c: { after: { 60000: 'd' } }, d: {} };
    const { engine, ann, create, wait, look } = await running({ processes: { thing: { 'statechart.json': { id: 'thing', initial: 'a', states } } } });
    const { id } = await create('thing');
    await wait(HOUR);
    expect((await look(id)).state).toBe('d');
    expect((await engine.history(id, ann, { limit: 9 })).items.map((entry) => entry.at - MONDAY)).toEqual([0, 60_000, 120_000, 180_000]);
  });

  it('that began anew with another one due at the same instant waits for its new instant', async () => {
    // Two timers of one state: whichever comes first enters the state anew, and with it begins the other again.
    const again = (word: string) => ({ target: 'open', reenter: true, actions: note(word) });
    const states = { open: { after: { 3600000: again('number'), named: again('name') } } };
    const { create, wait, engine, ann, events } = await running({
      processes: { thing: { 'statechart.json': { id: 'thing', initial: 'open', states }, 'form.json': form, 'rules.json': { delays: { named: 'PT1H' } } } },
    });
    const { id } = await create('thing');
    await wait(HOUR);
    expect(await events(id)).toHaveLength(2);
    expect((await engine.timers(id, ann)).map((timer) => timer.dueAt)).toEqual([MONDAY + 2 * HOUR, MONDAY + 2 * HOUR]);
  });
});
