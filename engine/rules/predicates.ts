/** The operators that decide, each as a subject and what is said of it, for sentences and explanations. */
import type { Json, Rule } from '../definitions/authored.js';
import { partsOf, pathOf } from './ruleParts.js';
import type { Titles } from './types.js';
import { listWords, noun } from './words.js';

/** `subject` `verb` `rest`: impact, be, high. */
export interface Predicate {
  readonly subject: string;
  readonly verb: string;
  readonly rest: string;
  /** What is said instead of "not" and the rest when the opposite is meant: "less than 3" for "not at least 3". */
  readonly opposite?: string;
  /** The part of the rule whose value explains the outcome. */
  readonly of: Rule;
}

/** How the parts of a predicate are put into words. */
export interface Wording {
  say(part: Rule): string;
  phrase(rule: Rule | undefined, titles: Titles | undefined, depth?: number, path?: string): string;
  condition(rule: Rule, titles: Titles | undefined): string;
}

const comparisons: { readonly [operator: string]: string } = {
  '==': '',
  '===': '',
  '!=': 'other than ',
  '!==': 'other than ',
  '>': 'more than ',
  '>=': 'at least ',
  '<': 'less than ',
  '<=': 'at most ',
  before: 'before ',
  after: 'after ',
};
const opposites: { readonly [operator: string]: string } = { '>': '<=', '>=': '<', '<': '>=', '<=': '>', '!=': '==', '!==': '===' };
/** What a comparison says once its sides have changed places. */
const mirrored: { readonly [operator: string]: string } = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', before: 'after', after: 'before' };

/** What a rule says of which subject. A rule that gives a value counts as `is so`. */
export function predicateOf(rule: Rule, wording: Wording, titles: Titles | undefined): Predicate {
  const { say } = wording;
  const parts = partsOf(rule);
  const { operator, args } = parts ?? { operator: '', args: [] };
  const [first, second, third] = args as [Json, Json, Json];
  if (Object.hasOwn(comparisons, operator) && args.length === 2) return comparison(operator, [first, second], { ...wording, titles });
  if ((operator === '<' || operator === '<=') && args.length === 3) {
    return {
      subject: say(second),
      verb: 'be',
      rest: `${operator === '<' ? 'more than' : 'at least'} ${say(first)} and ${comparisons[operator]}${say(third)}`,
      of: second,
    };
  }
  return named(rule, { ...wording, titles }) ?? { subject: say(rule), verb: 'be', rest: 'yes', of: rule };
}

function comparison(operator: string, [first, second]: readonly [Json, Json], { phrase, titles }: Titled): Predicate {
  const turned = partsOf(first) === null && partsOf(second) !== null;
  const [subject, other] = turned ? [second, first] : [first, second];
  const word = turned ? (mirrored[operator] ?? operator) : operator;
  const opposite = opposites[word];
  const says = (one: string): string => {
    if (other === null || other === '')
      return one.startsWith('=') ? 'empty' : one.startsWith('!') ? 'filled in' : (comparisons[one] ?? '') + phrase(other, titles, 1);
    return (comparisons[one] ?? '') + phrase(other, titles, 1, pathOf(subject) ?? undefined);
  };
  return { subject: phrase(subject, titles, 1), verb: 'be', rest: says(word), ...(opposite !== undefined && { opposite: says(opposite) }), of: subject };
}

interface Titled extends Wording {
  readonly titles: Titles | undefined;
}

function named(rule: Rule, wording: Titled): Predicate | null {
  const { say, phrase, titles } = wording;
  const { operator, args } = partsOf(rule) ?? { operator: '', args: [] };
  const [first, second] = args as [Json, Json];
  const roles = (): string =>
    listWords(
      args.flat().map((role) => String(role)),
      'or',
    );
  const about = (of: Rule, verb: string, rest: string): Predicate => ({ subject: say(of), verb, rest, of });
  switch (operator) {
    case 'var':
      return about(rule, 'be', 'yes');
    case '!':
      return { ...about(first, 'be', 'empty or no'), opposite: 'filled in' };
    case '!!':
      return { ...about(first, 'be', 'filled in'), opposite: 'empty or no' };
    case 'present':
      return { ...about(first, 'be', 'filled in'), opposite: 'empty' };
    case 'missing':
      return {
        subject: listWords(
          args.flat().map((name) => noun(String(name), titles)),
          'or',
        ),
        verb: 'be',
        rest: 'empty',
        opposite: 'filled in',
        of: { var: String(args.flat()[0] ?? '') },
      };
    case 'in':
      return Array.isArray(second)
        ? about(first, 'be', `${second.length > 1 ? 'one of ' : ''}${phrase(second, titles, 1, pathOf(first) ?? undefined)}`)
        : about(second, 'contain', say(first));
    case 'includes':
      return about(first, 'include', phrase(second, titles, 1, pathOf(first) ?? undefined));
    case 'starts_with':
      return about(first, 'start with', say(second));
    case 'same_user':
      return about(first, 'be', `the same person as ${say(second)}`);
    case 'has_role':
      return { subject: 'the person acting', verb: 'have', rest: `the role ${roles()}`, of: { var: 'actor.roles' } };
    case 'in_state':
      return { subject: 'state', verb: 'be', rest: say(first), of: { var: 'state' } };
    case 'visited':
      return { subject: 'the record', verb: 'have', rest: `been in ${say(first)}`, of: { var: 'state' } };
    case 'in_hours':
      return about(first, 'be', `within ${say(second)} hours`);
    default:
      return iterated(operator, args, wording);
  }
}

const quantities: { readonly [operator: string]: string } = { all: 'every entry', some: 'an entry', none: 'no entry' };

function iterated(operator: string, args: readonly Json[], { say, condition, titles }: Titled): Predicate | null {
  const quantity = Object.hasOwn(quantities, operator) ? quantities[operator] : undefined;
  if (quantity === undefined) return null;
  return {
    subject: say(args[0] as Json),
    verb: 'have',
    rest: `${quantity} for which ${condition(args[1] as Json, titles)}`,
    of: args[0] as Json,
  };
}
