/** Everything that can be wrong with a rule, table, list or calendar. The tests run every example; the documentation prints them. */
import type { CalendarFile, Json, ListFile, Rule, TableFile } from '../definitions/authored.js';
import { problemsOfShared } from './problemsOfShared.js';
import { problemsOfUse } from './problemsOfUse.js';
import { problemsOfValues } from './problemsOfValues.js';
import type { CheckOptions, RuleProblem, Severity } from './types.js';

/** An example stands among the fields, states and tables of `exampleEnvironment.ts`. */
export type Example =
  | { readonly rule: Rule; readonly options?: Partial<CheckOptions> }
  | { readonly table: TableFile }
  | { readonly list: ListFile }
  | { readonly calendar: CalendarFile };

export interface ProblemKind {
  readonly severity: Severity;
  readonly remedy: string;
  readonly bad: Example;
  readonly good: Example;
}

const kinds = { ...problemsOfUse, ...problemsOfValues, ...problemsOfShared };
export type ProblemCode = keyof typeof kinds;

/** The catalogue of problems by code. */
export const ruleProblems: Readonly<Record<ProblemCode, ProblemKind>> = Object.freeze(kinds);

/** One problem, with what the catalogue says of its code. */
export function problem(code: ProblemCode, pointer: string, message: string): RuleProblem {
  const { severity, remedy } = ruleProblems[code];
  return { code, severity, pointer, message, remedy };
}

/** The pointer of a part of what `pointer` names. */
export function within(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A literal for a message. */
export function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
