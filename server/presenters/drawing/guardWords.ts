import type { ProcessFiles, TransitionSpec } from '../../../engine/index.js';
import { humanise, uncapital } from './words.js';

/** The guard's name, whichever way it is written; null: no guard. */
export function guardName(spec: TransitionSpec): string | null {
  const { guard } = spec as { guard?: unknown };
  if (typeof guard === 'string' && guard !== '') return guard;
  const type = typeof guard === 'object' && guard !== null ? (guard as { type?: unknown }).type : null;
  return typeof type === 'string' ? type : null;
}

/** The sentence its author gave a rule, else its name in words. */
export function guardWords(name: string, files: Partial<ProcessFiles>): string {
  const described = files['rules.json']?.descriptions?.[name];
  return uncapital((typeof described === 'string' ? described : humanise(name)).trim().replace(/\.$/, ''));
}
