import { describe, expect, it } from 'vitest';
import { planChapters } from '../../../server/demo/chapters.js';
import type { ChapterStep, Demonstration } from '../../../server/demo/story.js';

/** Monday, 2 March 2026, midnight; the zone changes its clocks on 29 March. */
const FROM = Date.UTC(2026, 2, 1);
const plan = (steps: readonly ChapterStep[], until = Number.POSITIVE_INFINITY) =>
  planChapters({ chapters: [{ title: 'Trial', steps }], zone: 'Europe/Berlin' } as unknown as Demonstration, FROM, until);
const times = (steps: readonly ChapterStep[]) => plan(steps).map(({ at }) => new Date(at).toISOString());
const step = (more: ChapterStep): ChapterStep => ({ as: 'ann', record: 'one', event: 'GO', ...more });

describe('the timetable of a chapter', () => {
  it('takes days from the beginning and local times, through changes of the clock', () => {
    expect(times([step({ day: 1, time: '09:30' }), step({ day: 29, time: '09:30' })])).toEqual(['2026-03-02T08:30:00.000Z', '2026-03-30T07:30:00.000Z']);
  });

  it('moves what falls on a weekend to Monday, and keeps the order', () => {
    const saturday = step({ day: 6, time: '15:00' });
    const sunday = step({ day: 7, time: '08:00' });
    expect(times([saturday, sunday])).toEqual(['2026-03-09T14:00:00.000Z', '2026-03-09T14:01:00.000Z']);
  });

  it('goes on ten minutes later where nothing is said, with the same record and person', () => {
    const planned = plan([{ day: 1, as: 'ann', create: 'thing', name: 'first' }, { event: 'GO' }, { as: 'bob', event: 'STOP' }]);
    expect(planned.map(({ as, record, at }) => [as, record, (at - (planned[0]?.at ?? 0)) / 60_000])).toEqual([
      ['ann', 'first', 0],
      ['ann', 'first', 10],
      ['bob', 'first', 20],
    ]);
  });

  it('leaves out what lies beyond the end', () => {
    expect(plan([step({ day: 1 }), step({ day: 200 })], FROM + 100 * 86_400_000)).toHaveLength(1);
  });

  it('makes instants and dates of what is said from now on, or back', () => {
    const [one] = plan([step({ day: 1, time: '10:00', data: { at: { $in: 'PT2H' }, on: { $on: 'P3D' }, since: { $in: '-P1D' }, link: '@other' } })]);
    expect(one?.data).toEqual({ at: '2026-03-02T11:00:00.000Z', on: '2026-03-05', since: '2026-03-01T09:00:00.000Z', link: '@other' });
  });

  it('refuses a step of which nobody can tell who does it or to what, by its place', () => {
    expect(() => plan([{ day: 1, event: 'GO' }])).toThrowError(
      expect.objectContaining({ facts: { fields: [expect.objectContaining({ field: 'step 1 of the chapter “Trial”' })] } }),
    );
  });
});
