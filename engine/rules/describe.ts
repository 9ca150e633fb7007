/** Rules as English sentences. */
import type { Json, Rule } from '../definitions/authored.js';
import { limits } from './budget.js';
import { operators } from './operators.js';
import { type Predicate, predicateOf, type Wording } from './predicates.js';
import { partsOf, pathOf, spelledOut } from './ruleParts.js';
import type { Titles } from './types.js';
import { capitalised, isPlural, listWords, noun, spanWords, valueWords } from './words.js';

/** The rule as one English sentence without full stop: `Impact is high and assignee is filled in`. */
export function describeRule(rule: Rule, titles?: Titles): string {
  const gives = Object.entries(operators).find(([name]) => name === partsOf(rule)?.operator)?.[1].gives;
  const value = gives !== undefined && gives !== 'boolean' && !conditional.has(partsOf(rule)?.operator ?? '');
  return capitalised(value ? phrase(rule, titles) : conditionWords(rule, titles));
}

/** Operators whose result may be yes or no; `missing` is one by habit. */
const conditional = new Set(['and', 'or', 'if', '?:', 'var', 'missing']);

/** The rule as something that is so or not. */
export function conditionWords(condition: Rule, titles: Titles | undefined, negated = false, depth = 0): string {
  const rule = spelledOut(condition);
  const parts = partsOf(rule);
  if (depth > limits.depth) return '…';
  if (parts === null) return `${negated ? 'not ' : ''}${valueWords(rule, titles)}`;
  const { operator, args } = parts;
  const inner = (part: Json, flip: boolean): string => conditionWords(part, titles, flip, depth + 1);
  if (operator === '!' && args.length === 1 && pathOf(args[0]) === null) return inner(args[0] as Json, !negated);
  if (operator === '!!' && args.length === 1 && pathOf(args[0]) === null) return inner(args[0] as Json, negated);
  if (operator === 'and' || operator === 'or') {
    const joint = (operator === 'and') === negated ? 'or' : 'and';
    const words = args.map((part) => bracketed(part, joint, inner(part, negated), negated));
    return words.length === 0 ? valueWords(null) : words.join(` ${joint} `);
  }
  if (operator === 'if' || operator === '?:')
    return choiceWords(
      args,
      (part) => inner(part, negated),
      (part) => inner(part, false),
    );
  return predicateWords(predicateOf(rule, { say: (part) => phrase(part, titles, depth + 1), ...wording }, titles), negated);
}

/** How predicates word what stands inside them; handed to them, because words and predicates are made of each other. */
export const wording: Omit<Wording, 'say'> = {
  phrase,
  condition: (rule, titles) => conditionWords(rule, titles, false, 2),
};

/** `impact is high`, `impact is not high`, `tags do not include vip`. */
function predicateWords({ subject, verb, rest, opposite }: Predicate, negated: boolean): string {
  const many = isPlural(subject);
  if (verb === 'be') return `${subject} ${many ? 'are' : 'is'} ${negated ? (opposite ?? `not ${rest}`) : rest}`;
  return negated ? `${subject} ${many ? 'do' : 'does'} not ${verb} ${rest}` : `${subject} ${many ? verb : thirdPerson(verb)} ${rest}`;
}

function thirdPerson(verb: string): string {
  const [first = '', ...others] = verb.split(' ');
  return [first === 'have' ? 'has' : `${first}s`, ...others].join(' ');
}

function bracketed(condition: Json, joint: 'and' | 'or', words: string, negated: boolean): string {
  const parts = partsOf(spelledOut(condition));
  if (parts?.operator === 'if' || parts?.operator === '?:') return `(${words})`;
  if (parts === null || (parts.operator !== 'and' && parts.operator !== 'or') || parts.args.length < 2) return words;
  return ((parts.operator === 'and') === negated ? 'or' : 'and') === joint ? words : `(${words})`;
}

function choiceWords(args: readonly Json[], outcome: (part: Json) => string, condition: (part: Json) => string): string {
  const words: string[] = [];
  for (let index = 0; index + 1 < args.length; index += 2) words.push(`if ${condition(args[index] as Json)} then ${outcome(args[index + 1] as Json)}`);
  if (args.length % 2 === 1) words.push(args.length === 1 ? outcome(args[0] as Json) : `else ${outcome(args.at(-1) as Json)}`);
  return words.join(', else ').replaceAll(', else else ', ', else ');
}

const infix: { readonly [operator: string]: string } = { '+': 'plus', '-': 'minus', '*': 'times', '/': 'divided by', '%': 'modulo' };

/** Phrases of the operators that give a value, from the phrases of their arguments. */
const valuePhrases: { readonly [operator: string]: (words: readonly string[]) => string } = {
  cat: (words) => `the text of ${listWords(words, 'and')}`,
  substr: ([text, start, length]) => `the part of ${text} from character ${start}${length === undefined ? '' : ` (${length} characters)`}`,
  min: (words) => `the least of ${listWords(words, 'and')}`,
  max: (words) => `the greatest of ${listWords(words, 'and')}`,
  merge: (words) => `${listWords(words, 'and')} together`,
  missing: (words) => `those of ${listWords(words, 'and')} that are empty`,
  missing_some: ([needed, names]) => `what is missing for ${needed} of ${names}`,
  filter: ([list, condition]) => `the entries of ${list} for which ${condition}`,
  map: ([list, value]) => `${value} of each entry of ${list}`,
  reduce: ([list, value, start]) => `${list} reduced by ${value}${start === undefined ? '' : `, starting with ${start}`}`,
  table: ([name, ...inputs]) => `the entry of table ${name} for ${listWords(inputs, 'and')}`,
  choice: ([list, id, property]) => `the ${property} of ${id} in list ${list}`,
  plus: ([at, amount]) => `${amount} after ${at}`,
  minus: ([at, amount]) => `${amount} before ${at}`,
  between: ([from, to]) => `the time from ${from} to ${to}`,
  duration: ([amount]) => `${amount}`,
  business_plus: ([at, amount, calendar]) => `${amount} of ${calendar} time after ${at}`,
  business_between: ([from, to, calendar]) => `the ${calendar} time from ${from} to ${to}`,
  date: ([at]) => `the date of ${at}`,
  round: ([value, digits]) => `${value} rounded${digits === undefined ? '' : ` to ${digits} digits`}`,
  literal: ([value]) => `${value}`,
};

/** The rule as a value: what stands to either side of a comparison. `path`: the field it is compared with. */
export function phrase(rule: Rule | undefined, titles: Titles | undefined, depth = 0, path?: string): string {
  const parts = partsOf(rule);
  if (depth > limits.depth) return '…';
  if (parts === null) {
    return Array.isArray(rule)
      ? rule.length === 0
        ? 'nothing'
        : listWords(
            rule.map((part) => phrase(part, titles, depth + 1, path)),
            'or',
          )
      : valueWords(rule, titles, path);
  }
  const { operator, args } = parts;
  const inner = (part: Json): string => phrase(part, titles, depth + 1);
  if (operator === 'var') {
    const name = noun(pathOf(rule) ?? valueWords(args[0], titles), titles);
    return args.length > 1 ? `${name} (or ${inner(args[1] as Json)} when empty)` : name;
  }
  if (operator === 'duration' && typeof args[0] === 'number') return spanWords(args[0]);
  if (operator === 'literal') return valueWords(args[0], titles);
  if (operator === '-' && args.length === 1) return `minus ${inner(args[0] as Json)}`;
  if (operator in infix) return args.length === 1 ? inner(args[0] as Json) : args.map(inner).join(` ${infix[operator]} `);
  if (operator === 'if' || operator === '?:') return choiceWords(args, inner, (part) => conditionWords(part, titles, false, depth + 1));
  if (operator === 'missing') return valuePhrases.missing?.(args.flat().map((name) => (typeof name === 'string' ? noun(name, titles) : inner(name)))) ?? '';
  const second = operator === 'filter' ? (part: Json) => conditionWords(part, titles, false, depth + 1) : inner;
  const words = Object.hasOwn(valuePhrases, operator) ? valuePhrases[operator] : undefined;
  return words === undefined
    ? `whether ${conditionWords(rule as Rule, titles, false, depth + 1)}`
    : words(args.map((part, index) => (index === 1 ? second(part) : inner(part))));
}
