/** The operators of JSON-logic that Charter keeps: all of json-logic-js but `log`, which writes data to the server's log. */
import { many, type Operators } from './operatorKinds.js';

const record = { impact: 'high', effort: 5, title: 'Printer on fire', tags: ['vip', 'print'] };
const facts = { record };
const impact = { var: 'record.impact' };
const effort = { var: 'record.effort' };
const tags = { var: 'record.tags' };

export const operatorsOfJsonLogic: Operators = {
  var: { arity: [1, 2], takes: ['path', 'any'], gives: 'any', description: 'The value of a fact, by its path; the second argument stands in when there is none.', example: { rule: impact, facts, gives: 'high' } },
  missing: { arity: [1, many], takes: ['path'], gives: 'list', description: 'Those of the paths that have no value.', example: { rule: { missing: ['record.impact', 'record.urgency'] }, facts, gives: ['record.urgency'] } },
  missing_some: { arity: [2, 2], takes: ['number', 'list'], gives: 'list', description: 'Nothing when at least so many of the paths have a value, else those that have none.', example: { rule: { missing_some: [1, ['record.impact', 'record.urgency']] }, facts, gives: [] } },
  if: { arity: [2, many], takes: ['any'], gives: 'any', description: 'Condition, outcome, condition, outcome, …, else: the outcome after the first condition that holds.', example: { rule: { if: [{ '>': [effort, 3] }, 'large', 'small'] }, facts, gives: 'large' } },
  '?:': { arity: [3, 3], takes: ['any'], gives: 'any', description: 'The same as `if` with one condition.', example: { rule: { '?:': [{ '>': [effort, 3] }, 'large', 'small'] }, facts, gives: 'large' } },
  and: { arity: [1, many], takes: ['condition'], gives: 'any', description: 'Whether all conditions hold. Gives the first value that is not true, else the last.', example: { rule: { and: [{ '==': [impact, 'high'] }, { '>': [effort, 3] }] }, facts, gives: true } },
  or: { arity: [1, many], takes: ['condition'], gives: 'any', description: 'Whether a condition holds. Gives the first value that is true, else the last.', example: { rule: { or: [{ '==': [impact, 'low'] }, { '>': [effort, 3] }] }, facts, gives: true } },
  '!': { arity: [1, 1], takes: ['any'], gives: 'boolean', description: 'Whether something is not so: false, null, 0, empty text and the empty list count as not so.', example: { rule: { '!': [{ '==': [impact, 'low'] }] }, facts, gives: true } },
  '!!': { arity: [1, 1], takes: ['any'], gives: 'boolean', description: 'Whether something is so: neither false nor null, 0, empty text or the empty list.', example: { rule: { '!!': [{ var: 'record.urgency' }] }, facts, gives: false } },
  '==': { arity: [2, 2], takes: ['any', 'any'], gives: 'boolean', description: 'Whether two values of the same kind are equal.', example: { rule: { '==': [impact, 'high'] }, facts, gives: true } },
  '===': { arity: [2, 2], takes: ['any', 'any'], gives: 'boolean', description: 'Whether two values are equal and of the same kind.', example: { rule: { '===': [effort, 5] }, facts, gives: true } },
  '!=': { arity: [2, 2], takes: ['any', 'any'], gives: 'boolean', description: 'Whether two values of the same kind differ.', example: { rule: { '!=': [impact, 'high'] }, facts, gives: false } },
  '!==': { arity: [2, 2], takes: ['any', 'any'], gives: 'boolean', description: 'Whether two values differ, or differ in kind.', example: { rule: { '!==': [effort, 5] }, facts, gives: false } },
  '>': { arity: [2, 2], takes: ['scalar', 'scalar'], gives: 'boolean', description: 'Whether the first is more than the second.', example: { rule: { '>': [effort, 5] }, facts, gives: false } },
  '>=': { arity: [2, 2], takes: ['scalar', 'scalar'], gives: 'boolean', description: 'Whether the first is at least the second.', example: { rule: { '>=': [effort, 5] }, facts, gives: true } },
  '<': { arity: [2, 3], takes: ['scalar', 'scalar', 'scalar'], gives: 'boolean', description: 'Whether the first is less than the second; of three, whether the second lies between the others.', example: { rule: { '<': [1, effort, 10] }, facts, gives: true } },
  '<=': { arity: [2, 3], takes: ['scalar', 'scalar', 'scalar'], gives: 'boolean', description: 'Whether the first is at most the second; of three, whether the second lies between the others or equals one.', example: { rule: { '<=': [5, effort, 10] }, facts, gives: true } },
  '+': { arity: [1, many], takes: ['number'], gives: 'number', description: 'The sum.', example: { rule: { '+': [effort, 2] }, facts, gives: 7 } },
  '-': { arity: [1, 2], takes: ['number', 'number'], gives: 'number', description: 'The difference; of one number, its negative.', example: { rule: { '-': [effort, 2] }, facts, gives: 3 } },
  '*': { arity: [1, many], takes: ['number'], gives: 'number', description: 'The product.', example: { rule: { '*': [effort, 2] }, facts, gives: 10 } },
  '/': { arity: [2, 2], takes: ['number', 'number'], gives: 'number', description: 'The quotient. Division by zero fails.', example: { rule: { '/': [effort, 2] }, facts, gives: 2.5 } },
  '%': { arity: [2, 2], takes: ['number', 'number'], gives: 'number', description: 'The remainder of a division.', example: { rule: { '%': [effort, 2] }, facts, gives: 1 } },
  min: { arity: [1, many], takes: ['number'], gives: 'number', description: 'The least of the numbers.', example: { rule: { min: [effort, 3] }, facts, gives: 3 } },
  max: { arity: [1, many], takes: ['number'], gives: 'number', description: 'The greatest of the numbers.', example: { rule: { max: [effort, 3] }, facts, gives: 5 } },
  cat: { arity: [1, many], takes: ['any'], gives: 'text', description: 'All values as one text.', example: { rule: { cat: ['Impact: ', impact] }, facts, gives: 'Impact: high' } },
  substr: { arity: [2, 3], takes: ['text', 'number', 'number'], gives: 'text', description: 'Part of a text: from a position (negative: counted from the end), so many characters (negative: leave out so many at the end).', example: { rule: { substr: [{ var: 'record.title' }, 0, 7] }, facts, gives: 'Printer' } },
  in: { arity: [2, 2], takes: ['scalar', 'haystack'], gives: 'boolean', description: 'Whether a list has the value. In a text it looks for a part, which is seldom what is wanted.', example: { rule: { in: [impact, ['high', 'medium']] }, facts, gives: true } },
  merge: { arity: [1, many], takes: ['any'], gives: 'list', description: 'One list of all lists and values.', example: { rule: { merge: [tags, 'new'] }, facts, gives: ['vip', 'print', 'new'] } },
  filter: { arity: [2, 2], takes: ['list', 'each'], gives: 'list', description: 'The entries for which a condition holds. Within it `var` reads the entry: `""` is all of it.', example: { rule: { filter: [tags, { '==': [{ var: '' }, 'vip'] }] }, facts, gives: ['vip'] } },
  map: { arity: [2, 2], takes: ['list', 'each'], gives: 'list', description: 'A value worked out of every entry.', example: { rule: { map: [tags, { cat: ['#', { var: '' }] }] }, facts, gives: ['#vip', '#print'] } },
  reduce: { arity: [3, 3], takes: ['list', 'each', 'any'], gives: 'any', description: 'One value out of a list: the second argument reads `current` and `accumulator`, the third is what it begins with.', example: { rule: { reduce: [[1, 2, 3], { '+': [{ var: 'current' }, { var: 'accumulator' }] }, 0] }, gives: 6 } },
  all: { arity: [2, 2], takes: ['list', 'each'], gives: 'boolean', description: 'Whether a condition holds for every entry; false for an empty list.', example: { rule: { all: [tags, { '!=': [{ var: '' }, 'test'] }] }, facts, gives: true } },
  none: { arity: [2, 2], takes: ['list', 'each'], gives: 'boolean', description: 'Whether a condition holds for no entry.', example: { rule: { none: [tags, { '==': [{ var: '' }, 'test'] }] }, facts, gives: true } },
  some: { arity: [2, 2], takes: ['list', 'each'], gives: 'boolean', description: 'Whether a condition holds for at least one entry.', example: { rule: { some: [tags, { '==': [{ var: '' }, 'vip'] }] }, facts, gives: true } },
};
