import { describe, expect, it } from 'vitest';
import type { FieldSchema, Rule } from '../../../engine/definitions/authored.js';
import { exampleOptions } from '../../../engine/rules/exampleEnvironment.js';
import { type CheckOptions, checkRule } from '../../../engine/rules/index.js';

const found = (rule: Rule, more: Partial<CheckOptions> = {}) =>
  checkRule(rule, { ...exampleOptions, ...more }).map((one) => `${one.severity} ${one.code} ${one.pointer}`);
const impact = { var: 'record.impact' };
const cost = { var: 'record.cost' };
const dueAt = { var: 'record.dueAt' };
const now = { var: 'now' };

describe('good rules', () => {
  const good: readonly Rule[] = [
    { '==': [impact, 'high'] },
    { in: [impact, ['high', 'medium']] },
    { in: ['vip', { var: 'record.tags' }] },
    { and: [{ '==': [impact, 'high'] }, { '!': [{ in_state: 'active.waiting' }] }, { has_role: ['manager', 'service-desk'] }] },
    { and: [{ present: cost }, { '>': [cost, 100] }] },
    { or: [{ '!': [{ present: cost }] }, { '>': [cost, 100] }] },
    { if: [{ present: cost }, { '>': [cost, 100] }, false] },
    { if: [{ '==': [cost, null] }, false, { '>': [cost, 100] }] },
    { '>': [{ var: ['record.cost', 0] }, 100] },
    { and: [{ '!!': dueAt }, { before: [dueAt, now] }] },
    { and: [{ '!': { missing: ['record.dueAt', 'record.cost'] } }, { before: [dueAt, now] }, { '<': [cost, 5] }] },
    { '!': { missing: ['record.assignee'] } },
    { missing: ['record.assignee'] },
    { '!=': [{ var: 'record.assignee' }, { var: 'actor.id' }] },
    { '==': [{ var: 'record.major' }, true] },
    { var: 'record.major' },
    { '!': [{ var: 'record.major' }] },
    { some: [{ var: 'record.tasks' }, { '!': [{ var: 'done' }] }] },
    { all: [{ var: 'record.tasks' }, { and: [{ var: 'done' }, { '!=': [{ var: 'title' }, ''] }] }] },
    { and: [{ present: { var: 'record.tags' } }, { '>': [{ var: 'record.tags.length' }, 2] }] },
    { '>': [{ reduce: [{ map: [{ var: 'record.tasks' }, { if: [{ var: 'done' }, 1, 0] }] }, { '+': [{ var: 'current' }, { var: 'accumulator' }] }, 0] }, 2] },
    { '>': [{ var: 'links.order.count' }, 0] },
    { '==': [{ var: 'clocks.resolution.status' }, 'running'] },
    { '>': [{ var: 'clocks.resolution.elapsed' }, { duration: 'PT4H' }] },
    { '==': [{ var: 'votes.cab.status' }, 'approved'] },
    { '==': [{ var: 'event.type' }, 'ASSIGN'] },
    { after: [now, { business_plus: [{ var: 'record.openedAt' }, { if: [{ '==': [impact, 'high'] }, 'PT4H', 'PT8H'] }, 'support'] }] },
    { '==': [{ date: now }, { var: 'record.startsOn' }] },
    { '<': [{ var: 'record.startsOn' }, '2026-06-01'] },
    { '==': [{ choice: ['closure-codes', { var: 'record.reason' }, 'counts'] }, true] },
    { same_user: [{ var: 'record.requester' }, { var: 'actor.id' }] },
    { '<=': [1, { var: 'record.effort' }, 5] },
    { starts_with: [{ var: 'record.number' }, 'INC'] },
    { '<': [{ table: ['priority', impact, { var: 'record.urgency' }] }, 3] },
    { includes: [['high', 'low'], impact] },
  ];
  for (const rule of good) it(`accepts ${JSON.stringify(rule)}`, () => expect(found(rule)).toEqual([]));
  it('accepts any event field where the event is not known', () =>
    expect(found({ '==': [{ var: 'event.whatever' }, 'x'] }, { eventFields: 'any' })).toEqual([]));
  it('accepts values that are not rules where any are expected', () => {
    for (const value of [1, 'text', null, true, ['a'], []] as Rule[]) expect(found(value, { expects: 'any' })).toEqual([]);
  });
});

describe('faults are named with their place', () => {
  const faults: readonly (readonly [Rule, readonly string[]])[] = [
    ['high', ['error RULE_NOT_A_RULE ']],
    [true, ['error RULE_NOT_A_RULE ']],
    [null, ['error RULE_NOT_A_RULE ']],
    [[], ['error RULE_NOT_A_RULE ']],
    [{}, ['error RULE_EMPTY_OBJECT ']],
    [{ and: [{ '==': [impact, 'high'] }, { '==': [{ var: 'record.x' }, 1] }] }, ['error RULE_PATH_UNKNOWN /and/1/==/0/var']],
    [{ '==': [{ var: '' }, 1] }, ['error RULE_PATH_UNKNOWN /==/0/var']],
    [{ '==': [{ var: 'record' }, 1] }, ['error RULE_PATH_UNKNOWN /==/0/var']],
    [{ '==': [{ var: 'state' }, 'new'] }, ['error RULE_PATH_UNKNOWN /==/0/var']],
    [{ '==': [{ var: 'record.constructor' }, 1] }, ['error RULE_PATH_UNKNOWN /==/0/var']],
    [{ '==': [{ var: 'clocks.nope.elapsed' }, 1] }, ['error RULE_PATH_UNKNOWN /==/0/var']],
    [{ '==': [{ var: 'links.toString.count' }, 1] }, ['error RULE_PATH_UNKNOWN /==/0/var']],
    [{ '==': [{ var: 'event.nope' }, 1] }, ['error RULE_PATH_UNKNOWN /==/0/var']],
    [{ missing: ['record.nope'] }, ['error RULE_PATH_UNKNOWN /missing/0']],
    [{ missing: [{ var: 'record.tags' }] }, ['error RULE_NOT_LITERAL /missing/0']],
    [{ toString: [] } as unknown as Rule, ['error RULE_OPERATOR_UNKNOWN /toString']],
    [{ log: [1] }, ['error RULE_OPERATOR_UNKNOWN /log']],
    [{ 'cat.constructor': ['x'] }, ['error RULE_OPERATOR_UNKNOWN /cat.constructor']],
    [{ some: [{ var: 'record.tasks' }, { '==': [{ var: 'don' }, true] }] }, ['error RULE_PATH_UNKNOWN /some/1/==/0/var']],
    [{ some: [{ var: 'record.tasks' }, { '==': [{ var: 'title' }, { var: 'record.imapct' }] }] }, ['error RULE_PATH_UNKNOWN /some/1/==/1/var']],
    [{ some: [{ var: 'record.tasks' }, { '==': [{ var: 'title' }, impact] }] }, []],
    [{ present: { object: ['title'] } }, ['error RULE_ARGUMENTS /present/object']],
    [{ present: { object: ['title', impact, { var: 'record.title' }, 1] } }, ['error RULE_NOT_LITERAL /present/object/2']],
    [{ some: [impact, { '==': [{ var: '' }, 'x'] }] }, ['error RULE_TYPE /some/0']],
    [{ '==': [{ var: 'record.effort' }, '5'] }, ['error RULE_NUMBER_AS_TEXT /==/1']],
    [{ '==': [{ var: 'record.title' }, 5] }, ['error RULE_NUMBER_AS_TEXT /==/1']],
    [{ '==': [{ var: 'record.major' }, 'true'] }, ['error RULE_TYPES_DIFFER /==/1']],
    [{ '==': [{ var: 'record.effort' }, ''] }, ['error RULE_TYPES_DIFFER /==/1']],
    [{ '==': [{ var: 'record.tags' }, 1] }, ['error RULE_LIST_COMPARED /==/0']],
    [{ in: [impact, ['high', 'hihg']] }, ['error RULE_VALUE_IMPOSSIBLE /in/1/1']],
    [{ in: [{ var: 'record.effort' }, ['1', '2']] }, ['error RULE_NUMBER_AS_TEXT /in/0']],
    [{ in: [{ var: 'actor.id' }, { var: 'record.assignee' }] }, ['error RULE_IN_TEXT /in/1']],
    [{ before: [{ var: 'record.openedAt' }, 'tomorrow'] }, ['error RULE_INSTANT_INVALID /before/1']],
    [{ before: [{ var: 'record.title' }, now] }, ['error RULE_TYPE /before/0']],
    [
      { '>': [{ business_between: [{ var: 'record.openedAt' }, now, 'offce'] }, 5] },
      ['error RULE_CALENDAR_UNKNOWN /business_between/2'.replace('/business', '/>/0/business')],
    ],
    [{ '>': [{ duration: 'P1M' }, { var: 'record.effort' }] }, ['error RULE_DURATION_INVALID />/0/duration']],
    [{ table: ['priority', 'highest', { var: 'record.urgency' }] }, ['error RULE_VALUE_IMPOSSIBLE /table/1']],
    [{ table: ['priority', { var: 'record.effort' }, { var: 'record.urgency' }] }, ['error RULE_TYPES_DIFFER /table/1']],
    [{ table: ['priority', impact, { var: 'record.urgency' }] }, ['error RULE_NOT_BOOLEAN ']],
    [{ has_role: [{ var: 'record.title' }] }, ['error RULE_NOT_LITERAL /has_role/0']],
    [{ '!': [{ '==': [impact, 'high'] }, { '==': [impact, 'low'] }] }, ['error RULE_ARGUMENTS /!']],
    [{ and: [] }, ['error RULE_ARGUMENTS /and']],
    [{ cat: [impact, '!'] }, ['error RULE_NOT_BOOLEAN ']],
    [{ '<': [{ var: 'record.major' }, true] }, ['error RULE_TYPE /</1', 'warning RULE_VALUE_MAY_BE_MISSING /</0']],
    [{ and: [['x'], { '==': [impact, 'high'] }] }, ['error RULE_NOT_A_RULE /and/0']],
  ];
  for (const [rule, expected] of faults) it(`${JSON.stringify(rule).slice(0, 110)}`, () => expect(found(rule)).toEqual(expected));
});

describe('doubts are warnings', () => {
  const doubts: readonly (readonly [Rule, readonly string[]])[] = [
    [{ '>=': [cost, 0] }, ['warning RULE_VALUE_MAY_BE_MISSING />=/0']],
    [{ '>': [{ '+': [cost, 1] }, 3] }, ['warning RULE_VALUE_MAY_BE_MISSING />/0/+/0']],
    [{ before: [dueAt, now] }, ['warning RULE_VALUE_MAY_BE_MISSING /before/0']],
    [{ or: [{ present: cost }, { '>': [cost, 1] }] }, ['warning RULE_VALUE_MAY_BE_MISSING /or/1/>/0']],
    [{ '==': [{ var: 'record.requester' }, { var: 'record.assignee' }] }, ['warning RULE_VALUE_MAY_BE_MISSING /==/1']],
    [{ '==': [{ var: 'record.major' }, false] }, ['warning RULE_VALUE_MAY_BE_MISSING /==/1']],
    [{ var: 'record.assignee' }, ['warning RULE_TRUTHINESS ']],
    [{ '==': [{ var: 'record.openedAt' }, now] }, ['warning RULE_INSTANT_AS_TEXT /==/1']],
  ];
  for (const [rule, expected] of doubts) it(`${JSON.stringify(rule)}`, () => expect(found(rule)).toEqual(expected));
});

describe('fields by other schemas', () => {
  const fields = (schema: FieldSchema) => ({ fields: new Map([...exampleOptions.fields, ['x', schema]]), alwaysPresent: new Set(['x']) });
  const equals = (value: string | number): Rule => ({ '==': [{ var: 'record.x' }, value] });
  it('takes the values of oneOf', () => {
    const schema: FieldSchema = { oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }] };
    expect(found(equals('a'), fields(schema))).toEqual([]);
    expect(found(equals('c'), fields(schema))).toEqual(['error RULE_VALUE_IMPOSSIBLE /==/1']);
  });
  it('takes the values of an enum without type', () => expect(found(equals(3), fields({ enum: [1, 2] }))).toEqual(['error RULE_VALUE_IMPOSSIBLE /==/1']));
  it('knows nothing of a field without type, and refuses nothing', () => expect(found({ '>': [{ var: 'record.x' }, 3] }, fields({}))).toEqual([]));
  it('looks into objects', () => {
    const schema: FieldSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    expect(found({ '==': [{ var: 'record.x.city' }, 'Ulm'] }, fields(schema))).toEqual([]);
    expect(found({ '==': [{ var: 'record.x.town' }, 'Ulm'] }, fields(schema))).toEqual(['error RULE_PATH_UNKNOWN /==/0/var']);
  });
  it('takes a duration field where a duration is asked for', () => {
    expect(found({ var: 'record.x' }, { ...fields({ type: 'string', format: 'duration' }), expects: 'duration' })).toEqual([]);
    expect(found({ plus: [{ var: 'now' }, { var: 'record.x' }] }, { ...fields({ type: 'string', format: 'duration' }), expects: 'instant' })).toEqual([]);
  });
});

describe('records that are referred to', () => {
  const refs: CheckOptions['refs'] = new Map([['item', new Map<string, FieldSchema>([['price', { type: 'number' }]])]]);
  it('are read by the reference field and their own', () => expect(found({ '>': [{ var: ['refs.item.price', 0] }, 3] }, { refs })).toEqual([]));
  it('may be absent', () => expect(found({ '<': [{ var: 'refs.item.price' }, 3] }, { refs })).toEqual(['warning RULE_VALUE_MAY_BE_MISSING /</0']));
  it('have only the fields their form declares', () =>
    expect(found({ '>': [{ var: 'refs.item.cost' }, 3] }, { refs })).toEqual(['error RULE_PATH_UNKNOWN />/0/var']));
  it('are none where no field refers to one', () =>
    expect(found({ '>': [{ var: 'refs.other.price' }, 3] }, { refs })).toEqual(['error RULE_PATH_UNKNOWN />/0/var']));
});
