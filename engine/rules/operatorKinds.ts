/** The shape of the operator table. */
import type { Json, JsonObject, Rule } from '../definitions/authored.js';

/**
 * What an argument must be. `scalar`: number, text or truth value. `path`: a literal path. `each`: a rule applied to every
 * entry of the list before it. `name`: a literal name. `length`: an ISO 8601 duration or milliseconds.
 */
export type ArgumentKind = 'any' | 'scalar' | 'condition' | 'number' | 'text' | 'list' | 'instant' | 'length' | 'path' | 'each' | 'name' | 'haystack';
export type ResultKind = 'any' | 'boolean' | 'number' | 'text' | 'list' | 'instant' | 'date';

export interface Operator {
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  /** By position; the last one stands for all that follow. */
  readonly takes: readonly ArgumentKind[];
  /** `any`: depends on the arguments. */
  readonly gives: ResultKind;
  readonly description: string;
  readonly example: { readonly rule: Rule; readonly facts?: { readonly [root: string]: Json | JsonObject }; readonly gives: Json };
}

export type Operators = { readonly [name: string]: Operator };
export const many = Number.POSITIVE_INFINITY;
