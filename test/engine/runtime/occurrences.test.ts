import { createTask } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { occurrencesOf } from '../../../engine/runtime/occurrences.js';
import { seeded } from '../seeded.js';

const MINUTE = 60_000;
const from = Date.UTC(2026, 0, 1);

describe('the instants of a cron pattern', () => {
  it('are those node-cron would name, for patterns of every kind', () => {
    const random = seeded();
    const patterns = [
      '* * * * *',
      '*/7 3 * * *',
      '0 6 * * 1',
      '30 5 1,15 jan-jun/2 *',
      '15,45 8-17 * * mon-fri',
      '0 0 29 2 *',
      '5-59/20 */6 * * *',
      '59 23 31 12 *',
      '10-40/10 1 * * 7',
      '0 12 13 * 5',
    ];
    for (const pattern of patterns) {
      for (const zone of ['UTC', 'Asia/Kolkata']) {
        const [mine, theirs] = [occurrencesOf(pattern, zone), createTask(pattern, () => undefined, { timezone: zone })];
        for (let n = 0; n < 150; n += 1) {
          const at = from + Math.floor(random() * 500_000) * MINUTE;
          expect(mine.next(at - MINUTE, at) === at, `${pattern} ${zone} ${new Date(at).toISOString()}`).toBe(theirs.match(new Date(at)));
          const next = mine.next(at, at + 500 * 86_400_000);
          if (next !== null) expect(theirs.match(new Date(next)), `${pattern} ${new Date(next).toISOString()}`).toBe(true);
        }
      }
    }
  });

  it('leave out none: each is followed by the next', () => {
    const every = occurrencesOf('*/20 9-10 * * 1-5', 'Europe/Berlin');
    let [at, count] = [Date.UTC(2026, 5, 1), 0];
    for (let next = every.next(at, at + 7 * 86_400_000); next !== null; next = every.next(at, Date.UTC(2026, 5, 8))) {
      at = next;
      count += 1;
    }
    expect(count).toBe(5 * 6);
  });

  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-03-29T01:00:00Z', '2026-10-25T00:30:00Z'],
    ['America/New_York', '15 2 * * *', '2026-03-08T07:00:00Z', null],
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-03T15:30:00Z', null],
  ])('in %s: a time that is skipped comes when the clocks have gone forward, one that is repeated comes once', (zone, pattern, skipped, repeated) => {
    const spring = occurrencesOf(pattern, zone);
    const around = Date.parse(skipped);
    expect(spring.next(around - 6 * 3_600_000, around + 6 * 3_600_000)).toBe(around);
    expect(spring.next(around, around + 22 * 3_600_000)).toBe(null);
    if (repeated === null) return;
    const first = Date.parse(repeated);
    expect(spring.next(first - 6 * 3_600_000, first + 20 * 3_600_000)).toBe(first);
    expect(spring.next(first, first + 20 * 3_600_000)).toBe(null);
  });

  it('are found over years in no time', () => {
    expect(occurrencesOf('0 0 29 2 *', 'Europe/Berlin').next(from, from + 4 * 366 * 86_400_000)).toBe(Date.UTC(2028, 1, 28, 23));
  });
});
