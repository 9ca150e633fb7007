import type { Problem } from '../../engine/index.js';

export interface ProblemView {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly message: string;
  readonly remedy: string;
  readonly where: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
}

/** The same for problems of many folders, whose names are part of the place. */
export function folderProblemViews(problems: readonly Problem[]): ProblemView[] {
  return views(problems, (file) => file);
}

/** Errors first, then by file and line. Files are named without the folder they stand in. */
export function problemViews(problems: readonly Problem[]): ProblemView[] {
  return views(problems, (file) => file.slice(file.lastIndexOf('/') + 1));
}

function views(problems: readonly Problem[], nameOf: (file: string) => string): ProblemView[] {
  return problems
    .map((problem) => {
      const file = nameOf(problem.file);
      const where = `${file}, line ${problem.line}${problem.pointer === '' ? '' : ` (${problem.pointer})`}`;
      return {
        severity: problem.severity,
        file,
        message: problem.message,
        remedy: problem.remedy,
        where,
        line: problem.line,
        column: problem.column,
        code: problem.code,
      };
    })
    .sort((one, other) => one.severity.localeCompare(other.severity) || one.file.localeCompare(other.file) || one.line - other.line);
}

export function errorsIn(problems: readonly { readonly severity: string }[]): number {
  return problems.filter(({ severity }) => severity === 'error').length;
}
