/** From a rule to something that evaluates it, many times and fast. */
import type { Json, Rule } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import { Budget, limits, RuleFailure } from './budget.js';
import { explainRule } from './explain.js';
import { type Evaluation, run, truthy } from './library.js';
import { isOuterPath } from './paths.js';
import { timed } from './spent.js';
import type { CompiledRule, RuleEnvironment, RuleFacts } from './types.js';

/** A rule made ready: a frozen copy in which every `literal` is replaced by its index. */
export interface PreparedRule {
  readonly logic: unknown;
  readonly literals: readonly Json[];
}

/**
 * Compiles a rule. It should have passed `checkRule`: here nothing is refused, what is wrong fails when evaluated.
 * `name` is what errors and explanations call it.
 */
export function compileRule(name: string, rule: Rule): CompiledRule {
  const { prepared, failure } = prepare(rule);
  const evaluation = (facts: RuleFacts, environment: RuleEnvironment, traced: boolean): Evaluation => {
    if (failure !== null) throw failed(name, failure);
    return { facts, environment, literals: prepared.literals, budget: new Budget(), trace: traced ? new Map() : null };
  };
  const value = (facts: RuleFacts, environment: RuleEnvironment): unknown => {
    const one = evaluation(facts, environment, false);
    try {
      return timed(() => run(one, prepared.logic));
    } catch (cause) {
      throw failed(name, cause);
    }
  };
  return {
    name,
    rule,
    reads: readsOf(rule),
    evaluate: (facts, environment) => guarded(name, () => plainCopy(value(facts, environment), 0)),
    holds: (facts, environment) => truthy(value(facts, environment)),
    explain: (facts, environment, titles) => guarded(name, () => explainRule(name, prepared, { evaluation: evaluation(facts, environment, true), titles })),
  };
}

/** The literal `var` paths that read facts; those within iterators mostly read entries. */
export function readsOf(rule: Rule): readonly string[] {
  const found = new Set<string>();
  collectReads(rule, found, { depth: 0, within: false });
  return [...found];
}

const iterators = new Set(['filter', 'map', 'reduce', 'all', 'none', 'some']);

function collectReads(rule: Json, found: Set<string>, { depth, within }: { readonly depth: number; readonly within: boolean }): void {
  if (typeof rule !== 'object' || rule === null || depth > limits.depth) return;
  if (Array.isArray(rule)) {
    for (const part of rule as readonly Json[]) collectReads(part, found, { depth: depth + 1, within });
    return;
  }
  for (const [operator, values] of Object.entries(rule)) {
    if (operator === 'literal') continue;
    const given = Array.isArray(values) ? (values as readonly Json[]) : [values];
    if (operator === 'var' && typeof given[0] === 'string' && (!within || isOuterPath(given[0]))) found.add(given[0]);
    if (operator === 'missing' && !within) addTexts(given.flat(), found);
    if (operator === 'missing_some' && !within && Array.isArray(given[1])) addTexts(given[1] as Json[], found);
    for (const [index, part] of given.entries()) collectReads(part, found, { depth: depth + 1, within: within || (iterators.has(operator) && index === 1) });
  }
}

function addTexts(values: readonly Json[], found: Set<string>): void {
  for (const value of values) if (typeof value === 'string') found.add(value);
}

function prepare(rule: Rule): { prepared: PreparedRule; failure: RuleFailure | null } {
  const literals: Json[] = [];
  try {
    return { prepared: { logic: frozenCopy(rule, literals, 0), literals }, failure: null };
  } catch (cause) {
    if (!(cause instanceof RuleFailure)) throw cause;
    return { prepared: { logic: null, literals }, failure: cause };
  }
}

/** A copy of the rule that nobody else holds: results may share parts with it. */
function frozenCopy(rule: Json, literals: Json[], depth: number): unknown {
  if (typeof rule !== 'object' || rule === null) return rule;
  if (depth > limits.depth * 2) throw new RuleFailure(`it is nested deeper than ${limits.depth}`);
  if (Array.isArray(rule)) return Object.freeze((rule as readonly Json[]).map((part) => frozenCopy(part, literals, depth + 1)));
  const entries = Object.entries(rule);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && only[0] === 'literal') {
    literals.push(only[1]);
    return Object.freeze({ literal: Object.freeze([literals.length - 1]) });
  }
  return Object.freeze(Object.fromEntries(entries.map(([key, values]) => [key, frozenCopy(values, literals, depth + 1)])));
}

function guarded<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw failed(name, cause);
  }
}

function failed(name: string, cause: unknown): EngineError {
  if (cause instanceof EngineError && (cause.code !== 'RULE_FAILED' || cause.facts.rule === name)) return cause;
  const reason = cause instanceof EngineError ? String(cause.facts.reason) : cause instanceof Error ? cause.message : String(cause);
  return new EngineError('RULE_FAILED', { rule: name, reason }, { cause });
}

/** A copy that shares nothing with facts or rule (RISKS.md, R8), and holds only what JSON can say. */
function plainCopy(value: unknown, depth: number): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RuleFailure('the result is not a finite number');
    return value === 0 ? 0 : value;
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || depth > limits.depth) throw new RuleFailure('the result is not JSON');
  if (Array.isArray(value)) return value.map((part) => plainCopy(part, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainCopy(part, depth + 1)]));
}
