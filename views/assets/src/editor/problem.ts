/** A problem as the server tells it; lines and columns count from 1. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly message: string;
  readonly remedy: string;
  readonly where: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
}
