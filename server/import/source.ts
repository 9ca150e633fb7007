/** What the reader gives: rows with the line they stand on, and the rows of one case together. */

export interface SourceRow {
  /** Line in the file, counted from 1; the header is line 1. */
  readonly line: number;
  /** Cells by column. Has no prototype, so a column of any name is only data. */
  readonly cells: Readonly<Record<string, string>>;
}

export interface SourceCase {
  readonly key: string;
  readonly rows: readonly SourceRow[];
}

/** What one reading of the whole file found, before anything is imported. */
export interface SourceSummary {
  readonly file: string;
  readonly rows: number;
}

/** Something about one row that keeps it, or one of its steps, out. `kind` groups, `message` says what and where. */
export class RowProblem extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.name = 'RowProblem';
    this.kind = kind;
  }
}
