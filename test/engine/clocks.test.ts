import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/definitions/authored.js';
import { DAY, HOUR, MINUTE, type Running, running } from './running.js';
import { seeded } from './seeded.js';
import { MONDAY } from './testEngine.js';

const office = {
  kind: 'calendar',
  title: 'Office',
  zone: 'Europe/Berlin',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ from: '09:00', to: '17:00' }]])),
};
const nights = {
  kind: 'calendar',
  title: 'Nights',
  zone: 'UTC',
  week: {
    mon: [{ from: '20:00', to: '24:00' }],
    tue: [
      { from: '00:00', to: '06:00' },
      { from: '20:00', to: '24:00' },
    ],
    sat: [{ from: '00:00', to: '24:00' }],
  },
};
const rules = { 'reference/office.json': office, 'reference/nights.json': nights };
const form = {
  type: 'object',
  properties: {
    priority: { enum: ['low', 'high'], default: 'low' },
    calendar: { enum: ['office', 'nights'], default: 'office' },
    reason: { enum: ['user', 'vendor', 'nobody'] },
    breaches: { type: 'integer', default: 0 },
  },
};

/** Work that may wait, end and begin again, with a clock on it. */
function clocked(clock: JsonObject, target: JsonObject | string = { rule: { if: [{ '===': [{ var: 'record.priority' }, 'high'] }, 'PT2H', 'PT8H'] } }) {
  const chart = {
    id: 'work',
    initial: 'new',
    on: {
      CHANGE: { meta: { form: ['priority', 'calendar', 'reason'] } },
      'clock.fix.breached': { actions: { type: 'set', params: { breaches: { '+': [{ var: ['record.breaches', 0] }, 1] } } } },
    },
    states: {
      new: { on: { START: 'working' } },
      working: {
        on: { HOLD: { target: 'held', meta: { form: ['reason'] } }, FINISH: 'finished', RESTART: { actions: { type: 'set', params: { breaches: 0 } } } },
      },
      held: { on: { RESUME: 'working', FINISH: 'finished' } },
      finished: { on: { REOPEN: 'working' } },
    },
  };
  const spec = { runs: { in: ['working'] }, pauses: { in: ['held'] }, stops: { in: ['finished'] }, target, ...clock };
  return { rules, processes: { work: { 'statechart.json': chart, 'form.json': form, 'process.json': { clocks: { fix: spec } } } } };
}
const business = { business: 'PT8H', calendar: { var: 'record.calendar' } };
const fix = async (test: Running, id: string) => (await test.look(id)).clocks.fix;

describe('a clock', () => {
  it('runs, pauses, stops and goes on by state', async () => {
    const test = await running(clocked({}));
    const { id } = await test.create('work');
    expect((await test.look(id)).clocks).toEqual({});
    await test.wait(HOUR);
    await test.send(id, 'START');
    await test.wait(HOUR);
    expect(await fix(test, id)).toMatchObject({ status: 'running', elapsed: HOUR, remaining: 7 * HOUR, dueAt: MONDAY + 9 * HOUR, breached: false, cycle: 1 });
    await test.send(id, 'HOLD');
    await test.wait(3 * DAY);
    expect(await fix(test, id)).toMatchObject({ status: 'paused', elapsed: HOUR, dueAt: null, breached: false });
    await test.send(id, 'RESUME');
    await test.wait(2 * HOUR);
    await test.send(id, 'FINISH');
    await test.wait(DAY);
    expect(await fix(test, id)).toMatchObject({ status: 'stopped', elapsed: 3 * HOUR, breached: false });
    await test.send(id, 'REOPEN');
    await test.wait(HOUR);
    expect(await fix(test, id)).toMatchObject({ status: 'running', elapsed: 4 * HOUR, cycle: 1 });
    await test.sound();
  });

  it('pauses only for the reasons that count, and says which', async () => {
    const test = await running(
      clocked({
        runs: { in: ['working', 'held'] },
        pauses: { in: ['held'], when: { in: [{ var: 'record.reason' }, ['user', 'vendor']] }, reason: { var: 'record.reason' } },
      }),
    );
    const { id } = await test.create('work');
    await test.send(id, 'START');
    await test.send(id, 'HOLD', { reason: 'nobody' });
    await test.wait(HOUR);
    expect(await fix(test, id)).toMatchObject({ status: 'running', elapsed: HOUR, reason: null });
    await test.send(id, 'CHANGE', { reason: 'user' });
    await test.wait(HOUR);
    expect(await fix(test, id)).toMatchObject({ status: 'paused', elapsed: HOUR, reason: 'user' });
    await test.send(id, 'CHANGE', { reason: 'vendor' });
    await test.wait(HOUR);
    expect(await fix(test, id)).toMatchObject({ status: 'paused', elapsed: HOUR, reason: 'vendor' });
    const marks = (await test.engine.history(id, test.ann, { limit: 20 })).items.flatMap((entry) =>
      entry.marks.map((mark) => [mark.kind, mark.reason ?? null]),
    );
    expect(marks).toEqual([
      ['run', null],
      ['pause', 'user'],
      ['pause', 'vendor'],
    ]);
    await test.sound();
  });

  it('warns and breaches once a cycle, also over a pause and a restart of the server', async () => {
    let test = await running(clocked({ warnings: [0.5, 0.75] }));
    const { id } = await test.create('work');
    await test.send(id, 'START');
    await test.wait(5 * HOUR);
    await test.send(id, 'HOLD');
    await test.wait(DAY);
    await test.send(id, 'RESUME');
    test = await test.again();
    await test.wait(30 * DAY);
    const events = (await test.engine.history(id, test.ann, { limit: 20 })).items.filter((entry) => entry.event.startsWith('clock.'));
    expect(events.map((entry) => [entry.event, entry.data.fraction, entry.at - MONDAY])).toEqual([
      ['clock.fix.warning', 0.5, 4 * HOUR],
      ['clock.fix.warning', 0.75, DAY + 6 * HOUR],
      ['clock.fix.breached', 1, DAY + 8 * HOUR],
    ]);
    expect(await test.look(id)).toMatchObject({ data: { breaches: 1 }, clocks: { fix: { breached: true } } });
    await test.sound();
  });

  it('has another target as soon as the priority changes; what is past then arrives at once', async () => {
    const test = await running(clocked({}));
    const { id } = await test.create('work');
    await test.send(id, 'START');
    await test.wait(3 * HOUR);
    await test.send(id, 'CHANGE', { priority: 'high' });
    expect(await fix(test, id)).toMatchObject({ status: 'running', target: 2 * HOUR, elapsed: 3 * HOUR, dueAt: MONDAY + 3 * HOUR });
    await test.engine.wake();
    expect(await test.events(id)).toEqual(['record.created', 'START', 'CHANGE', 'clock.fix.breached']);
    await test.send(id, 'CHANGE', { priority: 'low' });
    await test.wait(10 * DAY);
    expect((await test.events(id)).filter((event) => event.endsWith('breached'))).toHaveLength(1);
    await test.sound();
  });

  it('counts on the calendar it is given, and on another from the moment that changes', async () => {
    const test = await running(clocked({}, business));
    const { id } = await test.create('work');
    await test.send(id, 'START');
    // Monday 10:00 in Berlin: seven hours are left today.
    await test.wait(12 * HOUR);
    expect(await fix(test, id)).toMatchObject({ elapsed: 7 * HOUR, calendar: 'office', dueAt: MONDAY + DAY });
    await test.send(id, 'CHANGE', { calendar: 'nights' });
    // From Monday 21:00 UTC, in the night shift.
    expect(await fix(test, id)).toMatchObject({ elapsed: 7 * HOUR, calendar: 'nights', dueAt: MONDAY + 13 * HOUR });
    await test.wait(30 * MINUTE);
    expect(await fix(test, id)).toMatchObject({ elapsed: 7.5 * HOUR });
    await test.sound();
  });

  it('begins a new cycle, with its thresholds ahead again, where the process says so', async () => {
    const test = await running(clocked({ onRestart: 'restart', restartOn: ['RESTART'] }));
    const { id } = await test.create('work');
    await test.send(id, 'START');
    await test.wait(9 * HOUR);
    await test.send(id, 'FINISH');
    await test.send(id, 'REOPEN');
    expect(await fix(test, id)).toMatchObject({ status: 'running', elapsed: 0, cycle: 2, breached: false });
    await test.wait(HOUR);
    await test.send(id, 'RESTART');
    expect(await fix(test, id)).toMatchObject({ status: 'running', elapsed: 0, cycle: 3 });
    await test.wait(9 * HOUR);
    expect((await test.events(id)).filter((event) => event.endsWith('breached'))).toHaveLength(2);
    await test.sound();
  });

  it('stops with the record', async () => {
    const chart = { id: 'work', initial: 'a', states: { a: { on: { END: 'z' } }, z: { type: 'final' } } };
    const test = await running({
      processes: { work: { 'statechart.json': chart, 'process.json': { clocks: { fix: { runs: { in: ['a'] }, target: 'PT8H' } } } } },
    });
    const { id } = await test.create('work');
    await test.wait(HOUR);
    await test.send(id, 'END');
    await test.wait(DAY);
    expect(await fix(test, id)).toMatchObject({ status: 'stopped', elapsed: HOUR });
    expect((await test.engine.list({ limit: 5 }, test.ann)).items[0]?.columns.due).toBe(null);
  });
});

describe('elapsed time', () => {
  /** Open minutes counted one by one on the wall clock of the zone: slow, simple, and nothing of the engine's. */
  const openMinutes = (calendar: typeof office, from: number, to: number): number => {
    const wall = new Intl.DateTimeFormat('en-GB', { timeZone: calendar.zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    let minutes = 0;
    for (let at = from; at < to; at += MINUTE) {
      const parts = Object.fromEntries(wall.formatToParts(at).map(({ type, value }) => [type, value]));
      const time = `${parts.hour}:${parts.minute}`;
      const week = calendar.week as { readonly [day: string]: readonly { from: string; to: string }[] | undefined };
      if (week[String(parts.weekday).toLowerCase()]?.some((open) => open.from <= time && time < open.to)) minutes += 1;
    }
    return minutes;
  };

  it('equals what the history says, counted minute by minute, in two hundred random lives', async () => {
    const random = seeded();
    // Around the change to summer time, so that an hour that does not exist is among them.
    const test = await running({ ...clocked({}, business), at: Date.UTC(2026, 2, 27, 6) });
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const records: string[] = [];
    for (let n = 0; n < 200; n += 1) records.push((await test.create('work', { calendar: pick(['office', 'nights']) })).id);
    for (let round = 0; round < 8; round += 1) {
      await Promise.all(
        records.map(async (id) => {
          const open = (await test.engine.transitions(id, test.ann)).map((transition) => transition.type);
          const type = pick(open);
          if (random() < 0.6) await test.send(id, type, type === 'CHANGE' ? { calendar: pick(['office', 'nights']) } : {});
        }),
      );
      await test.wait(Math.floor(random() * 12 * 60) * MINUTE);
    }
    const calendars = { office, nights } as unknown as { readonly [name: string]: typeof office };
    const now = test.clock.now();
    let counting = 0;
    for (const id of records) {
      const record = await test.look(id);
      const entries = (await test.engine.history(id, test.ann, { limit: 100 })).items;
      // The state and the calendar between two entries decide whether time counts there.
      let minutes = 0;
      let calendar = '';
      entries.forEach((entry, index) => {
        calendar = String(entry.changes.calendar?.[1] ?? calendar);
        if (entry.to === 'working') minutes += openMinutes(calendars[calendar] as typeof office, entry.at, entries[index + 1]?.at ?? now);
      });
      if (minutes > 0) counting += 1;
      expect(record.clocks.fix?.elapsed ?? 0, record.number).toBe(minutes * MINUTE);
    }
    expect(counting).toBeGreaterThan(80);
    await test.sound();
  }, 60_000);
});
