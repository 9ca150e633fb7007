/**
 * The only file that imports json-logic-js. Its recursion goes through its exported `apply`; wrapping that gives every
 * evaluation a budget and, on request, a trace. Its operator table is one for the whole process: it is altered here, once.
 */
import jsonLogic from 'json-logic-js';
import type { Json } from '../definitions/authored.js';
import { Budget, limits, RuleFailure } from './budget.js';
import { charterFunctions } from './functions.js';
import { isOuterPath, propertyAt } from './paths.js';
import type { RuleEnvironment, RuleFacts } from './types.js';

interface Library {
  apply(logic: unknown, data: unknown): unknown;
  truthy(value: unknown): boolean;
  add_operation(name: string, code: (this: unknown, ...values: never[]) => unknown): void;
  rm_operation(name: string): void;
}

/** One evaluation under way. */
export interface Evaluation {
  readonly facts: RuleFacts;
  readonly environment: RuleEnvironment;
  /** What `literal` stands for, by index: json-logic would take an object for a rule. */
  readonly literals: readonly Json[];
  readonly budget: Budget;
  /** Value of each part of the rule outside iterators; null when nobody asked. */
  readonly trace: Map<object, unknown> | null;
}

const library = jsonLogic as unknown as Library;
const applyOnce = library.apply;
let current: Evaluation | null = null;

library.apply = (logic, data) => {
  const evaluation = current;
  if (evaluation === null) return applyOnce(logic, data);
  const { budget, trace } = evaluation;
  budget.steps += 1;
  if (typeof logic !== 'object' || logic === null) return logic;
  if (budget.steps > limits.steps) budget.spend(0);
  if (budget.depth >= limits.depth) throw new RuleFailure(`it is nested deeper than ${limits.depth}`);
  budget.depth += 1;
  const result = applyOnce(logic, data);
  budget.depth -= 1;
  if (typeof result === 'number') {
    if (!Number.isFinite(result)) throw new RuleFailure('a calculation gave no finite number');
  } else if (typeof result !== 'boolean') budget.charge(result);
  if (trace !== null && data === evaluation.facts) trace.set(logic, result);
  return result;
};

library.rm_operation('log');
library.add_operation('var', function (this: unknown, path: unknown, otherwise?: unknown) {
  if (path === undefined || path === '' || path === null) return this;
  const own = propertyAt(this, path);
  const found = own === undefined ? outerFact(this, String(path)) : own;
  return found === undefined ? (otherwise ?? null) : found;
});
// The library's own two run their arguments as rules, even those that came from data.
library.add_operation('missing', function (this: unknown, ...names: unknown[]) {
  return missing(this, Array.isArray(names[0]) ? (names[0] as unknown[]) : names);
});
library.add_operation('missing_some', function (this: unknown, needed: number, names: unknown) {
  if (!Array.isArray(names)) throw new RuleFailure('missing_some needs a list of names');
  const absent = missing(this, names);
  return names.length - absent.length >= needed ? [] : absent;
});
// The library copies the result once for each argument; this takes time in proportion to its length.
library.add_operation('merge', (...lists: unknown[]) => {
  const merged: unknown[] = [];
  for (const list of lists) {
    if (!Array.isArray(list)) merged.push(list);
    else if (merged.length + list.length > limits.resultSize) throw new RuleFailure(`a result grew beyond ${limits.resultSize} values`);
    else for (const part of list as unknown[]) merged.push(part);
  }
  return merged;
});
library.add_operation('literal', (index: number) => current?.literals[index] ?? null);
for (const [name, code] of Object.entries(charterFunctions)) {
  library.add_operation(name, (...values: unknown[]) => {
    if (current === null) throw new RuleFailure(`${name} is not available here`);
    return code(current, values);
  });
}

/** Evaluates a rule, or part of one, within the evaluation's budget. @throws RuleFailure, or whatever the library throws. */
export function run(evaluation: Evaluation, logic: unknown): unknown {
  const outer = current;
  current = evaluation;
  evaluation.budget.depth = 0;
  try {
    const result = library.apply(logic, evaluation.facts);
    return result === undefined ? null : result;
  } finally {
    current = outer;
  }
}

/** JSON-logic's idea of truth: empty lists are false besides what JavaScript holds for false. */
export function truthy(value: unknown): boolean {
  return library.truthy(value);
}

/** Applies any JSON-logic to any data under the same budget; for the public test suites. */
export function applyToData(logic: unknown, data: unknown): unknown {
  const environment: RuleEnvironment = { tables: new Map(), lists: new Map(), calendars: new Map() };
  return run({ facts: data as RuleFacts, environment, literals: [], budget: new Budget(), trace: null }, logic);
}

/** Within an iterator: a fact of the whole, unless the entry has a field of that name. */
function outerFact(data: unknown, path: string): unknown {
  if (current === null || data === current.facts || !isOuterPath(path)) return undefined;
  return propertyAt(data, path.split('.')[0]) === undefined ? propertyAt(current.facts, path) : undefined;
}

function missing(data: unknown, names: readonly unknown[]): unknown[] {
  return names.filter((name) => {
    const value = name === '' || name === null ? data : propertyAt(data, name);
    return value === undefined || value === null || value === '';
  });
}
