/** What the parts of the checker share. */
import type { Json } from '../definitions/authored.js';
import { type ProblemCode, problem } from './problems.js';
import { anything, type Shape } from './shapes.js';
import type { CheckOptions, RuleProblem } from './types.js';

/** One check under way. */
export interface Checking {
  readonly options: CheckOptions;
  readonly problems: RuleProblem[];
  readonly size: { count: number };
  /** The shape of part of the rule, its problems reported. */
  readonly infer: (rule: Json, place: Place) => Shape;
}

/** Where in the rule, and what is known there. */
export interface Place {
  readonly checking: Checking;
  readonly pointer: string;
  readonly depth: number;
  /** Paths that certainly have a value here. */
  readonly proven: ReadonlySet<string>;
  /** Within an iterator: what `var` reads. */
  readonly entry: Shape | null;
}

/** An argument as written, its place, and what it gives. */
export interface Argument {
  readonly rule: Json;
  readonly place: Place;
  readonly shape: Shape;
}

/** Reports a problem; gives the shape of what nothing is known of, so that one mistake is told once. */
export function report(place: Place, code: ProblemCode, message: string): Shape {
  place.checking.problems.push(problem(code, place.pointer, message));
  return anything;
}

/** Reports a value that may be absent where that would go wrong. */
export function reportMissing({ place, shape, rule }: Argument, outcome: string): void {
  if (shape.optional !== true || shape.kind === 'null') return;
  const path = typeof rule === 'object' && rule !== null && !Array.isArray(rule) ? ((rule as { var?: Json }).var ?? null) : null;
  report(place, 'RULE_VALUE_MAY_BE_MISSING', `${typeof path === 'string' && path !== '' ? path : 'This value'} may be absent: ${outcome}.`);
}

/** The kind of a shape, in words. */
export function kindWords(shape: Shape): string {
  if (shape.kind === 'text' && shape.format === 'date-time') return 'an instant';
  if (shape.kind === 'text' && shape.format === 'date') return 'a date';
  return { boolean: 'a truth value', number: 'a number', text: 'a text', list: 'a list', object: 'an object', null: 'null', any: 'any value' }[shape.kind];
}
