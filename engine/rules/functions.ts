/** What Charter's own operators do. Each takes the evaluation and the values of its arguments, and alters neither. */
import type { Json } from '../definitions/authored.js';
import { RuleFailure } from './budget.js';
import { businessBetween, businessPlus, type Calendar, isOpen } from './calendar.js';
import { addDuration, durationMs, parseDuration, subtractDuration } from './durations.js';
import { formatDate, formatInstant, isDateOnly, parseInstant } from './instants.js';
import type { Evaluation } from './library.js';
import { statePaths } from './statePaths.js';
import { choiceOf, lookUp } from './tables.js';

type Values = readonly unknown[];
type CharterFunction = (evaluation: Evaluation, values: Values) => unknown;

/**
 * An absent value (null) stays absent through what calculates (`plus`, `between`, `date`, …); it makes what decides
 * (`before`, `after`, `in_hours`) fail, because neither yes nor no would be true.
 */
export const charterFunctions: { readonly [operator: string]: CharterFunction } = {
  in_state: ({ facts }, [path]) => (facts.paths ?? statePaths(facts.state)).has(text(path, 'in_state')),
  visited: ({ facts }, [path]) => facts.visited?.has(text(path, 'visited')) ?? false,
  table: ({ environment }, [name, ...inputs]) => lookUp(known(environment.tables, name, 'table'), inputs as Json[]),
  choice: ({ environment }, [name, id, property]) => choiceOf(known(environment.lists, name, 'list'), id, text(property, 'choice')),
  has_role: ({ facts }, values) => values.flat().some((role) => facts.actor.roles.includes(text(role, 'has_role'))),
  same_user: (_, [a, b]) => typeof a === 'string' && a !== '' && a === b,
  before: (_, [a, b]) => instant(a, 'before') < instant(b, 'before'),
  after: (_, [a, b]) => instant(a, 'after') > instant(b, 'after'),
  plus: (_, [at, amount]) => (absent(at, amount) ? null : moved(at, amount, 1)),
  minus: (_, [at, amount]) => (absent(at, amount) ? null : moved(at, amount, -1)),
  between: (_, [from, to]) => (absent(from, to) ? null : instant(to, 'between') - instant(from, 'between')),
  duration: (_, [amount]) => (absent(amount) ? null : milliseconds(amount)),
  business_plus: ({ environment }, [at, amount, calendar]) =>
    absent(at, amount) ? null : formatInstant(businessPlus(calendarOf(environment.calendars, calendar), instant(at, 'business_plus'), milliseconds(amount))),
  business_between: ({ environment }, [from, to, calendar]) =>
    absent(from, to) ? null : businessBetween(calendarOf(environment.calendars, calendar), instant(from, 'business_between'), instant(to, 'business_between')),
  in_hours: ({ environment }, [at, calendar]) => isOpen(calendarOf(environment.calendars, calendar), instant(at, 'in_hours')),
  date: (_, [at]) => (absent(at) ? null : formatDate(instant(at, 'date'))),
  includes: (_, [list, item]) => includes(list, item),
  starts_with: (_, [value, prefix]) => value !== null && text(value, 'starts_with').startsWith(text(prefix, 'starts_with')),
  round: (_, [value, digits]) => (absent(value) ? null : rounded(value, digits ?? 0)),
  object: (_, values) => made(values),
  present: (_, [value]) => value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
};

function absent(...values: readonly unknown[]): boolean {
  return values.some((value) => value === null || value === undefined);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}

function text(value: unknown, operator: string): string {
  if (typeof value !== 'string') throw new RuleFailure(`${operator} needs a text, not ${shown(value)}`);
  return value;
}

function instant(value: unknown, operator: string): number {
  const read = typeof value === 'string' ? parseInstant(value) : null;
  if (read === null) throw new RuleFailure(`${operator} needs an instant, not ${shown(value)}`);
  return read;
}

/** Milliseconds of a duration: ISO 8601 text, or a number that is milliseconds already. */
function milliseconds(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || parseDuration(value) === null) throw new RuleFailure(`${shown(value)} is not an ISO 8601 duration`);
  return durationMs(value);
}

/** A date alone stays one when only days, weeks, months or years are added. */
function moved(at: unknown, amount: unknown, sign: 1 | -1): string {
  const start = instant(at, sign === 1 ? 'plus' : 'minus');
  if (typeof amount === 'number') return formatInstant(start + sign * amount);
  if (typeof amount !== 'string' || parseDuration(amount) === null) throw new RuleFailure(`${shown(amount)} is not an ISO 8601 duration`);
  const end = sign === 1 ? addDuration(start, amount) : subtractDuration(start, amount);
  return isDateOnly(at as string) && !amount.includes('T') ? formatDate(end) : formatInstant(end);
}

/** An object without what has no value. */
function made(values: Values): Record<string, unknown> {
  const entries = values.flatMap((name, index): [string, unknown][] =>
    index % 2 === 0 && !absent(values[index + 1]) ? [[text(name, 'object'), values[index + 1]]] : [],
  );
  return Object.fromEntries(entries);
}

function includes(list: unknown, item: unknown): boolean {
  if (list === null || list === undefined) return false;
  if (!Array.isArray(list)) throw new RuleFailure(`includes needs a list, not ${shown(list)}`);
  return list.includes(item);
}

/** Half away from zero, by decimal digits as written: 1.005 to two digits is 1.01. */
function rounded(value: unknown, digits: unknown): number {
  if (typeof value !== 'number') throw new RuleFailure(`round needs a number, not ${shown(value)}`);
  if (typeof digits !== 'number' || !Number.isInteger(digits) || digits < 0 || digits > 10) throw new RuleFailure('round needs 0 to 10 digits');
  const result = scaled(Math.round(scaled(Math.abs(value), digits)), -digits);
  return value < 0 && result !== 0 ? -result : result;
}

/** A number with its decimal point moved: exact, where multiplying by powers of ten is not. */
function scaled(value: number, digits: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + digits}`);
}

function known<T>(all: ReadonlyMap<string, T>, name: unknown, kind: string): T {
  const found = typeof name === 'string' ? all.get(name) : undefined;
  if (found === undefined) throw new RuleFailure(`there is no ${kind} ${shown(name)}`);
  return found;
}

function calendarOf(calendars: ReadonlyMap<string, Calendar>, name: unknown): Calendar {
  return known(calendars, name, 'calendar');
}
