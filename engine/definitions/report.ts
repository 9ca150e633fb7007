/** Collects problems while a definition is checked; each place is found in the text of its file. */
import type { Problem } from '../engine.js';
import { type ProblemCode, type ProblemFacts, problem } from './problems.js';
import type { ReadJson } from './read.js';

/** Most problems reported for one process or for the shared rules. */
const MAX_PROBLEMS = 1_000;

/** A problem worded elsewhere (by the rules), placed by its pointer. */
export type WordedProblem = Pick<Problem, 'severity' | 'code' | 'message' | 'remedy' | 'pointer'>;

export interface Report {
  /** Adds a problem of the table. `what`: whether the place is the value at the pointer or its key. */
  add(code: ProblemCode, place: { readonly file: string; readonly pointer: string; readonly what?: 'value' | 'key' }, facts?: ProblemFacts): void;
  /** Adds a problem worded elsewhere. */
  addWorded(file: string, worded: WordedProblem): void;
  /** Adds problems already placed. */
  addPlaced(problems: readonly Problem[]): void;
  readonly problems: readonly Problem[];
  readonly hasErrors: boolean;
}

/** `prefix` goes before file names in problems (`ticket/`); `texts` are the files as they were read. */
export function createReport(prefix: string, texts: ReadonlyMap<string, ReadJson>): Report {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const push = (one: Problem): void => {
    const same = `${one.code}|${one.file}|${one.pointer}|${one.message}`;
    if (problems.length > MAX_PROBLEMS || seen.has(same)) return;
    seen.add(same);
    if (problems.length < MAX_PROBLEMS) problems.push(one);
    else problems.push(problem('TOO_MANY_PROBLEMS', one, { limit: MAX_PROBLEMS }));
  };
  const positionOf = (file: string, pointer: string, what?: 'value' | 'key') => texts.get(file)?.locate(pointer, what) ?? { line: 1, column: 1 };
  return {
    add: (code, { file, pointer, what }, facts) => push(problem(code, { file: prefix + file, pointer, ...positionOf(file, pointer, what) }, facts)),
    addWorded: (file, worded) => push({ ...worded, file: prefix + file, ...positionOf(file, worded.pointer) }),
    addPlaced: (placed) => placed.forEach(push),
    problems,
    get hasErrors() {
      return problems.some(({ severity }) => severity === 'error');
    },
  };
}

/** Errors first, then by file and place. */
export function sorted(problems: readonly Problem[]): readonly Problem[] {
  const rank = { error: 0, warning: 1 } as const;
  return [...problems].sort((a, b) => rank[a.severity] - rank[b.severity] || compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
