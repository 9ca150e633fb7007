/** The parts of a rule: its operator and arguments, the path a `var` reads. */
import type { Json, Rule } from '../definitions/authored.js';

/** `missing` with several paths, as an alternative of single ones. */
export function spelledOut(rule: Rule): Rule {
  const parts = partsOf(rule);
  const names = parts?.operator === 'missing' ? parts.args.flat() : [];
  return names.length > 1 ? { or: names.map((name) => ({ missing: [name] })) } : rule;
}

/** The one operator of a rule and its arguments; null for anything that is not a rule. */
export function partsOf(rule: Rule | undefined): { readonly operator: string; readonly args: readonly Json[] } | null {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return null;
  const entries = Object.entries(rule);
  const [only] = entries;
  if (entries.length !== 1 || only === undefined) return null;
  return { operator: only[0], args: Array.isArray(only[1]) ? (only[1] as readonly Json[]) : [only[1] as Json] };
}

/** The literal path a `var` reads, or null for anything else. */
export function pathOf(rule: Rule | undefined): string | null {
  const parts = partsOf(rule);
  const [path] = parts?.args ?? [];
  return parts?.operator === 'var' && (typeof path === 'string' || typeof path === 'number') ? String(path) : null;
}
