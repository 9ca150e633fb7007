import { describe, expect, it } from 'vitest';
import type { ClockView, DefinitionView, FieldSchema } from '../../../engine/index.js';
import { awaitsVote } from '../../../server/presenters/approvals.js';
import { clockCards } from '../../../server/presenters/clocks.js';
import { wordsOf } from '../../../server/presenters/definitionWords.js';
import { createNames } from '../../../server/presenters/names.js';
import { describeDuration, describeInstant, describeRelative } from '../../../server/presenters/time.js';
import { pathsOf } from '../../../server/presenters/timeline.js';
import { showValue, tellValue } from '../../../server/presenters/values.js';
import { safeHref } from '../../../server/web/viewFunctions.js';

const HOUR = 3_600_000;

describe('times', () => {
  it('stand in the zone of the reader', () => {
    expect(describeInstant(Date.UTC(2026, 6, 1, 7), 'Europe/Berlin', 0).text).toBe('1 Jul 2026, 09:00');
    expect(describeInstant(Date.UTC(2026, 6, 1, 7), 'America/New_York', 0)).toMatchObject({ text: '1 Jul 2026, 03:00', iso: '2026-07-01T07:00:00.000Z' });
  });

  it('are told by their distance', () => {
    expect(describeRelative(0, 2 * HOUR)).toBe('2 h ago');
    expect(describeRelative(2 * HOUR, 0)).toBe('in 2 h');
    expect(describeRelative(1000, 0)).toBe('now');
  });

  it('and durations by their two largest parts', () => {
    expect(describeDuration(26 * HOUR + 5 * 60_000)).toBe('1 d 2 h');
    expect(describeDuration(0)).toBe('0 s');
  });
});

const clock = (over: Partial<ClockView>): ClockView => ({
  title: 'Resolution',
  status: 'running',
  elapsed: HOUR,
  remaining: HOUR,
  target: 2 * HOUR,
  dueAt: 5 * HOUR,
  calendar: null,
  breached: false,
  reason: null,
  cycle: 1,
  ...over,
});

describe('clocks', () => {
  it('say what is left, what is over, what was met', () => {
    const headline = (over: Partial<ClockView>): string | undefined => clockCards({ a: clock(over) })[0]?.headline;
    expect(headline({})).toBe('1 h left');
    expect(headline({ remaining: -HOUR, breached: true })).toBe('1 h over');
    expect(headline({ status: 'stopped' })).toBe('Met');
    expect(headline({ status: 'stopped', breached: true })).toBe('Missed');
  });

  it('show the one that runs out first at the top, and none that has not begun', () => {
    const cards = clockCards({
      late: clock({ dueAt: 9 * HOUR }),
      idle: clock({ status: 'idle' }),
      paused: clock({ status: 'paused', dueAt: null }),
      soon: clock({ dueAt: 2 * HOUR }),
    });
    expect(cards.map(({ name }) => name)).toEqual(['soon', 'late', 'paused']);
  });

  it('tick in the browser only when all hours count', () => {
    expect(clockCards({ a: clock({}) })[0]?.live).toBe(true);
    expect(clockCards({ a: clock({ calendar: 'support' }) })[0]?.live).toBe(false);
  });
});

const definition = {
  hash: 'h1',
  process: { clocks: { c: { runs: { in: ['work'] }, pauses: { in: ['work.active.waiting'] }, stops: { in: ['work.done'] }, target: 'PT1H' } } },
  form: { type: 'object', properties: {} },
  events: [],
  files: {
    'statechart.json': {
      type: 'parallel',
      states: {
        work: {
          initial: 'new',
          states: {
            new: { meta: { title: 'New' } },
            active: { initial: 'busy', states: { busy: { meta: { title: 'Busy' } }, waiting: { meta: { title: 'Waiting' } } } },
            done: { meta: { title: 'Done' } },
            odd: { tags: ['danger'] },
          },
        },
        major: { initial: 'no', states: { no: {}, yes: { meta: { title: 'Major' } } } },
      },
    },
  },
} as unknown as DefinitionView;

describe('where a record stands', () => {
  const words = wordsOf(definition);

  it.each([
    [['work', 'work.new', 'major', 'major.no'], [{ tone: 'info', text: 'New' }]],
    [['work', 'work.active', 'work.active.busy', 'major', 'major.no'], [{ tone: 'active', text: 'Busy' }]],
    [['work', 'work.active', 'work.active.waiting', 'major', 'major.no'], [{ tone: 'waiting', text: 'Waiting' }]],
    [['work', 'work.done', 'major', 'major.no'], [{ tone: 'good', text: 'Done' }]],
    [['work', 'work.odd', 'major', 'major.no'], [{ tone: 'danger', text: 'odd' }]],
    [
      ['work', 'work.new', 'major', 'major.yes'],
      [
        { tone: 'info', text: 'New' },
        { tone: 'special', text: 'Major' },
      ],
    ],
  ])('%j is said with %j', (paths, chips) => {
    expect(words.chips(paths, 'active')).toEqual(chips);
  });

  it('reads the paths out of a nested state value', () => {
    expect(pathsOf({ work: { active: 'busy' }, major: 'no' })).toEqual(['work', 'work.active', 'work.active.busy', 'major', 'major.no']);
  });
});

describe('values', () => {
  const names = createNames(
    [
      {
        id: 'ada',
        name: 'Ada Lovelace',
        email: null,
        passwordHash: null,
        roles: [],
        teams: [],
        zone: null,
        standIn: null,
        absentUntil: null,
        active: true,
        createdAt: 0,
      },
    ],
    [{ id: 'net', title: 'Network', email: null }],
  );
  const context = { names, zone: 'UTC', lists: new Map([['codes', new Map([['fixed', 'Fixed for good']])]]) };
  const tell = (schema: FieldSchema, value: never) => tellValue(schema, value, context);

  it('are told by title, name and unit', () => {
    expect(tell({ oneOf: [{ const: 'a', title: 'Alpha' }] }, 'a' as never)).toBe('Alpha');
    expect(tell({ 'x-charter': { choices: 'codes' } }, 'fixed' as never)).toBe('Fixed for good');
    expect(tell({ 'x-charter': { reference: { kind: 'user' } } }, 'ada' as never)).toBe('Ada Lovelace');
    expect(tell({ 'x-charter': { reference: { kind: 'team' } } }, 'net' as never)).toBe('Network');
    expect(tell({ type: 'number', 'x-charter': { unit: 'EUR' } }, 1234 as never)).toBe('1,234 EUR');
    expect(tell({ type: 'boolean' }, true as never)).toBe('Yes');
    expect(tell({ format: 'duration' }, 'PT4H' as never)).toBe('4 h');
    expect(tell({ type: 'string' }, null as never)).toBeNull();
  });

  it('W9: never make a link of an address that could run', () => {
    expect(showValue({ format: 'uri' }, 'javascript:alert(1)', context)).toMatchObject({ kind: 'text', href: null });
    expect(safeHref('javascript:alert(1)')).toBe('#');
    expect(safeHref('//evil.example')).toBe('#');
    expect(safeHref('/record/INC-1')).toBe('/record/INC-1');
  });
});

describe('votes', () => {
  const open = {
    a: {
      attempt: 1,
      status: 'open' as const,
      step: 's',
      steps: [{ name: 's', voters: ['ada', 'bob'], status: 'open' as const }],
      contentHash: '',
      beganAt: 0,
      votes: [{ voter: 'ada', by: 'ada', choice: 'approve' as const, at: 0, step: 's' }],
    },
  };

  it('are asked of those who have not voted, and of whoever stands in for them', () => {
    expect(awaitsVote(open, ['ada'])).toBe(false);
    expect(awaitsVote(open, ['bob'])).toBe(true);
    expect(awaitsVote(open, ['cyd', 'bob'])).toBe(true);
  });
});
