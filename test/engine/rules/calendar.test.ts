import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monotonic } from '../../../engine/clock.js';
import type { CalendarFile } from '../../../engine/definitions/authored.js';
import { EngineError } from '../../../engine/errors.js';
import { businessBetween, businessPlus, compileCalendar, isOpen } from '../../../engine/rules/index.js';

const minute = 60_000;
const hour = 60 * minute;
const at = (text: string): number => Date.parse(text);
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const time = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const walls = new Map<string, (instant: number) => readonly [date: string, time: string]>();

/** What a clock on the wall of the zone shows, by the platform; each minute asked for once. */
function wallOf(zone: string): (instant: number) => readonly [date: string, time: string] {
  const made = walls.get(zone);
  if (made !== undefined) return made;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const known = new Map<number, readonly [string, string]>();
  const wall = (instant: number): readonly [string, string] => {
    const whole = Math.floor(instant / minute);
    const before = known.get(whole);
    if (before !== undefined) return before;
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const shown = [`${part.year}-${part.month}-${part.day}`, `${part.hour}:${part.minute}`] as const;
    known.set(whole, shown);
    return shown;
  };
  walls.set(zone, wall);
  return wall;
}

/** Slow and independent: whether the time on the wall lies within an opening of the date on the wall. */
function oracle(file: CalendarFile): (instant: number) => boolean {
  const wall = wallOf(file.zone);
  return (instant) => {
    const [date, shown] = wall(instant);
    const holiday = file.holidays?.find((one) => one.date === date);
    const weekday = days[new Date(`${date}T12:00:00Z`).getUTCDay()] ?? 'sun';
    return (holiday === undefined ? (file.week[weekday] ?? []) : (holiday.open ?? [])).some(({ from, to }) => from <= shown && shown < to);
  };
}

const office: CalendarFile = {
  kind: 'calendar',
  zone: 'Europe/Berlin',
  week: Object.fromEntries(
    days.slice(1, 6).map((day) => [
      day,
      [
        { from: '09:00', to: '12:00' },
        { from: '13:00', to: '17:00' },
      ],
    ]),
  ),
  holidays: [
    { date: '2026-04-03', title: 'Good Friday' },
    { date: '2026-12-24', open: [{ from: '09:00', to: '12:00' }] },
  ],
};

/** Around both changes of summer time, leap day and the turn of the year, in zones of both hemispheres and of odd offsets. */
const moments: readonly (readonly [zone: string, around: string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/Havana', '2026-03-08T05:00:00Z'],
  ['America/Havana', '2026-11-01T05:00:00Z'],
  ['Asia/Kathmandu', '2024-02-29T12:00:00Z'],
  ['Europe/London', '2024-02-29T12:00:00Z'],
  ['Pacific/Kiritimati', '2025-12-31T12:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
];

const openings = fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { maxLength: 6 }).map((bounds) => {
  const sorted = [...bounds].sort((a, b) => a - b);
  const pairs = [];
  for (let index = 0; index + 1 < sorted.length; index += 2) pairs.push({ from: time((sorted[index] ?? 0) * 15), to: time((sorted[index + 1] ?? 0) * 15) });
  return pairs;
});

describe('business time', () => {
  it('agrees with a count minute by minute, whatever the zone does', () => {
    const sample = fc.record({
      moment: fc.constantFrom(...moments),
      week: fc.array(openings, { minLength: 7, maxLength: 7 }),
      holiday: fc.tuple(fc.integer({ min: -1, max: 2 }), openings),
      start: fc.integer({ min: -30 * 60, max: 30 * 60 }),
      length: fc.integer({ min: 0, max: 48 * 60 }),
    });
    fc.assert(
      fc.property(sample, ({ moment: [zone, around], week, holiday: [shift, open], start, length }) => {
        const date = new Date(at(around) + shift * 24 * hour).toISOString().slice(0, 10);
        const file: CalendarFile = {
          kind: 'calendar',
          zone,
          week: Object.fromEntries(days.map((day, index) => [day, week[index] ?? []])),
          holidays: [{ date, open }],
        };
        const calendar = compileCalendar('sample', file);
        const open_ = oracle(file);
        const from = at(around) + start * minute;
        const to = from + length * minute;
        let counted = 0;
        for (let instant = from; instant < to; instant += minute) {
          const expected = open_(instant);
          if (expected) counted += minute;
          if (instant % (7 * minute) === 0) expect(isOpen(calendar, instant)).toBe(expected);
        }
        expect(businessBetween(calendar, from, to)).toBe(counted);
        expect(businessBetween(calendar, to, from)).toBe(0 - counted);
        if (counted > 0) {
          const end = businessPlus(calendar, from, counted);
          expect(end).toBeLessThanOrEqual(to);
          expect(open_(end - minute)).toBe(true);
          expect(businessBetween(calendar, from, end)).toBe(counted);
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('adds up, and comes back from any amount', () => {
    const calendar = compileCalendar('office', office);
    const instant = fc.integer({ min: at('2025-12-20T00:00:00Z'), max: at('2027-01-10T00:00:00Z') });
    fc.assert(
      fc.property(instant, instant, instant, fc.integer({ min: 1, max: 300 * hour }), (a, b, c, amount) => {
        expect(businessBetween(calendar, a, b) + businessBetween(calendar, b, c)).toBe(businessBetween(calendar, a, c));
        expect(businessBetween(calendar, a, businessPlus(calendar, a, amount))).toBe(amount);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('a calendar', () => {
  const calendar = compileCalendar('office', office);
  it('goes from Friday afternoon over the weekend', () =>
    expect(businessPlus(calendar, at('2026-03-06T15:00:00Z'), 2 * hour)).toBe(at('2026-03-09T09:00:00Z')));
  it('ends at closing time, not at the next opening', () =>
    expect(businessPlus(calendar, at('2026-03-02T08:00:00Z'), 7 * hour)).toBe(at('2026-03-02T16:00:00Z')));
  it('leaves out holidays, and keeps the hours of those that have some', () => {
    expect(businessBetween(calendar, at('2026-04-02T22:00:00Z'), at('2026-04-05T22:00:00Z'))).toBe(0);
    expect(businessBetween(calendar, at('2026-12-23T23:00:00Z'), at('2026-12-24T23:00:00Z'))).toBe(3 * hour);
  });
  it('adds nothing for no time', () => expect(businessPlus(calendar, at('2026-03-07T12:00:00Z'), 0)).toBe(at('2026-03-07T12:00:00Z')));
  it('counts the summer and the winter hour right', () => {
    const always = compileCalendar('always', {
      kind: 'calendar',
      zone: 'Europe/Berlin',
      week: Object.fromEntries(days.map((day) => [day, [{ from: '00:00', to: '24:00' }]])),
    });
    expect(businessBetween(always, at('2026-03-28T23:00:00Z'), at('2026-03-29T22:00:00Z'))).toBe(23 * hour);
    expect(businessBetween(always, at('2026-10-24T22:00:00Z'), at('2026-10-25T23:00:00Z'))).toBe(25 * hour);
    expect(businessPlus(always, at('2026-03-28T23:00:00Z'), 400 * 24 * hour)).toBe(at('2026-03-28T23:00:00Z') + 400 * 24 * hour);
  });
  it('adds a year of business time in less than a millisecond once it knows the days', () => {
    businessPlus(calendar, at('2026-01-01T00:00:00Z'), 1700 * hour);
    const spans = Array.from({ length: 20 }, () => {
      const began = monotonic();
      businessPlus(calendar, at('2026-01-01T00:00:00Z'), 1700 * hour);
      return monotonic() - began;
    });
    expect(Math.min(...spans)).toBeLessThan(1);
  });
  it('that never opens fails instead of searching for ever', () => {
    const closed = compileCalendar('closed', { kind: 'calendar', zone: 'UTC', week: {} });
    expect(() => businessPlus(closed, 0, 1)).toThrow(EngineError);
    expect(businessBetween(closed, 0, 1e12)).toBe(0);
  });
  it('with a mistake is refused, naming the place', () => {
    try {
      compileCalendar('bad', { ...office, zone: 'Europe/Atlantis' });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'DEFINITION_FAULTY', facts: { calendar: 'bad', pointer: '/zone' } });
    }
  });
});
