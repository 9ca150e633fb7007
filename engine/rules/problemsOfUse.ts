/** Problems of form and of names: what is not a rule, and what does not exist. */
import type { Json } from '../definitions/authored.js';
import type { ProblemKind } from './problems.js';

const impact = { var: 'record.impact' };
const isHigh = { '==': [impact, 'high'] };
const deep = (levels: number): Json => (levels === 0 ? isHigh : { '!': [deep(levels - 1)] });
const wide = (count: number): Json => ({ or: Array.from({ length: count }, () => isHigh) });

export const problemsOfUse = {
  RULE_NOT_A_RULE: {
    severity: 'error',
    remedy: 'Write one object with one operator: a list or a text is true whatever is in it.',
    bad: { rule: [isHigh] },
    good: { rule: isHigh },
  },
  RULE_SEVERAL_OPERATORS: {
    severity: 'error',
    remedy:
      'Keep one operator an object; join conditions with "and". Explanations belong under "descriptions". With two keys JSON-logic takes the object for a value that is always true.',
    bad: { rule: { ...isHigh, comment: 'urgent' } },
    good: { rule: { and: [isHigh, { present: { var: 'record.assignee' } }] } },
  },
  RULE_EMPTY_OBJECT: {
    severity: 'error',
    remedy: 'Put an operator in, or null for no value.',
    bad: { rule: { '!': [{}] } },
    good: { rule: { '!': [isHigh] } },
  },
  RULE_OPERATOR_UNKNOWN: {
    severity: 'error',
    remedy: 'Use one of the documented operators.',
    bad: { rule: { equals: [impact, 'high'] } },
    good: { rule: isHigh },
  },
  RULE_ARGUMENTS: { severity: 'error', remedy: 'Give the operator as many arguments as it takes.', bad: { rule: { '==': [impact] } }, good: { rule: isHigh } },
  RULE_NOT_LITERAL: {
    severity: 'error',
    remedy: 'Write the name or path out: what a rule reads must be known before it runs.',
    bad: { rule: { '==': [{ var: { cat: ['record.', 'impact'] } }, 'high'] } },
    good: { rule: isHigh },
  },
  RULE_PATH_UNKNOWN: {
    severity: 'error',
    remedy: 'Read a declared field (record.…, event.…), or actor, links, clocks, votes or now.',
    bad: { rule: { '==': [{ var: 'record.imapct' }, 'high'] } },
    good: { rule: isHigh },
  },
  RULE_TABLE_UNKNOWN: {
    severity: 'error',
    remedy: 'Name a table of rules/policy or rules/reference.',
    bad: { rule: { '==': [{ table: ['priorities', 'high', 'low'] }, 2] } },
    good: { rule: { '==': [{ table: ['priority', impact, { var: 'record.urgency' }] }, 2] } },
  },
  RULE_TABLE_INPUTS: {
    severity: 'error',
    remedy: 'Give one input for each column of the table, in its order.',
    bad: { rule: { '==': [{ table: ['priority', impact] }, 2] } },
    good: { rule: { '==': [{ table: ['priority', impact, { var: 'record.urgency' }] }, 2] } },
  },
  RULE_LIST_UNKNOWN: {
    severity: 'error',
    remedy: 'Name a list of rules/policy or rules/reference.',
    bad: { rule: { choice: ['codes', { var: 'record.reason' }, 'counts'] } },
    good: { rule: { choice: ['closure-codes', { var: 'record.reason' }, 'counts'] } },
  },
  RULE_PROPERTY_UNKNOWN: {
    severity: 'error',
    remedy: 'Name a property that at least one entry of the list has.',
    bad: { rule: { choice: ['closure-codes', { var: 'record.reason' }, 'count'] } },
    good: { rule: { choice: ['closure-codes', { var: 'record.reason' }, 'counts'] } },
  },
  RULE_CALENDAR_UNKNOWN: {
    severity: 'error',
    remedy: 'Name a calendar of rules/reference.',
    bad: { rule: { in_hours: [{ var: 'now' }, 'office'] } },
    good: { rule: { in_hours: [{ var: 'now' }, 'support'] } },
  },
  RULE_STATE_UNKNOWN: {
    severity: 'error',
    remedy: 'Name a state of the chart by its path, such as active.waiting.',
    bad: { rule: { in_state: 'waiting' } },
    good: { rule: { in_state: 'active.waiting' } },
  },
  RULE_ROLE_UNKNOWN: {
    severity: 'error',
    remedy: 'Name a role that rules/policy declares.',
    bad: { rule: { has_role: 'servicedesk' } },
    good: { rule: { has_role: 'service-desk' } },
  },
  RULE_VISITED_HERE: {
    severity: 'error',
    remedy: 'Use `visited` in invariants only; elsewhere keep what matters in a field.',
    bad: { rule: { visited: 'approved' } },
    good: { rule: { visited: 'approved' }, options: { allowVisited: true } },
  },
  RULE_LITERAL_HERE: {
    severity: 'error',
    remedy: 'Use `literal` in parameters of actions only.',
    bad: { rule: { literal: { a: 1 } }, options: { expects: 'any' } },
    good: { rule: { literal: { a: 1 } }, options: { expects: 'any', allowLiteral: true } },
  },
  RULE_TOO_DEEP: { severity: 'error', remedy: 'Split the rule: compute parts of it as values of fields.', bad: { rule: deep(70) }, good: { rule: deep(10) } },
  RULE_TOO_LARGE: { severity: 'error', remedy: 'Use a decision table for long lists of cases.', bad: { rule: wide(700) }, good: { rule: wide(20) } },
  RULE_COSTLY: {
    severity: 'warning',
    remedy: 'Do not go through lists within lists; limit their length with maxItems.',
    bad: {
      rule: {
        some: [
          { var: 'record.tags' },
          {
            some: [
              { merge: [{ var: '' }, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
              { some: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { some: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { '==': [{ var: '' }, 7] }] }] },
            ],
          },
        ],
      },
    },
    good: { rule: { some: [{ var: 'record.tags' }, { '==': [{ var: '' }, 'vip'] }] } },
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;
