import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject, Rule } from '../../../engine/definitions/authored.js';
import { EngineError } from '../../../engine/errors.js';
import { exampleEnvironment, exampleOptions } from '../../../engine/rules/exampleEnvironment.js';
import { checkRule, compileRule, describeRule, operators } from '../../../engine/rules/index.js';
import { factsWith } from './facts.js';

const full: JsonObject = {
  number: 'INC-1',
  createdAt: '2026-03-01T09:00:00.000Z',
  createdBy: 'mira',
  updatedAt: '2026-03-01T09:00:00.000Z',
  title: 'Printer',
  impact: 'high',
  urgency: 'low',
  assignee: 'mira',
  requester: 'jon',
  effort: 3,
  cost: 12.5,
  major: false,
  tags: ['vip'],
  tasks: [{ title: 'look', done: true }],
  reason: 'solved',
  openedAt: '2026-03-02T09:00:00.000Z',
  dueAt: '2026-03-03T09:00:00.000Z',
  startsOn: '2026-03-04',
};
const facts = factsWith(full, {
  event: { type: 'ASSIGN', reason: 'because' },
  votes: { cab: { status: 'open', approved: 1, refused: 0, outstanding: 2, step: 'board' } },
});
const paths = [
  ...Object.keys(full).map((name) => `record.${name}`),
  'record.tags.length',
  'now',
  'actor.id',
  'actor.roles',
  'event.type',
  'event.reason',
  'clocks.resolution.elapsed',
  'links.order.count',
  'votes.cab.status',
  '',
  'done',
  'title',
  'current',
  'accumulator',
  'constructor',
  '__proto__',
];
const names = Object.keys(operators);
const leaf = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    1,
    -2,
    3.5,
    '',
    'high',
    'low',
    'vip',
    'PT4H',
    'P1M',
    '2026-03-02',
    '2026-03-02T09:00:00Z',
    'support',
    'priority',
    'closure-codes',
    'counts',
    'service-desk',
    'active.waiting',
    'record.impact',
  ),
  fc.constantFrom(...paths).map((path): Json => ({ var: path })),
);
const { rule } = fc.letrec<{ rule: Json }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(fc.constantFrom(...names), fc.array(tie('rule'), { maxLength: 3 })).map(([name, args]): Json => ({ [name]: args })),
    fc.tuple(fc.constantFrom(...names), tie('rule')).map(([name, arg]): Json => ({ [name]: arg })),
    fc.array(tie('rule'), { maxLength: 3 }),
  ),
}));
const wild = fc.oneof(
  rule,
  fc.json({ maxDepth: 5 }).map((text) => JSON.parse(text) as Json),
);

const outcome = (attempt: () => unknown): string => {
  try {
    attempt();
    return 'value';
  } catch (error) {
    return error instanceof EngineError ? error.code : `crash: ${String(error)}`;
  }
};

describe('whatever comes as a rule', () => {
  it('is checked, described, evaluated and explained without a crash', () => {
    fc.assert(
      fc.property(wild, (some: Rule) => {
        const problems = checkRule(some, { ...exampleOptions, expects: 'any' });
        for (const one of problems) expect(one.message.length * one.remedy.length).toBeGreaterThan(0);
        expect(typeof describeRule(some)).toBe('string');
        const compiled = compileRule('wild', some);
        expect(['value', 'RULE_FAILED']).toContain(outcome(() => compiled.evaluate(facts, exampleEnvironment)));
        expect(['value', 'RULE_FAILED']).toContain(outcome(() => compiled.explain(facts, exampleEnvironment)));
      }),
      { numRuns: 3_000 },
    );
  }, 60_000);

  it('never fails when the checker found neither error nor doubt, and explanation agrees with evaluation', () => {
    const options = {
      ...exampleOptions,
      alwaysPresent: new Set(Object.keys(full).flatMap((name) => [`record.${name}`, 'event.reason'])),
      allowVisited: true,
      allowLiteral: true,
    };
    let clean = 0;
    fc.assert(
      fc.property(rule, (some: Rule) => {
        const isObject = typeof some === 'object' && some !== null && !Array.isArray(some);
        if (!isObject || checkRule(some, { ...options, expects: 'any' }).length > 0) return;
        clean += 1;
        const compiled = compileRule('clean', some);
        // What only the values decide: dividing by a field that is 0, a calendar named by a field, one of several kinds of outcome.
        if (
          outcome(() => compiled.holds(facts, exampleEnvironment)) !== 'value' &&
          /"(\/|%|in_hours|business_plus|business_between|if|\?:|and|or|reduce)"/.test(JSON.stringify(some))
        )
          return;
        expect(compiled.explain(facts, exampleEnvironment).holds).toBe(compiled.holds(facts, exampleEnvironment));
      }),
      { numRuns: 8_000 },
    );
    expect(clean).toBeGreaterThan(200);
  }, 60_000);
});
