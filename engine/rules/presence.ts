/** Which paths certainly have a value where a condition is known to hold, or not to. */
import type { Json, Rule } from '../definitions/authored.js';
import { partsOf, pathOf } from './ruleParts.js';

/** Paths that have a value whenever `rule` came out as `outcome`. */
export function provenBy(rule: Rule | undefined, outcome: boolean): readonly string[] {
  const parts = partsOf(rule);
  if (parts === null) return [];
  const { operator, args } = parts;
  const [first, second] = args;
  const path = pathOf(first);
  if (operator === '!') return provenBy(first, !outcome);
  if (operator === '!!') return path === null ? provenBy(first, outcome) : outcome ? [path] : [];
  if (operator === (outcome ? 'and' : 'or')) return args.flatMap((part) => provenBy(part, outcome));
  if (operator === 'missing') return outcome ? [] : texts(args.flat());
  if (operator === 'missing_some') return outcome || !Array.isArray(second) || first !== second.length ? [] : texts(second);
  if (operator === '==' || operator === '===') return equality(first, second, outcome);
  if (operator === '!=' || operator === '!==') return equality(first, second, !outcome);
  if (!outcome) return operator === 'before' || operator === 'after' ? paths(args) : [];
  if (operator === 'var') return pathOf(rule) === null || args.length > 1 ? [] : [pathOf(rule) ?? ''];
  if (['present', 'in', 'includes', 'starts_with', 'some', 'all', 'in_hours'].includes(operator)) return path === null ? [] : [path];
  if (['before', 'after', 'same_user'].includes(operator)) return paths(args);
  return [];
}

/** Equal to a value other than null: present. Not equal to null: present. */
function equality(first: Json | undefined, second: Json | undefined, equal: boolean): readonly string[] {
  for (const [subject, other] of [
    [first, second],
    [second, first],
  ]) {
    const path = pathOf(subject);
    if (path === null || (typeof other === 'object' && other !== null)) continue;
    if (equal ? other !== null : other === null) return [path];
  }
  return [];
}

function paths(parts: readonly Json[]): readonly string[] {
  return parts.map((part) => pathOf(part)).filter((path) => path !== null);
}

function texts(values: readonly Json[]): readonly string[] {
  return values.filter((value): value is string => typeof value === 'string');
}
