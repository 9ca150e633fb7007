/** Problems of kinds of values: comparisons that would silently go wrong, and values that may be absent. */
import type { ProblemKind } from './problems.js';

const impact = { var: 'record.impact' };
const effort = { var: 'record.effort' };
const cost = { var: 'record.cost' };
const tags = { var: 'record.tags' };
const openedAt = { var: 'record.openedAt' };

export const problemsOfValues = {
  RULE_TYPES_DIFFER: {
    severity: 'error',
    remedy: 'Compare values of the same kind.',
    bad: { rule: { '==': [impact, true] } },
    good: { rule: { '==': [impact, 'high'] } },
  },
  RULE_NUMBER_AS_TEXT: {
    severity: 'error',
    remedy: 'Write numbers without quotation marks; "10" is less than "9" as text.',
    bad: { rule: { '>': [effort, '10'] } },
    good: { rule: { '>': [effort, 10] } },
  },
  RULE_TYPE: {
    severity: 'error',
    remedy: 'Give the operator the kind of value it takes.',
    bad: { rule: { '>': [{ '+': [effort, { var: 'record.title' }] }, 3] } },
    good: { rule: { '>': [{ '+': [effort, 1] }, 3] } },
  },
  RULE_VALUE_IMPOSSIBLE: {
    severity: 'error',
    remedy: 'Use one of the values the field can have.',
    bad: { rule: { '==': [impact, 'hgih'] } },
    good: { rule: { '==': [impact, 'high'] } },
  },
  RULE_CHOICE_UNKNOWN: {
    severity: 'warning',
    remedy: 'Use the id of an entry of the list, unless old records hold this one.',
    bad: { rule: { '==': [{ var: 'record.reason' }, 'dupe'] } },
    good: { rule: { '==': [{ var: 'record.reason' }, 'duplicate'] } },
  },
  RULE_VALUE_MAY_BE_MISSING: {
    severity: 'warning',
    remedy:
      'Ask with "present" first (within the same "and"), or give a default: {"var": ["record.x", 0]}. JSON-logic counts an absent value as 0 when it compares.',
    bad: { rule: { '<': [cost, 100] } },
    good: { rule: { and: [{ present: cost }, { '<': [cost, 100] }] } },
  },
  RULE_IN_TEXT: {
    severity: 'error',
    remedy: 'Write the choices as a list: within a text, "admin" is also found in "notadmin".',
    bad: { rule: { in: [impact, 'high medium'] } },
    good: { rule: { in: [impact, ['high', 'medium']] } },
  },
  RULE_TEXT_SEARCH: {
    severity: 'warning',
    remedy: 'This finds parts of words too. Use "==", "starts_with" or a list when you can.',
    bad: { rule: { in: ['fire', { var: 'record.title' }] } },
    good: { rule: { starts_with: [{ var: 'record.title' }, 'fire'] } },
  },
  RULE_TEXT_ORDER: {
    severity: 'warning',
    remedy: 'Texts are ordered by character codes: "10" comes before "9". Compare numbers, or instants with "before" and "after".',
    bad: { rule: { '<': [{ var: 'record.title' }, 'm'] } },
    good: { rule: { starts_with: [{ var: 'record.title' }, 'm'] } },
  },
  RULE_INSTANT_AS_TEXT: {
    severity: 'warning',
    remedy: 'Compare instants with "before", "after" or "between": as texts they differ where only their form does.',
    bad: { rule: { '<': [openedAt, { var: 'now' }] } },
    good: { rule: { before: [openedAt, { var: 'now' }] } },
  },
  RULE_TRUTHINESS: {
    severity: 'warning',
    remedy: 'Say what is meant: {"present": …} or a comparison. The text "false" is true, the number 0 is not.',
    bad: { rule: { and: [{ var: 'record.title' }, { '==': [impact, 'high'] }] } },
    good: { rule: { and: [{ present: { var: 'record.title' } }, { '==': [impact, 'high'] }] } },
  },
  RULE_NOT_BOOLEAN: {
    severity: 'error',
    remedy: 'A condition must say yes or no: compare the value with something.',
    bad: { rule: { '+': [effort, 1] } },
    good: { rule: { '>': [{ '+': [effort, 1] }, 3] } },
  },
  RULE_CONSTANT: {
    severity: 'warning',
    remedy: 'A condition that reads nothing is always the same: leave it out, or read a fact.',
    bad: { rule: { '==': [1, 1] } },
    good: { rule: { '==': [effort, 1] } },
  },
  RULE_DURATION_INVALID: {
    severity: 'error',
    remedy: 'Write an ISO 8601 duration such as PT4H, P3D or P1M (months and years only where they are added to an instant).',
    bad: { rule: { after: [{ var: 'now' }, { plus: [openedAt, '4h'] }] } },
    good: { rule: { after: [{ var: 'now' }, { plus: [openedAt, 'PT4H'] }] } },
  },
  RULE_INSTANT_INVALID: {
    severity: 'error',
    remedy: 'Write an instant with its zone (2026-03-02T09:00:00Z), or a date that exists.',
    bad: { rule: { before: [openedAt, '2026-02-30T00:00:00Z'] } },
    good: { rule: { before: [openedAt, '2026-02-28T00:00:00Z'] } },
  },
  RULE_DIVISION_BY_ZERO: {
    severity: 'error',
    remedy: 'Divide by something else: the rule would always fail.',
    bad: { rule: { '>': [{ '/': [effort, 0] }, 1] } },
    good: { rule: { '>': [{ '/': [effort, 2] }, 1] } },
  },
  RULE_RESULT: {
    severity: 'error',
    remedy: 'Give what is asked for here: a duration (ISO 8601 or milliseconds), or an instant.',
    bad: { rule: { '==': [impact, 'high'] }, options: { expects: 'duration' } },
    good: { rule: { if: [{ '==': [impact, 'high'] }, 'PT4H', 'P1D'] }, options: { expects: 'duration' } },
  },
  RULE_LIST_COMPARED: {
    severity: 'error',
    remedy: 'Ask with "includes", "some" or "all", or compare the length (record.tags.length).',
    bad: { rule: { '==': [tags, 'vip'] } },
    good: { rule: { includes: [tags, 'vip'] } },
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;
