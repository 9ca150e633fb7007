import { describe, expect, it } from 'vitest';
import { delayWords, durationWords, millisecondWords } from '../../../server/presenters/drawing/delayWords.js';

describe('delays in words', () => {
  it.each([
    ['P5D', '5 days'],
    ['PT4H', '4 hours'],
    ['P1DT1H30M', '1 day 1 hour 30 minutes'],
    ['P2M', '2 months'],
    ['PT2M', '2 minutes'],
    ['P1W', '1 week'],
  ])('says %s as %s', (iso, words) => expect(durationWords(iso)).toBe(words));

  it('refuses what is not a duration', () => {
    expect(durationWords('soon')).toBeNull();
    expect(durationWords('P')).toBeNull();
  });

  it.each([
    ['P7D', 'closeTerm', undefined, 'after 7 days'],
    [3_600_000, 'x', undefined, 'after 1 hour'],
    [{ business: 'PT8H', calendar: 'support' }, 'x', undefined, 'after 8 hours of working time'],
    [{ until: { var: 'record.dueAt' } }, 'due', undefined, 'at due at'],
    [{ until: { var: 'record.holdUntil' } }, 'hold', 'The date to resume.', 'at the date to resume'],
    [{ rule: true }, 'closeTerm', undefined, 'after close term'],
    [undefined, '60000', undefined, 'after 1 minute'],
  ])('says %j of %s', (spec, name, described, words) => expect(delayWords(spec as never, name, described)).toBe(words));

  it('takes the largest unit that divides milliseconds', () =>
    expect([millisecondWords(90_000), millisecondWords(172_800_000), millisecondWords(250)]).toEqual(['90 seconds', '2 days', '250 ms']));
});
