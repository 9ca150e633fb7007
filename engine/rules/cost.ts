/** What a rule reads and what it may cost, told from its text. */
import type { Json, Rule } from '../definitions/authored.js';
import { limits } from './budget.js';
import { isOuterPath } from './paths.js';
import { partsOf } from './ruleParts.js';

const iterators = new Set(['filter', 'map', 'reduce', 'all', 'none', 'some']);
/** Entries a list is taken to have when its length is not written in the rule. */
const usualLength = 20;
const reading = new Set(['var', 'missing', 'missing_some', 'in_state', 'visited', 'has_role']);

/** Steps a rule may need, capped well above the limit: iterators multiply by the length of their list. */
export function costOf(rule: Rule, depth = 0): number {
  if (depth > limits.depth || typeof rule !== 'object' || rule === null) return 1;
  if (Array.isArray(rule)) return capped((rule as readonly Json[]).reduce((sum: number, part) => sum + costOf(part, depth + 1), 1));
  const { operator, args } = partsOf(rule) ?? { operator: '', args: [] };
  if (!iterators.has(operator)) return capped(args.reduce((sum: number, part) => sum + costOf(part, depth + 1), 1));
  const [list, body, initial] = args as [Json, Json, Json | undefined];
  return capped(1 + costOf(list, depth + 1) + lengthOf(list) * costOf(body, depth + 1) + (initial === undefined ? 0 : costOf(initial, depth + 1)));
}

/** Whether the rule reads any fact. */
export function factsRead(rule: Rule, depth = 0): boolean {
  if (depth > limits.depth || typeof rule !== 'object' || rule === null) return false;
  if (Array.isArray(rule)) return (rule as readonly Json[]).some((part) => factsRead(part, depth + 1));
  const { operator, args } = partsOf(rule) ?? { operator: '', args: [] };
  if (reading.has(operator)) return true;
  return args.some((part, index) => !(iterators.has(operator) && index === 1 && !mentionsFacts(part, depth)) && factsRead(part, depth + 1));
}

/** Within an iterator only operators that reach facts by themselves read any, and paths that name facts of the whole. */
function mentionsFacts(rule: Rule, depth: number): boolean {
  if (depth > limits.depth || typeof rule !== 'object' || rule === null) return false;
  if (Array.isArray(rule)) return (rule as readonly Json[]).some((part) => mentionsFacts(part, depth + 1));
  const { operator, args } = partsOf(rule) ?? { operator: '', args: [] };
  if (operator === 'var' && typeof args[0] === 'string' && isOuterPath(args[0])) return true;
  return ['in_state', 'visited', 'has_role'].includes(operator) || args.some((part) => mentionsFacts(part, depth + 1));
}

function lengthOf(list: Json): number {
  if (Array.isArray(list)) return list.length;
  const parts = partsOf(list);
  if (parts?.operator !== 'merge') return usualLength;
  return parts.args.reduce((sum: number, part) => sum + (typeof part === 'object' && part !== null ? lengthOf(part) : 1), 0);
}

function capped(cost: number): number {
  return Math.min(cost, 1e9);
}
