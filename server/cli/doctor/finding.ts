/** What one look of the doctor came to. */
export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What to do; empty when all is well. */
  readonly remedy: string;
}

export const fine = (name: string, detail: string): Finding => ({ name, status: 'ok', detail, remedy: '' });
export const doubtful = (name: string, detail: string, remedy: string): Finding => ({ name, status: 'warning', detail, remedy });
export const wrong = (name: string, detail: string, remedy: string): Finding => ({ name, status: 'failed', detail, remedy });

export function worst(findings: readonly Finding[]): Finding['status'] {
  if (findings.some(({ status }) => status === 'failed')) return 'failed';
  return findings.some(({ status }) => status === 'warning') ? 'warning' : 'ok';
}
