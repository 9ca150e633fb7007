import { describe, expect, it } from 'vitest';
import type { JsonObject, Rule } from '../../../engine/definitions/authored.js';
import { exampleEnvironment } from '../../../engine/rules/exampleEnvironment.js';
import { compileRule, describeRule } from '../../../engine/rules/index.js';
import { factsWith } from './facts.js';

const impact = { var: 'record.impact' };
const effort = { var: 'record.effort' };
const assignee = { var: 'record.assignee' };
const titles = new Map([
  ['record.impact', 'Impact'],
  ['assignee', 'Assignee'],
  ['record.impact=high', 'High'],
  ['record.sla', 'SLA'],
]);
const why = (rule: Rule, record: JsonObject = {}) => compileRule('tried', rule).explain(factsWith(record), exampleEnvironment, titles);

describe('a rule as a sentence', () => {
  const sentences: readonly (readonly [Rule, string])[] = [
    [{ and: [{ '==': [impact, 'high'] }, { present: assignee }] }, 'Impact is High and assignee is filled in'],
    [
      { and: [{ or: [{ '==': [impact, 'low'] }, { '>': [effort, 8] }] }, { '!': [{ in_state: 'active' }] }] },
      '(impact is low or effort is more than 8) and state is not active',
    ],
    [{ '!': [{ and: [{ '==': [impact, 'low'] }, { '>=': [effort, 3] }] }] }, 'Impact is not low or effort is less than 3'],
    [{ '!': { missing: ['record.assignee'] } }, 'Assignee is filled in'],
    [{ '!=': [assignee, null] }, 'Assignee is filled in'],
    [{ '>': [8, effort] }, 'Effort is less than 8'],
    [{ in: [impact, ['high', 'low']] }, 'Impact is one of High or low'],
    [{ has_role: ['manager', 'cab'] }, 'The person acting has the role manager or cab'],
    [{ after: [{ var: 'now' }, { plus: [{ var: 'record.openedAt' }, 'PT4H'] }] }, 'Now is after 4 hours after opened at'],
    [{ '>': [{ var: 'clocks.resolution.elapsed' }, { duration: 'PT90M' }] }, 'Time counted by the resolution clock is more than 90 minutes'],
    [{ '>': [{ var: 'links.order.count' }, 0] }, 'Number of order links is more than 0'],
    [
      { none: [{ var: 'links.usedBy.records' }, { '===': [{ var: 'status' }, 'active'] }] },
      'Records linked as used by have no entry for which status is active',
    ],
    [{ '==': [{ var: 'event.holdReason' }, 'vendor'] }, 'Hold reason given is vendor'],
    [{ '>': [{ var: 'refs.item.unitPrice' }, 100] }, 'Unit price of item is more than 100'],
    [{ present: { var: 'record.sla' } }, 'SLA is filled in'],
    [{ table: ['priority', impact, { var: 'record.urgency' }] }, 'The entry of table priority for impact and urgency'],
    [{ if: [{ '==': [impact, 'high'] }, 'PT4H', 'P1D'] }, 'If impact is High then 4 hours, else 1 day'],
  ];
  for (const [rule, sentence] of sentences) it(sentence, () => expect(describeRule(rule, titles)).toBe(sentence));
  it('is made of anything without failing', () => {
    for (const rule of [
      null,
      true,
      'x',
      [],
      {},
      { a: 1, b: 2 },
      { var: [] },
      { if: [] },
      { and: [] },
      { table: [] },
      { in: [] },
      { unknown: [1] },
      { missing: [{ var: 'x' }] },
      { '!': [] },
    ] as Rule[])
      expect(typeof describeRule(rule)).toBe('string');
  });
});

describe('an explanation', () => {
  it('says of a refusal what is and what must be, part by part', () => {
    expect(why({ and: [{ '==': [impact, 'high'] }, { present: assignee }, { '>': [effort, 3] }] }, { impact: 'low', effort: 5 })).toEqual({
      rule: 'tried',
      holds: false,
      sentence: 'Impact is low, must be High; assignee is empty, must be filled in',
      parts: [
        { path: 'record.impact', value: 'low', expected: 'High', holds: false },
        { path: 'record.assignee', value: null, expected: 'filled in', holds: false },
        { path: 'record.effort', value: 5, expected: 'more than 3', holds: true },
      ],
    });
  });
  it('tells all ways out of an alternative', () =>
    expect(why({ or: [{ '==': [impact, 'high'] }, { present: assignee }] }, { impact: 'low' }).sentence).toBe(
      'Either impact is low, must be High, or assignee is empty, must be filled in',
    ));
  it('tells of a rule that holds what made it hold', () =>
    expect(why({ or: [{ '==': [impact, 'high'] }, { present: assignee }] }, { impact: 'high' })).toMatchObject({ holds: true, sentence: 'Impact is High' }));
  it('turns negations round', () =>
    expect(why({ '!': [{ '>=': [effort, 3] }] }, { effort: 5 })).toMatchObject({
      holds: false,
      sentence: 'Effort is 5, must be less than 3',
      parts: [{ expected: 'less than 3', holds: false }],
    }));
  it('names where the record stands', () => expect(why({ in_state: 'closed' }).sentence).toBe('State is active.waiting, must be closed'));
  it('names where the record stands by the active paths that are given', () => {
    const facts = factsWith({}, { state: '', paths: new Set(['active', 'active.waiting', 'major', 'major.none']) });
    expect(compileRule('tried', { in_state: 'closed' }).explain(facts, exampleEnvironment).parts).toEqual([
      { path: 'state', value: ['active.waiting', 'major.none'], expected: 'closed', holds: false },
    ]);
  });
  it('names the roles', () => expect(why({ has_role: 'manager' }).sentence).toBe('The person acting has the role service-desk, must have the role manager'));
  it('gives the inputs of a table', () => {
    const found = why({ '<': [{ table: ['priority', impact, { var: 'record.urgency' }] }, 3] }, { impact: 'low', urgency: 'high' });
    expect(found.sentence).toBe('The entry of table priority for impact and urgency is 3, must be less than 3');
    expect(found.parts.map((part) => [part.path, part.value])).toEqual([
      ['the entry of table priority for impact and urgency', 3],
      ['record.impact', 'low'],
      ['record.urgency', 'high'],
    ]);
  });
  it('gives both sides of a comparison', () =>
    expect(why({ same_user: [{ var: 'actor.id' }, assignee] }, { assignee: 'jon' }).sentence).toBe(
      'The person acting is mira, must be the same person as assignee (jon)',
    ));
  it('follows the branch that was taken', () =>
    expect(why({ if: [{ '==': [impact, 'high'] }, { '>': [effort, 8] }, { present: assignee }] }, { impact: 'low' }).sentence).toBe(
      'Assignee is empty, must be filled in (because impact is low, must be High)',
    ));
  it('tells a value as a value', () => expect(why({ '+': [effort, 1] }, { effort: 2 }).sentence).toBe('Effort plus 1 is 3'));
  describe('of linked records', () => {
    const actions = ['done', 'active', 'active'].map((status, index) => ({ number: `ACT-00000${index + 1}`, title: 'Send {it}', status, states: ['open'] }));
    const records = { var: 'links.actions.records' };
    const active = { '===': [{ var: 'status' }, 'active'] };
    const whyOf = (rule: Rule, linked: JsonObject[] = actions): string =>
      compileRule('tried', rule).explain(factsWith({}, { links: { actions: { count: linked.length, records: linked } } }), exampleEnvironment).sentence;

    it.each<readonly [string, Rule, string]>([
      [
        'none may be so',
        { none: [records, active] },
        'Records linked as actions include ACT-000002 and ACT-000003, for which status is active, must have no such entry',
      ],
      [
        'none may be so, said the other way round',
        { '!': { some: [records, active] } },
        'Records linked as actions include ACT-000002 and ACT-000003, for which status is active, must have no such entry',
      ],
      [
        'all must be so',
        { all: [records, { '===': [{ var: 'status' }, 'done'] }] },
        'Records linked as actions include ACT-000002 and ACT-000003, for which status is not done, must have no such entry',
      ],
      [
        'one must be so',
        { some: [records, { '===': [{ var: 'status' }, 'late'] }] },
        'Records linked as actions are ACT-000001, ACT-000002 and ACT-000003, must have an entry for which status is late',
      ],
      ['there must be some', { '!': records }, 'Records linked as actions are ACT-000001, ACT-000002 and ACT-000003, must be empty or no'],
    ])('names those that are in the way where %s', (_words, rule, sentence) => expect(whyOf(rule)).toBe(sentence));

    it('says that there are none', () =>
      expect(whyOf({ all: [records, active] }, [])).toBe('Records linked as actions are empty, must have every entry for which status is active'));

    it('names the first of many', () => {
      const many = Array.from({ length: 30 }, (_none, index) => ({ number: `ACT-${index + 10}`, status: 'active' }));
      expect(whyOf({ none: [records, active] }, many)).toBe(
        `Records linked as actions include ${many
          .slice(0, 12)
          .map(({ number }) => number)
          .join(', ')} and 18 more, for which status is active, must have no such entry`,
      );
    });
  });

  it('tells rows of a table by their cells', () =>
    expect(why({ none: [{ var: 'record.tasks' }, { '==': [{ var: 'team' }, null] }] }, { tasks: [{ title: 'Order it', team: null, size: 2 }] }).sentence).toBe(
      'Tasks include title "Order it" and size 2, for which team is empty, must have no such entry',
    ));

  it('agrees with evaluation', () => {
    const rules: Rule[] = [
      { missing: ['record.impact', 'record.assignee'] },
      { '!': { missing: ['record.impact'] } },
      { '!!': impact },
      { var: 'record.major' },
      { '!': { var: 'record.major' } },
      { some: [{ var: 'record.tags' }, { '==': [{ var: '' }, 'vip'] }] },
    ];
    for (const record of [{}, { impact: 'high' }, { impact: '', major: true }, { tags: ['vip'], assignee: 'x', impact: 'low', major: false }] as JsonObject[]) {
      for (const rule of rules) {
        const holds = compileRule('tried', rule).holds(factsWith(record), exampleEnvironment);
        const found = why(rule, record);
        expect(found.holds).toBe(holds);
        if (!holds) expect(found.sentence, JSON.stringify(rule)).toMatch(/must|empty/);
      }
    }
  });
});
