import { describe, expect, it } from 'vitest';
import type { DelaySpec, JsonObject } from '../../../engine/definitions/authored.js';
import { exampleEnvironment, exampleOptions } from '../../../engine/rules/exampleEnvironment.js';
import { checkDelay, compileDelay, formatInstant } from '../../../engine/rules/index.js';
import { factsWith } from './facts.js';

const from = Date.parse('2026-03-06T16:00:00Z');
const due = (spec: DelaySpec, record: JsonObject = {}): string | null => {
  const found = compileDelay('target', spec).due(factsWith(record), exampleEnvironment, from);
  return found === null ? null : formatInstant(found);
};
const amount = (spec: DelaySpec, record: JsonObject = {}) => compileDelay('target', spec).amount(factsWith(record), exampleEnvironment);
const byImpact = { if: [{ '==': [{ var: 'record.impact' }, 'high'] }, 'PT4H', 'P1D'] };

describe('a delay', () => {
  it('is a duration, or milliseconds', () =>
    expect([due('PT90M'), due(60_000), due('P1M')]).toEqual(['2026-03-06T17:30:00.000Z', '2026-03-06T16:01:00.000Z', '2026-04-06T16:00:00.000Z']));
  it('counts business time on a calendar, both perhaps worked out', () => {
    expect(due({ business: 'PT4H', calendar: 'support' })).toBe('2026-03-09T11:00:00.000Z');
    expect(due({ business: byImpact, calendar: { var: 'record.calendar' } }, { impact: 'high', calendar: 'support' })).toBe('2026-03-09T11:00:00.000Z');
  });
  it('is an instant of a field, past ones included', () =>
    expect(due({ until: { var: 'record.dueAt' } }, { dueAt: '2020-01-01T00:00:00Z' })).toBe('2020-01-01T00:00:00.000Z'));
  it('is what a rule gives: duration, milliseconds, instant or business time', () => {
    expect(due({ rule: byImpact }, { impact: 'low' })).toBe('2026-03-07T16:00:00.000Z');
    expect(due({ rule: { '*': [2, { duration: 'PT1H' }] } })).toBe('2026-03-06T18:00:00.000Z');
    expect(due({ rule: { plus: [{ var: 'record.openedAt' }, 'PT1H'] } }, { openedAt: '2026-03-06T12:00:00Z' })).toBe('2026-03-06T13:00:00.000Z');
    expect(due({ rule: { var: 'record.level' } }, { level: { business: 'PT4H', calendar: 'support' } })).toBe('2026-03-09T11:00:00.000Z');
  });
  it('is none when its field or rule is empty', () =>
    expect([due({ until: { var: 'record.dueAt' } }), due({ rule: { var: 'record.x' } }), due({ business: { var: 'record.x' }, calendar: 'support' })]).toEqual([
      null,
      null,
      null,
    ]));
  it('fails, naming itself, for anything else', () => {
    for (const spec of [
      { rule: { var: 'record.impact' } },
      { rule: true },
      { business: 'soon', calendar: 'support' },
      { business: 'PT1H', calendar: 'nope' },
      { until: 'x' },
      { business: 'P1M', calendar: 'support' },
      'P99999Y',
    ] as DelaySpec[]) {
      expect(() => compileDelay('target', spec).due(factsWith({ impact: 'high' }), exampleEnvironment, from), JSON.stringify(spec)).toThrow(
        expect.objectContaining({ code: 'RULE_FAILED', facts: expect.objectContaining({ rule: 'target' }) }) as Error,
      );
    }
  });
  it('knows what it reads', () => {
    expect(compileDelay('t', { business: byImpact, calendar: { var: 'record.calendar' } }).reads).toEqual(['record.impact', 'record.calendar']);
    expect(compileDelay('t', 'PT1H').reads).toEqual([]);
  });
});

describe('the amount of a target', () => {
  it('is milliseconds, with the calendar that counts them', () => {
    expect(amount('PT4H')).toEqual({ ms: 14_400_000, calendar: null });
    expect(amount({ business: 'PT4H', calendar: 'support' })).toEqual({ ms: 14_400_000, calendar: 'support' });
    expect(amount({ rule: byImpact }, { impact: 'high' })).toEqual({ ms: 14_400_000, calendar: null });
  });
  it('is none for an instant or nothing', () => expect([amount({ until: { var: 'now' } }), amount({ rule: { var: 'record.x' } })]).toEqual([null, null]));
  it('has no months', () => expect(() => amount('P1M')).toThrow(expect.objectContaining({ code: 'RULE_FAILED' }) as Error));
});

describe('checking a delay', () => {
  const codes = (spec: DelaySpec) => checkDelay(spec, exampleOptions).map((one) => `${one.code} ${one.pointer}`);
  it('accepts the good', () => {
    for (const spec of [
      'PT4H',
      0,
      { business: 'PT4H', calendar: 'support' },
      { until: { var: 'record.dueAt' } },
      { rule: byImpact },
      { business: { if: [{ '==': [{ var: 'record.impact' }, 'high'] }, 'PT4H', 'PT8H'] }, calendar: 'support' },
    ] as DelaySpec[])
      expect(codes(spec)).toEqual([]);
  });
  it('names the place of the bad', () => {
    expect(codes('4h')).toEqual(['RULE_DURATION_INVALID ']);
    expect(codes(-1)).toEqual(['RULE_DURATION_INVALID ']);
    expect(codes({ business: 'PT4H', calendar: 'office' })).toEqual(['RULE_CALENDAR_UNKNOWN /calendar']);
    expect(codes({ business: '4h', calendar: 'support' })).toEqual(['RULE_RESULT /business']);
    expect(codes({ until: { var: 'record.title' } })).toEqual(['RULE_RESULT /until']);
    expect(codes({ rule: { var: 'record.nope' } })).toEqual(['RULE_PATH_UNKNOWN /rule/var']);
  });
});
