/** Why a rule gave what it gave: every part with the value it had, those included that evaluation did not need to look at. */
import type { Json, Rule } from '../definitions/authored.js';
import type { ExplainedPart, Explanation } from '../types.js';
import { conditionWords, phrase, wording } from './describe.js';
import type { PreparedRule } from './evaluate.js';
import { type Evaluation, run, truthy } from './library.js';
import { type Predicate, predicateOf } from './predicates.js';
import { partsOf, pathOf, spelledOut } from './ruleParts.js';
import { leafPaths, statePaths } from './statePaths.js';
import type { Titles } from './types.js';
import { capitalised, isPlural, valueWords } from './words.js';

interface Looking {
  readonly evaluation: Evaluation;
  readonly titles: Titles | undefined;
  readonly parts: ExplainedPart[];
}

/** Whether part of a rule holds, and in words why. */
interface Finding {
  readonly holds: boolean;
  readonly words: string;
}

/** Evaluates the rule with a trace and tells it. @throws whatever evaluation throws. */
export function explainRule(name: string, { logic }: PreparedRule, how: { evaluation: Evaluation; titles: Titles | undefined }): Explanation {
  const value = run(how.evaluation, logic);
  const looking: Looking = { ...how, parts: [] };
  const finding = lookAt(logic as Rule, false, looking);
  const holds = truthy(value);
  const decides = typeof value === 'boolean' || value === null || partsOf(logic as Rule)?.operator === 'missing';
  const words = decides ? finding.words : `${phrase(logic as Rule, how.titles)} is ${valueWords(value as Json, how.titles)}`;
  return { rule: name, holds, sentence: capitalised(words), parts: looking.parts };
}

function lookAt(condition: Rule, negated: boolean, looking: Looking): Finding {
  const rule = spelledOut(condition);
  const parts = partsOf(rule);
  if (parts === null) return { holds: truthy(rule) !== negated, words: phrase(rule, looking.titles) };
  const { operator, args } = parts;
  if ((operator === '!' || operator === '!!') && pathOf(args[0]) === null) return lookAt(args[0] as Json, negated !== (operator === '!'), looking);
  if (operator === 'and' || operator === 'or') {
    return joined(
      (operator === 'and') === negated ? 'or' : 'and',
      args.map((part) => lookAt(part, negated, looking)),
    );
  }
  if (operator === 'if' || operator === '?:') return lookAtBranch(args, negated, looking);
  return lookAtLeaf(rule, negated, looking);
}

/** Of a conjunction that fails the failing parts are told; of an alternative that holds those that hold. */
function joined(kind: 'and' | 'or', findings: readonly Finding[]): Finding {
  const holds = kind === 'and' ? findings.every((one) => one.holds) : findings.some((one) => one.holds);
  const told = findings.filter((one) => one.holds === holds).map((one) => one.words);
  const decisive = kind === 'or' && !holds ? `either ${told.join(', or ')}` : told.join(holds ? ' and ' : '; ');
  return { holds, words: told.length === 1 ? (told[0] ?? '') : decisive };
}

function lookAtBranch(args: readonly Json[], negated: boolean, looking: Looking): Finding {
  const told: string[] = [];
  for (let index = 0; index + 1 < args.length; index += 2) {
    const condition = lookAt(args[index] as Json, false, looking);
    told.push(condition.words);
    if (!condition.holds) continue;
    const outcome = lookAt(args[index + 1] as Json, negated, looking);
    return { holds: outcome.holds, words: `${outcome.words} (because ${told.join('; ')})` };
  }
  const outcome = args.length % 2 === 1 ? lookAt(args.at(-1) as Json, negated, looking) : { holds: negated, words: 'nothing applies' };
  return { holds: outcome.holds, words: told.length === 0 ? outcome.words : `${outcome.words} (because ${told.join('; ')})` };
}

function lookAtLeaf(rule: Rule, negated: boolean, looking: Looking): Finding {
  const { titles, parts } = looking;
  const outcome = valueIn(rule, looking);
  const predicate = predicateOf(rule, { ...wording, say: (part) => withValue(part, predicateSubject(rule), looking) }, titles);
  const holds = outcome.failed ? false : truthy(outcome.value) !== negated;
  const path = pathOf(predicate.of) ?? predicate.subject;
  const value = path === 'state' ? standing(looking) : valueIn(predicate.of, looking).value;
  parts.push({ path, value, expected: expectation(predicate, negated), holds });
  for (const other of otherReads(rule, path)) parts.push({ path: other, value: valueIn({ var: other }, looking).value, expected: '', holds });
  const shown = valueWords(value, titles, path);
  if (outcome.failed) return { holds, words: `${predicate.subject} is ${shown}, which the rule cannot use` };
  if (holds) return { holds, words: conditionWords(rule, titles, negated) };
  const offenders = offendersOf(rule, negated, looking);
  if (offenders) return { holds, words: `${predicate.subject} include ${offenders}, must have no such entry` };
  const many = isPlural(predicate.subject) || (Array.isArray(value) && value.length > 1 && path !== 'state');
  const has = path === 'actor.roles' ? `has ${shown === 'empty' ? 'no role' : `the role ${shown}`}` : `${many ? 'are' : 'is'} ${shown}`;
  return { holds, words: `${predicate.subject} ${has}, must ${demand(predicate, negated)}` };
}

/** Entries of a list that stand in the way of what must be so of all or of none of them; null where that is not the question. */
function offendersOf(rule: Rule, negated: boolean, looking: Looking): string | null {
  const { operator, args } = partsOf(rule) ?? { operator: '', args: [] };
  const [list, condition] = args as [Json, Json];
  const forbidden = operator === (negated ? 'some' : 'none');
  if (!forbidden && (operator !== 'all' || negated)) return null;
  const { value } = valueIn({ filter: [list, forbidden ? condition : { '!': [condition] }] }, looking);
  return Array.isArray(value) && value.length > 0
    ? `${valueWords(value, looking.titles)}, for which ${conditionWords(condition, looking.titles, !forbidden)}`
    : null;
}

/** The innermost active states: one path, or one a region. */
function standing({ evaluation: { facts } }: Looking): Json {
  const leaves = leafPaths(facts.paths ?? statePaths(facts.state));
  return leaves.length === 1 ? (leaves[0] ?? null) : leaves;
}

function demand({ verb, rest, opposite }: Predicate, negated: boolean): string {
  if (!negated) return `${verb} ${rest}`;
  return opposite === undefined ? `not ${verb} ${rest}` : `${verb} ${opposite}`;
}

function predicateSubject(rule: Rule): Rule | undefined {
  return predicateOf(rule, { ...wording, say: () => '' }, undefined).of;
}

/** Phrase of part of a rule, with the value it had beside it unless it is the subject or a literal. */
function withValue(part: Rule, subject: Rule | undefined, looking: Looking): string {
  const words = phrase(part, looking.titles, 1);
  if (part === subject || partsOf(part) === null) return words;
  const { value, failed } = valueIn(part, looking);
  return failed || words === 'now' ? words : `${words} (${valueWords(value, looking.titles)})`;
}

function expectation({ verb, rest, opposite }: Predicate, negated: boolean): string {
  if (negated && opposite !== undefined) return opposite;
  return `${negated ? 'not ' : ''}${verb === 'be' ? '' : `${verb} `}${rest}`;
}

/** Paths a leaf reads besides its subject: inputs of a table, the other side of a comparison. */
function otherReads(rule: Rule, subject: string): readonly string[] {
  const found = new Set<string>();
  const visit = (part: Json, outermost: boolean): void => {
    if (typeof part !== 'object' || part === null) return;
    if (Array.isArray(part)) {
      for (const one of part as readonly Json[]) visit(one, outermost);
      return;
    }
    const path = pathOf(part);
    if (path !== null) found.add(path);
    const parts = partsOf(part);
    const inward = parts !== null && ['filter', 'map', 'reduce', 'all', 'none', 'some'].includes(parts.operator);
    for (const [index, one] of (parts?.args ?? []).entries()) if (!(inward && index === 1)) visit(one, outermost);
  };
  visit(rule, true);
  found.delete(subject);
  return [...found].filter((path) => path !== '' && path !== 'now');
}

/** The traced value, or for parts that were not needed the value they would have had. */
function valueIn(part: Rule, { evaluation }: Looking): { readonly value: Json; readonly failed: boolean } {
  if (typeof part === 'object' && part !== null && evaluation.trace?.has(part)) return { value: evaluation.trace.get(part) as Json, failed: false };
  try {
    return { value: run(evaluation, part) as Json, failed: false };
  } catch {
    return { value: null, failed: true };
  }
}
