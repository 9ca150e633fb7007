/** Tells a step that the process refused from a fault that must end the import. */
import { EngineError, type ErrorCode } from '../../engine/index.js';
import { quoted } from './values.js';

const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'MALFORMED',
  'FORBIDDEN',
  'EVENT_NOT_ACCEPTED',
  'RECORD_FINISHED',
  'EVENT_UNKNOWN',
  'EVENT_INTERNAL',
  'DATA_INVALID',
  'GUARD_REFUSED',
  'CHECK_REFUSED',
  'RULE_FAILED',
  'ROLE_REFUSED',
  'VOTE_REFUSED',
  'LINK_REFUSED',
  'SIGNAL_CIRCULAR',
  'TOO_LARGE',
  'IDEMPOTENCY_MISMATCH',
]);

export interface Refusal {
  readonly kind: string;
  readonly reason: string;
}

/** The refusal in words, or null where the error is not the row's fault. */
export function refusalOf(error: unknown, step: { readonly event: string; readonly state: string }): Refusal | null {
  if (!(error instanceof EngineError) || !REFUSALS.has(error.code)) return null;
  const fields = namedFields(error.facts.fields);
  const rule = typeof error.facts.rule === 'string' ? error.facts.rule : '';
  const what = fields.map((field) => field.field).join(', ') || rule;
  return {
    kind: `${error.code} ${step.event}${step.state === '' ? '' : ` in ${step.state}`}${what === '' ? '' : `: ${what}`}`,
    reason: [error.message, ...fields.map((field) => `${field.field}: ${field.message}`), rule && `rule ${rule}`].filter((part) => part !== '').join(' '),
  };
}

/** True for what passes by itself: the queue is full, or another process is writing. */
export function isPassing(error: unknown): boolean {
  return error instanceof EngineError && (error.code === 'BUSY' || error.code === 'VERSION_STALE');
}

function namedFields(fields: unknown): { field: string; message: string }[] {
  if (!Array.isArray(fields)) return [];
  return fields.map((entry: { field?: unknown; message?: unknown }) => ({ field: plain(entry.field), message: plain(entry.message) }));
}

function plain(value: unknown): string {
  return quoted(String(value ?? '')).slice(1, -1);
}
