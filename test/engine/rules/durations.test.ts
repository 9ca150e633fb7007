import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDuration, durationMs, formatDuration, formatInstant, parseDuration, parseInstant } from '../../../engine/rules/index.js';

const at = (text: string): number => Date.parse(text);

describe('a duration', () => {
  for (const text of ['PT4H', 'P1D', 'P1DT2H30M', 'P2W', 'P1Y2M3DT4H5M6S', 'PT0S', 'PT0.5S', 'PT1,5H', 'P0D'])
    it(`can be ${text}`, () => expect(parseDuration(text)).not.toBeNull());
  for (const text of [
    '',
    'P',
    'PT',
    'P1DT',
    'P1Y1W',
    'P1W2D',
    '4h',
    'PT4',
    'P1H',
    'PT1D',
    'P-1D',
    '-P1D',
    'pt4h',
    'PT1.5H30M',
    'P1.5D',
    'PT1H ',
    'P1D1D',
    'PT1S1M',
    'P1D\n',
    `P${'9'.repeat(30)}D`,
  ]) {
    it(`cannot be ${JSON.stringify(text)}`, () => expect(parseDuration(text)).toBeNull());
  }
  it('counts in milliseconds', () =>
    expect([durationMs('PT4H'), durationMs('P1DT1M'), durationMs('P1W'), durationMs('PT0.25S')]).toEqual([14_400_000, 86_460_000, 604_800_000, 250]));
  it('with months or years has no length', () => {
    expect(() => durationMs('P1M')).toThrow(/vary/);
    expect(() => durationMs('P1Y')).toThrow(/vary/);
    expect(() => durationMs('x')).toThrow(RangeError);
  });
  it('is written so that it reads back the same', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e11 }), (ms) => void expect(durationMs(formatDuration(ms))).toBe(ms)));
    expect([formatDuration(0), formatDuration(90_000), formatDuration(86_400_000), formatDuration(-3_600_000)]).toEqual(['PT0S', 'PT1M30S', 'P1D', '-PT1H']);
  });
});

describe('adding a duration', () => {
  it('takes a day for a day of the zone, and 24 hours for 24 hours (T4)', () => {
    const evening = at('2026-03-28T19:00:00Z');
    expect(formatInstant(addDuration(evening, 'P1D', 'Europe/Berlin'))).toBe('2026-03-29T18:00:00.000Z');
    expect(formatInstant(addDuration(evening, 'PT24H', 'Europe/Berlin'))).toBe('2026-03-29T19:00:00.000Z');
    expect(formatInstant(addDuration(evening, 'P1D'))).toBe('2026-03-29T19:00:00.000Z');
  });
  it('keeps to the end of a month', () => {
    expect(formatInstant(addDuration(at('2024-01-31T00:00:00Z'), 'P1M'))).toBe('2024-02-29T00:00:00.000Z');
    expect(formatInstant(addDuration(at('2024-02-29T00:00:00Z'), 'P1Y'))).toBe('2025-02-28T00:00:00.000Z');
  });
  it('refuses what is no duration, no zone, or leads beyond the year 9999', () => {
    expect(() => addDuration(0, 'x')).toThrow(RangeError);
    expect(() => addDuration(0, 'P1D', 'Europe/Atlantis')).toThrow(RangeError);
    expect(() => addDuration(0, 'P9000Y')).toThrow(RangeError);
    expect(() => addDuration(0, 'P999999999D')).toThrow(RangeError);
  });
});

describe('an instant', () => {
  const good: readonly (readonly [string, string])[] = [
    ['2026-03-02T09:00:00Z', '2026-03-02T09:00:00.000Z'],
    ['2026-03-02T09:00Z', '2026-03-02T09:00:00.000Z'],
    ['2026-03-02T09:00:00.123456Z', '2026-03-02T09:00:00.123Z'],
    ['2026-03-02T09:00:00+05:45', '2026-03-02T03:15:00.000Z'],
    ['2026-03-02T00:30:00-02:00', '2026-03-02T02:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ];
  for (const [text, expected] of good) it(`can be ${text}`, () => expect(formatInstant(parseInstant(text) ?? Number.NaN)).toBe(expected));
  for (const text of [
    '1',
    '2026',
    '2026-02-30',
    '2026-02-30T00:00:00Z',
    '2025-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-03-02T24:00:00Z',
    '2026-03-02T09:00:00',
    '2026-03-02 09:00:00Z',
    '2026-3-2',
    '20260302',
    '2026-03-02T09:00:60Z',
    '2026-03-02T09:60:00Z',
    '2026-03-02T09:00:00+15:00',
    '2026-03-02T09:00:00z',
    ' 2026-03-02',
    '2026-03-02Z',
    '+002026-03-02',
    'now',
    '',
  ]) {
    it(`cannot be ${JSON.stringify(text)} (T4)`, () => expect(parseInstant(text)).toBeNull());
  }
  it('reads back what is written', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (ms) => void expect(parseInstant(formatInstant(ms))).toBe(ms)));
  });
});
