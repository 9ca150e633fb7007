import { describe, expect, it } from 'vitest';
import { monotonic } from '../../../engine/clock.js';
import type { Json, Rule } from '../../../engine/definitions/authored.js';
import { EngineError } from '../../../engine/errors.js';
import { exampleEnvironment } from '../../../engine/rules/exampleEnvironment.js';
import { compileRule } from '../../../engine/rules/index.js';
import { evaluated, factsWith, failureOf, noFacts } from './facts.js';

const each = { var: '' };
const tens = Array.from({ length: 10 }, (_, index) => index);
const nested = (operator: string, levels: number): Rule => (levels === 0 ? 1 : { [operator]: [tens, nested(operator, levels - 1)] });
const reduce = (body: Rule, start: Json, rounds = 40): Rule => ({ reduce: [Array.from({ length: rounds }, () => 1), body, start] });
const accumulator = { var: 'accumulator' };

describe('bombs (R1)', () => {
  const bombs: { readonly [name: string]: Rule } = {
    'map nested eight deep': nested('map', 8),
    'all nested eight deep': nested('all', 8),
    'some that never holds, nested eight deep': { some: [tens, { '!': [nested('all', 7)] }] },
    'a doubling merge': reduce({ merge: [accumulator, accumulator] }, [1]),
    'a doubling list of lists': reduce([accumulator, accumulator], 1),
    'a doubling list of lists as text': { cat: [reduce([accumulator, accumulator], 1, 30)] },
    'a doubling list of lists compared with a text': { '==': [reduce([accumulator, accumulator], 1, 30), 'x'] },
    'a doubling text': reduce({ cat: [accumulator, accumulator] }, 'x'),
    'the state of reduce within itself': reduce([each, each], 1),
    'filters within filters': nested('filter', 8),
  };
  for (const [name, rule] of Object.entries(bombs)) {
    it(`stops ${name} within milliseconds`, () => {
      // The best of three: the machine may be busy with something else.
      const spans = [1, 2, 3].map(() => {
        const began = monotonic();
        expect(failureOf(rule)).toMatch(/steps|grew|nested/);
        return monotonic() - began;
      });
      expect(Math.min(...spans)).toBeLessThan(50);
    });
  }
  it('stops 10,000 entries a time before they are many', () => {
    const list = Array.from({ length: 9000 }, (_, index) => index);
    expect(failureOf({ map: [{ var: 'record.list' }, { map: [{ var: 'record.list' }, 1] }] }, { list })).toMatch(/steps/);
  });
  it('has its whole budget again for the next rule', () => {
    expect(failureOf(nested('map', 8))).toMatch(/steps/);
    expect(evaluated({ '+': [1, 2] })).toBe(3);
  });
});

describe('depth (R7)', () => {
  const deep = (levels: number): Rule => (levels === 0 ? true : { '!': [deep(levels - 1)] });
  it('evaluates 60 levels', () => expect(evaluated(deep(60))).toBe(true));
  it('refuses 100 levels', () => expect(failureOf(deep(100))).toMatch(/nested deeper/));
  it('refuses 10,000 levels without overflowing', () => expect(failureOf(deep(5000))).toMatch(/nested deeper/));
  it('fails on missing_some without a list, naming the rule', () => expect(failureOf({ missing_some: [1, null] })).toMatch(/list/));
  it('takes the greatest of many', () => expect(evaluated({ max: Array.from({ length: 1500 }, (_, index) => index) })).toBe(1499));
});

describe('what is inherited (R3, R10)', () => {
  for (const path of [
    'constructor',
    'record.constructor',
    'record.toString',
    'record.__proto__',
    'record.title.constructor.name',
    'record.title.toUpperCase',
    '__proto__.polluted',
  ]) {
    it(`${path} is never there`, () => {
      expect(evaluated({ var: path }, { title: 'x' })).toBeNull();
      expect(evaluated({ missing: [path] }, { title: 'x' })).toEqual([path]);
      expect(evaluated({ present: { var: path } }, { title: 'x' })).toBe(false);
    });
  }
  for (const operator of ['toString', 'constructor', 'hasOwnProperty', 'cat.constructor', 'var.name', '+.call', 'method', 'log']) {
    it(`${operator} is no operator`, () => expect(failureOf({ [operator]: ['x', 'toUpperCase'] })).toBeTruthy());
  }
  it('reads an own property of any name', () => expect(evaluated({ var: 'record.constructor' }, { constructor: 'Acme' })).toBe('Acme'));
});

describe('data', () => {
  it('is never run as a rule, not by missing either (D1)', () => {
    const keys = [{ cat: ['record.', 'title'] }];
    expect(evaluated({ missing: { var: 'record.keys' } }, { keys, title: 'x' })).toEqual(keys);
    expect(evaluated({ missing_some: [1, { var: 'record.keys' }] }, { keys, title: 'x' })).toEqual(keys);
    expect(evaluated({ map: [{ var: 'record.keys' }, each] }, { keys })).toEqual(keys);
  });
  it('is not shared with results (R8)', () => {
    const record = { tags: ['a'], place: { city: 'Ulm' } };
    const tags = evaluated({ var: 'record.tags' }, record) as string[];
    tags.push('b');
    const place = evaluated({ var: 'record.place' }, record) as { city: string };
    place.city = 'Bonn';
    expect(record).toEqual({ tags: ['a'], place: { city: 'Ulm' } });
  });
  it('of the rule is not shared with results either (R8)', () => {
    const compiled = compileRule('list', { if: [true, ['a', 'b'], []] });
    (compiled.evaluate(noFacts, exampleEnvironment) as string[]).push('c');
    expect(compiled.evaluate(noFacts, exampleEnvironment)).toEqual(['a', 'b']);
  });
  it('may be altered after compilation without altering the rule', () => {
    const rule = { '==': [{ var: 'record.a' }, 1] };
    const compiled = compileRule('own', rule);
    rule['=='] = [1, 2];
    expect(compiled.holds(factsWith({ a: 1 }), exampleEnvironment)).toBe(true);
  });
  it('that is frozen evaluates as well', () =>
    expect(evaluated({ merge: [{ var: 'record.tags' }, 'b'] }, Object.freeze({ tags: Object.freeze(['a']) }))).toEqual(['a', 'b']));
});

describe('results', () => {
  it('are never NaN or infinite (R9)', () => {
    expect(failureOf({ '/': [1, 0] })).toMatch(/finite/);
    expect(failureOf({ '+': ['abc', 1] })).toMatch(/finite/);
    expect(failureOf({ '>': [{ '/': [1, 0] }, 5] })).toMatch(/finite/);
  });
  it('write zero in one way', () => expect(Object.is(evaluated({ '*': [-1, 0] }), 0)).toBe(true));
  it('keep a literal as it is', () => {
    expect(evaluated({ literal: { var: 'record.title' } })).toEqual({ var: 'record.title' });
    expect(evaluated({ if: [false, { literal: { a: 1 } }, { literal: [{ '+': [1, 2] }] }] })).toEqual([{ '+': [1, 2] }]);
  });
  it('round half away from zero', () => {
    expect([
      evaluated({ round: [1.005, 2] }),
      evaluated({ round: [-1.5] }),
      evaluated({ round: [-0.2] }),
      evaluated({ round: [1e21, 2] }),
      evaluated({ round: [1e-9, 2] }),
    ]).toEqual([1.01, -2, 0, 1e21, 0]);
  });
});

describe('a rule that fails', () => {
  it('throws RULE_FAILED with its name, never "no"', () => {
    const rule = compileRule('dueSoon', { before: [{ var: 'record.dueAt' }, { var: 'now' }] });
    for (const attempt of [
      () => rule.holds(noFacts, exampleEnvironment),
      () => rule.evaluate(noFacts, exampleEnvironment),
      () => rule.explain(noFacts, exampleEnvironment),
    ]) {
      expect(attempt).toThrow(EngineError);
      try {
        attempt();
      } catch (error) {
        expect(error).toMatchObject({ code: 'RULE_FAILED', facts: { rule: 'dueSoon', reason: 'before needs an instant, not null' } });
      }
    }
  });
  it('names what is unknown', () => {
    expect(failureOf({ table: ['nope', 1] })).toBe('there is no table "nope"');
    expect(failureOf({ in_hours: [{ var: 'now' }, 'nope'] })).toBe('there is no calendar "nope"');
    expect(failureOf({ choice: ['nope', 'a', 'b'] })).toBe('there is no list "nope"');
    expect(failureOf({ plus: [{ var: 'now' }, '4h'] })).toMatch(/not an ISO 8601 duration/);
  });
  it('carries an absent value through what calculates', () => {
    for (const rule of [
      { plus: [{ var: 'record.x' }, 'P1D'] },
      { between: [{ var: 'record.x' }, { var: 'now' }] },
      { business_plus: [{ var: 'record.x' }, 'PT1H', 'support'] },
      { date: { var: 'record.x' } },
      { round: { var: 'record.x' } },
    ]) {
      expect(evaluated(rule)).toBeNull();
    }
  });
});

describe('what a rule reads', () => {
  it('are the paths of the outermost scope, each once', () => {
    const rule = {
      and: [
        { '==': [{ var: 'record.a' }, { var: ['record.b', { var: 'record.c' }] }] },
        { some: [{ var: 'record.list' }, { '==': [{ var: 'name' }, 1] }] },
        { missing: ['record.d', 'record.a'] },
        { missing_some: [1, ['event.e']] },
        { literal: { var: 'record.f' } },
        [{ var: 'now' }],
      ],
    };
    expect(compileRule('reads', rule).reads).toEqual(['record.a', 'record.b', 'record.c', 'record.list', 'record.d', 'event.e', 'now']);
  });
});

describe('facts', () => {
  it('give the state by path, active ones and those around them', () => {
    expect(evaluated({ in_state: 'active' })).toBe(true);
    expect(evaluated({ in_state: 'active.waiting' })).toBe(true);
    expect(evaluated({ in_state: 'waiting' })).toBe(false);
    expect(evaluated({ in_state: 'major.on' }, {}, { state: { work: 'done', major: { on: {} } } as never })).toBe(true);
    expect(evaluated({ in_state: 'x' }, {}, { paths: new Set(['x']) })).toBe(true);
  });
  it('give clocks, links, votes and the actor', () => {
    expect(evaluated({ var: 'clocks.resolution.elapsed' })).toBe(7_200_000);
    expect(evaluated({ var: 'links.order.count' })).toBe(0);
    expect(evaluated({ var: 'actor.id' })).toBe('mira');
    expect(evaluated({ includes: [{ var: 'actor.teams' }, 'network'] })).toBe(true);
    expect(evaluated({ visited: 'approved' }, {}, { visited: new Set(['approved']) })).toBe(true);
  });
});

describe('facts of the whole within an iterator', () => {
  const environment = { tables: new Map(), lists: new Map(), calendars: new Map() };
  const facts = {
    record: { limit: 3, list: [{ size: 1 }, { size: 5 }] },
    event: {},
    actor: { id: 'ann', roles: [], teams: [] },
    state: 'open',
    now: '2026-03-02T09:00:00.000Z',
  };
  const evaluate = (rule: unknown) => compileRule('r', rule as never).evaluate(facts as never, environment);

  it('are read by their full path, beside the fields of the entry', () => {
    expect(evaluate({ filter: [{ var: 'record.list' }, { '>': [{ var: 'size' }, { var: 'record.limit' }] }] })).toEqual([{ size: 5 }]);
    expect(evaluate({ reduce: [{ var: 'record.list' }, { '+': [{ var: 'accumulator' }, { var: 'current.size' }, { var: 'record.limit' }] }, 0] })).toBe(12);
    expect(evaluate({ all: [{ var: 'record.list' }, { '===': [{ var: 'now' }, '2026-03-02T09:00:00.000Z'] }] })).toBe(true);
  });

  it('count among what the rule reads', () => {
    const { reads } = compileRule('r', { some: [{ var: 'record.list' }, { '===': [{ var: 'size' }, { var: 'record.limit' }] }] });
    expect([...reads].sort()).toEqual(['record.limit', 'record.list']);
  });

  it('do not hide a field of the entry', () => {
    expect(evaluate({ map: [[{ literal: 0 }], { var: ['limit', 'none'] }] })).toEqual(['none']);
  });
});

describe('an object made by a rule', () => {
  const environment = { tables: new Map(), lists: new Map(), calendars: new Map() };
  const facts = { record: { amount: 7, lines: [{ amount: 1 }] }, event: {}, actor: { id: 'ann', roles: [], teams: [] }, state: 'open', now: '' };

  it('is a line that can be added to a list', () => {
    const rule = { merge: [{ var: 'record.lines' }, [{ object: ['amount', { var: 'record.amount' }, 'note', { var: 'record.note' }] }]] };
    expect(compileRule('r', rule).evaluate(facts as never, environment)).toEqual([{ amount: 1 }, { amount: 7 }]);
  });
});
