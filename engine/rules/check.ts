/** Checks rules before they ever run: what would run wrongly is an error, what is doubtful a warning, what is good is not mentioned. */
import type { DelaySpec, Json, Rule } from '../definitions/authored.js';
import { limits } from './budget.js';
import { type Checking, type Place, report } from './checking.js';
import { checkOperator } from './checkOperators.js';
import { costOf, factsRead } from './cost.js';
import { parseDuration } from './durations.js';
import { parseInstant } from './instants.js';
import { isRule, operators } from './operators.js';
import { problem, shown, within } from './problems.js';
import { anyOf, type Shape, shapeOfLiteral } from './shapes.js';
import type { CheckOptions, RuleProblem } from './types.js';

/** All problems of a rule, each with a pointer relative to it. */
export function checkRule(rule: Rule, options: CheckOptions): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const checking: Checking = { options, problems, size: { count: 0 }, infer };
  if (options.expects === 'boolean' && !isObject(rule)) return [problem('RULE_NOT_A_RULE', '', `${shown(rule)} is not a rule but a value.`)];
  const shape = infer(rule, { checking, pointer: '', depth: 0, proven: new Set(), entry: null });
  if (problems.some((one) => one.severity === 'error')) return problems;
  checkResult(rule, shape, checking);
  if (costOf(rule) > limits.steps) problems.push(problem('RULE_COSTLY', '', `The rule may need more than ${limits.steps} steps, and would then fail.`));
  return problems;
}

/** All problems of a delay or a clock's target; pointers are relative to it. */
export function checkDelay(spec: DelaySpec, options: CheckOptions): readonly RuleProblem[] {
  if (typeof spec === 'number')
    return Number.isFinite(spec) && spec >= 0 ? [] : [problem('RULE_DURATION_INVALID', '', `${spec} is not a number of milliseconds.`)];
  if (typeof spec === 'string')
    return parseDuration(spec) === null ? [problem('RULE_DURATION_INVALID', '', `${shown(spec)} is not an ISO 8601 duration.`)] : [];
  if ('until' in spec) return at('until', checkRule(spec.until, { ...options, expects: 'instant' }));
  if ('rule' in spec) return at('rule', checkRule(spec.rule, { ...options, expects: 'duration' }));
  const { business, calendar } = spec;
  const named = typeof calendar === 'string';
  const unknown = named && !options.calendars.has(calendar) ? [problem('RULE_CALENDAR_UNKNOWN', '/calendar', `There is no calendar ${shown(calendar)}.`)] : [];
  return [
    ...at('business', checkRule(business, { ...options, expects: 'duration' })),
    ...unknown,
    ...(named ? [] : at('calendar', checkRule(calendar, { ...options, expects: 'any' }))),
  ];
}

function at(key: string, problems: readonly RuleProblem[]): readonly RuleProblem[] {
  return problems.map((one) => ({ ...one, pointer: `/${key}${one.pointer}` }));
}

function isObject(rule: Rule): boolean {
  return typeof rule === 'object' && rule !== null && !Array.isArray(rule);
}

/** The shape of what part of a rule gives; reports what is wrong with the part on the way. */
function infer(rule: Json, place: Place): Shape {
  const { checking, pointer, depth } = place;
  checking.size.count += 1;
  if (checking.size.count > limits.ruleSize) return refusedOnce(place, 'RULE_TOO_LARGE', `The rule has more than ${limits.ruleSize} parts.`);
  if (depth >= limits.depth) return refusedOnce(place, 'RULE_TOO_DEEP', `The rule is nested deeper than ${limits.depth}.`);
  if (typeof rule !== 'object' || rule === null) return shapeOfLiteral(rule);
  if (Array.isArray(rule)) {
    const parts = (rule as readonly Json[]).map((part, index) => infer(part, { ...place, pointer: within(pointer, index), depth: depth + 1 }));
    const values = parts.map((part) => part.literal);
    return {
      kind: 'list',
      ...(parts.length > 0 && { element: anyOf(parts) }),
      longest: parts.length,
      ...(values.every((value) => value !== undefined) && { entries: values as Json[] }),
    };
  }
  const keys = Object.keys(rule);
  const [operator = ''] = keys;
  if (keys.length === 0) return report(place, 'RULE_EMPTY_OBJECT', 'An empty object says nothing, and counts as true.');
  if (keys.length > 1)
    return report(
      place,
      'RULE_SEVERAL_OPERATORS',
      `The object has ${keys.length} keys (${keys.slice(0, 4).join(', ')}): it would be taken for a value, not for a rule.`,
    );
  if (!Object.hasOwn(operators, operator))
    return report({ ...place, pointer: within(pointer, operator) }, 'RULE_OPERATOR_UNKNOWN', `There is no operator "${operator}".${suggestion(operator)}`);
  return checkOperator(operator, (rule as { [key: string]: Json })[operator] as Json, place);
}

function refusedOnce(place: Place, code: 'RULE_TOO_LARGE' | 'RULE_TOO_DEEP', message: string): Shape {
  const known = place.checking.problems.some((one) => one.code === code);
  return known ? { kind: 'any' } : report({ ...place, pointer: '' }, code, message);
}

const formerNames: { readonly [name: string]: string } = {
  log: ' It would write data to the log.',
  method: ' It would run code.',
  equals: ' Use "==".',
  not: ' Use "!".',
  exists: ' Use "present".',
  contains: ' Use "includes".',
};

function suggestion(name: string): string {
  const close = Object.keys(operators).find(
    (known) => known.toLowerCase() === name.toLowerCase() || known.replaceAll('_', '') === name.replaceAll(/[_-]/g, '').toLowerCase(),
  );
  return close === undefined ? (Object.hasOwn(formerNames, name) ? (formerNames[name] ?? '') : '') : ` Did you mean "${close}"?`;
}

function checkResult(rule: Rule, shape: Shape, { options, problems }: Checking): void {
  const add = (code: Parameters<typeof problem>[0], message: string): void => void problems.push(problem(code, '', message));
  if (options.expects === 'boolean') {
    // A list is a condition by habit: {"missing": […]}. A field may be asked for its presence; anything worked out was a mistake.
    const code = shape.kind === 'text' || shape.kind === 'number' ? (isRead(rule) ? 'RULE_TRUTHINESS' : 'RULE_NOT_BOOLEAN') : 'RULE_NOT_BOOLEAN';
    if (!['boolean', 'any', 'list'].includes(shape.kind)) add(code, `The rule gives ${words(shape)}, not yes or no.`);
    if (!factsRead(rule)) add('RULE_CONSTANT', 'The rule reads nothing, so it is always the same.');
  }
  if (options.expects === 'duration' && !isLength(shape)) add('RULE_RESULT', `The rule gives ${words(shape)}, not a duration.`);
  if (options.expects === 'instant' && !isInstant(shape)) add('RULE_RESULT', `The rule gives ${words(shape)}, not an instant.`);
}

function isRead(rule: Rule): boolean {
  return isRule(rule) && Object.hasOwn(rule as object, 'var');
}

function isLength(shape: Shape): boolean {
  if (['number', 'any', 'null', 'object'].includes(shape.kind)) return true;
  if (shape.kind !== 'text') return false;
  if (shape.values !== undefined)
    return shape.values.every((value) => typeof value === 'string' && (parseDuration(value) !== null || parseInstant(value) !== null));
  return shape.format === 'duration' || shape.format === 'date-time' || shape.format === 'date';
}

function isInstant(shape: Shape): boolean {
  if (shape.kind === 'any' || shape.kind === 'null') return true;
  if (shape.kind !== 'text') return false;
  if (shape.values !== undefined) return shape.values.every((value) => typeof value === 'string' && parseInstant(value) !== null);
  return shape.format === 'date-time' || shape.format === 'date';
}

function words(shape: Shape): string {
  return { boolean: 'yes or no', number: 'a number', text: 'a text', list: 'a list', object: 'an object', null: 'nothing', any: 'any value' }[shape.kind];
}
