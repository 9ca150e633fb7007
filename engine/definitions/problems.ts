/** The one table of everything that can be wrong with a definition, and how a problem is worded. */
import type { Problem } from '../engine.js';
import { approvalProblems } from './problems/approvals.js';
import { chartProblems } from './problems/chart.js';
import { fileProblems } from './problems/files.js';
import { formProblems } from './problems/form.js';
import type { ProblemKind } from './problems/kind.js';
import { nameProblems } from './problems/names.js';
import { processProblems } from './problems/process.js';
import { scenarioProblems } from './problems/scenarios.js';
import { sharedProblems } from './problems/shared.js';
import { transitionProblems } from './problems/transitions.js';

export const problemTable = {
  ...fileProblems,
  ...chartProblems,
  ...transitionProblems,
  ...nameProblems,
  ...formProblems,
  ...processProblems,
  ...approvalProblems,
  ...scenarioProblems,
  ...sharedProblems,
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemTable;

/** Where a problem is; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
}

/** Values for the `{name}` places of a message. */
export type ProblemFacts = Readonly<Record<string, string | number>>;

/** Words a problem from the table. */
export function problem(code: ProblemCode, place: Place, facts: ProblemFacts = {}): Problem {
  const kind: ProblemKind = problemTable[code];
  return {
    severity: kind.severity,
    file: place.file,
    pointer: place.pointer,
    line: place.line,
    column: place.column,
    code,
    message: fill(kind.message, facts),
    remedy: fill(kind.remedy, facts),
  };
}

function fill(template: string, facts: ProblemFacts): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(facts, name) ? shorten(String(facts[name])) : whole));
}

/** Keeps messages readable when a name or value of the file is very long, and on one line. */
function shorten(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Surrogate}]/gu, ' ');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
