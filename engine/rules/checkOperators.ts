/** What each operator asks of its arguments and what it gives. */
import type { Json } from '../definitions/authored.js';
import { checkArgument } from './checkArguments.js';
import { checkEquality, checkMembership, checkOrder } from './checkComparisons.js';
import { type Argument, type Place, report } from './checking.js';
import { checkChoice, checkName, checkTableCall } from './checkNames.js';
import { into, shapeAt } from './factShapes.js';
import type { Operator } from './operatorKinds.js';
import { operators } from './operators.js';
import { isOuterPath } from './paths.js';
import { provenBy } from './presence.js';
import { shown, within } from './problems.js';
import { anyOf, anything, either, instant, number, type Shape, shapeOfLiteral, text, truth } from './shapes.js';

/** Checks one operator with its arguments; gives the shape of its value. */
export function checkOperator(operator: string, given: Json, place: Place): Shape {
  const entry = operators[operator] as Operator;
  const args = Array.isArray(given) ? (given as readonly Json[]) : [given];
  const here = { ...place, pointer: within(place.pointer, operator) };
  const [least, most] = entry.arity;
  if (args.length < least || args.length > most) return report(here, 'RULE_ARGUMENTS', `"${operator}" takes ${arityWords(least, most)}, not ${args.length}.`);
  if (operator === 'var') return checkVar(args, here);
  if (operator === 'literal')
    return here.checking.options.allowLiteral === true ? shapeOfLiteral(args[0] as Json) : report(here, 'RULE_LITERAL_HERE', '`literal` is not possible here.');
  const places = args.map((_, index) => ({ ...here, pointer: Array.isArray(given) ? within(here.pointer, index) : here.pointer, depth: place.depth + 1 }));
  if (operator === 'missing' || operator === 'missing_some') return checkMissing(operator, args, places);
  if (entry.takes[1] === 'each') return checkIterator(operator, args, places);
  if (['and', 'or', 'if', '?:'].includes(operator)) return checkBranches(operator, args, places);
  const found = args.map((rule, index): Argument => {
    const at = places[index] as Place;
    return { rule, place: at, shape: kindAt(entry, index) === 'name' ? anything : here.checking.infer(rule, at) };
  });
  for (const [index, argument] of found.entries()) checkArgument(operator, kindAt(entry, index), argument);
  return resultOf(operator, found, here);
}

function kindAt(entry: Operator, index: number): Operator['takes'][number] {
  return entry.takes[Math.min(index, entry.takes.length - 1)] ?? 'any';
}

function arityWords(least: number, most: number): string {
  if (least === most) return `${least} argument${least === 1 ? '' : 's'}`;
  return most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
}

function resultOf(operator: string, found: readonly Argument[], here: Place): Shape {
  const [first, second] = found as [Argument, Argument];
  const optional = found.some((one) => one.shape.optional === true);
  switch (operator) {
    case '==':
    case '===':
    case '!=':
    case '!==':
      return checkEquality(operator, [first, second]);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return checkOrder(found);
    case 'in':
    case 'includes':
      return checkMembership(operator, first, second);
    case '/':
    case '%':
      return second.shape.literal === 0 ? report(here, 'RULE_DIVISION_BY_ZERO', 'The rule divides by zero.') : number;
    case 'merge':
      return { kind: 'list', element: anyOf(found.map(({ shape }) => (shape.kind === 'list' ? (shape.element ?? anything) : shape))) };
    case 'plus':
    case 'minus':
      return { ...(first.shape.format === 'date' ? { kind: 'text', format: 'date' } : instant), optional };
    case 'business_plus':
      return { ...instant, optional };
    case 'date':
      return { kind: 'text', format: 'date', optional };
    case 'round':
      checkDigits(second);
      return { ...number, optional };
    case 'between':
    case 'business_between':
    case 'duration':
      return { ...number, optional };
    case 'table':
      return checkTableCall(found, here);
    case 'choice':
      return checkChoice(found, here);
    case 'object':
      return checkObject(found, here);
    case 'in_state':
    case 'visited':
    case 'has_role':
      return checkName(operator, found, here);
    default:
      return { boolean: truth, number, text, list: { kind: 'list' } as Shape, instant, date: text, any: anything }[operators[operator]?.gives ?? 'any'];
  }
}

/** Names and values in turn. */
function checkObject(found: readonly Argument[], here: Place): Shape {
  if (found.length % 2 !== 0) return report(here, 'RULE_ARGUMENTS', '"object" takes names and values in turn; the last name has no value.');
  const fields = new Map<string, Shape>();
  for (const [index, { rule, place }] of found.entries()) {
    if (index % 2 === 1) continue;
    if (typeof rule !== 'string' || !/^[A-Za-z][A-Za-z0-9_]*$/.test(rule))
      return report(place, 'RULE_NOT_LITERAL', `A name in "object" is written out, not ${shown(rule)}.`);
    fields.set(rule, found[index + 1]?.shape ?? anything);
  }
  return { kind: 'object', fields };
}

function checkDigits(digits: Argument | undefined): void {
  if (digits === undefined || (typeof digits.rule === 'number' && Number.isInteger(digits.rule) && digits.rule >= 0 && digits.rule <= 10)) return;
  report(digits.place, 'RULE_NOT_LITERAL', 'The number of digits is written out, a whole number from 0 to 10.');
}

function checkVar([path, otherwise]: readonly Json[], here: Place): Shape {
  const { checking, entry, proven } = here;
  if (typeof path !== 'string' && typeof path !== 'number') return report(here, 'RULE_NOT_LITERAL', `The path of a var is a text, not ${shown(path ?? null)}.`);
  const name = String(path);
  const shape = entry === null ? shapeAt(name, checking.options) : shapeWithin(entry, name, here);
  if (shape === null) return unknownPath(name, here);
  if (otherwise !== undefined)
    return { ...either({ ...shape, optional: false }, checking.infer(otherwise, { ...here, pointer: within(here.pointer, 1), depth: here.depth + 1 })) };
  return entry === null && (proven.has(name) || (name.endsWith('.length') && proven.has(name.slice(0, -'.length'.length))))
    ? { ...shape, optional: false }
    : shape;
}

/** Within an iterator: a field of the entry, or a fact of the whole where the entry has none of that name. */
function shapeWithin(entry: Shape, name: string, { checking }: Place): Shape | null {
  if (name === '') return entry;
  const own = entry.kind === 'any' && isOuterPath(name) ? null : into(entry, name.split('.'));
  return own ?? (isOuterPath(name) ? shapeAt(name, checking.options) : null);
}

function unknownPath(name: string, here: Place): Shape {
  const root = name.split('.')[0] ?? '';
  if (here.entry !== null) {
    const looked = isOuterPath(name) ? 'There is no fact' : 'Within an iterator a name without a dot is looked for in the entry, which has no field';
    return report(here, 'RULE_PATH_UNKNOWN', `${looked} "${name}".`);
  }
  if (root === 'state') return report(here, 'RULE_PATH_UNKNOWN', 'The state is read with the operator "in_state".');
  const bare = here.checking.options.fields.has(root) ? ` Did you mean "record.${name}"?` : '';
  return report(here, 'RULE_PATH_UNKNOWN', name === '' ? 'All facts together cannot be read; name one.' : `There is no fact "${name}".${bare}`);
}

function checkMissing(operator: string, args: readonly Json[], places: readonly Place[]): Shape {
  const [here] = places as [Place];
  const names = operator === 'missing' ? args.flat() : Array.isArray(args[1]) ? (args[1] as readonly Json[]) : [null];
  if (operator === 'missing_some' && typeof args[0] !== 'number')
    report(here, 'RULE_TYPE', `"missing_some" takes a number first, not ${shown(args[0] ?? null)}.`);
  for (const name of names) {
    if (typeof name !== 'string') report(here, 'RULE_NOT_LITERAL', `"${operator}" takes paths as texts, not ${shown(name)}.`);
    else if ((here.entry === null ? shapeAt(name, here.checking.options) : into(here.entry, name.split('.'))) === null) unknownPath(name, here);
  }
  return { kind: 'list', element: text };
}

function checkIterator(operator: string, [list, body, initial]: readonly Json[], places: readonly Place[]): Shape {
  const [at, inside, start] = places as [Place, Place, Place];
  const { infer } = at.checking;
  const source: Argument = { rule: list as Json, place: at, shape: infer(list as Json, at) };
  checkArgument(operator, 'list', source);
  const element = source.shape.element ?? anything;
  const begin = initial === undefined ? anything : infer(initial, start);
  const fields = new Map<string, Shape>([
    ['current', element],
    ['accumulator', { kind: begin.kind === 'null' ? 'any' : begin.kind }],
  ]);
  const entry: Shape = operator === 'reduce' ? { kind: 'object', fields } : element;
  const place: Place = { ...inside, entry, proven: new Set() };
  const result = infer(body as Json, place);
  if (operator === 'filter') return source.shape.kind === 'list' ? { kind: 'list', element } : { kind: 'list' };
  if (operator === 'map') return { kind: 'list', element: result };
  if (operator === 'reduce') return either(begin, result);
  checkArgument(operator, 'condition', { rule: body as Json, place, shape: result });
  return truth;
}

/** `and`, `or` and `if`: what an earlier condition proves holds for the later parts. */
function checkBranches(operator: string, args: readonly Json[], places: readonly Place[]): Shape {
  const { infer } = (places[0] as Place).checking;
  const branching = operator === 'if' || operator === '?:';
  const outcomes: Shape[] = [];
  let proven: ReadonlySet<string> = (places[0] as Place).proven;
  for (const [index, rule] of args.entries()) {
    const isCondition = !branching || (index % 2 === 0 && index < args.length - 1);
    const before: readonly string[] = branching && index % 2 === 1 ? provenBy(args[index - 1], true) : [];
    const place = { ...(places[index] as Place), proven: new Set([...proven, ...before]) };
    const shape = infer(rule, place);
    if (isCondition) checkArgument(operator, 'condition', { rule, place, shape });
    if (!branching || !isCondition) outcomes.push(shape);
    if (isCondition) proven = new Set([...proven, ...(branching ? provenBy(rule, false) : provenBy(rule, operator === 'and'))]);
  }
  if (!branching) return outcomes.every((shape) => shape.kind === 'boolean') ? truth : anyOf(outcomes);
  return args.length % 2 === 0 ? either(anyOf(outcomes), { kind: 'null' }) : anyOf(outcomes);
}
