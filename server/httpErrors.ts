/** The one place where the catalogue meets HTTP: status, problem document (RFC 9457) and Retry-After. */
import { catalogue, EngineError, type ErrorCode, type FieldProblem } from '../engine/index.js';

const statuses: { readonly [code in ErrorCode]: number } = {
  MALFORMED: 400,
  QUERY_INVALID: 400,
  NOT_SIGNED_IN: 401,
  SIGN_IN_FAILED: 401,
  FORBIDDEN: 403,
  ROLE_REFUSED: 403,
  VOTE_REFUSED: 403,
  PROCESS_NOT_FOUND: 404,
  RECORD_NOT_FOUND: 404,
  VERSION_NOT_FOUND: 404,
  NOT_FOUND: 404,
  VERSION_STALE: 409,
  EVENT_NOT_ACCEPTED: 409,
  RECORD_FINISHED: 409,
  TOO_LARGE: 413,
  WRONG_TYPE: 415,
  EVENT_UNKNOWN: 422,
  EVENT_INTERNAL: 422,
  DATA_INVALID: 422,
  GUARD_REFUSED: 422,
  CHECK_REFUSED: 422,
  RULE_FAILED: 422,
  LINK_REFUSED: 422,
  SIGNAL_CIRCULAR: 422,
  DEFINITION_FAULTY: 422,
  IDEMPOTENCY_MISMATCH: 422,
  IMPORT_MAPPING_INVALID: 422,
  IMPORT_FILE_UNREADABLE: 422,
  TOO_MANY: 429,
  INTERNAL: 500,
  CONFIGURATION_INVALID: 500,
  CUT_TOO_WIDE: 500,
  DEFINITION_UNREADABLE: 500,
  HISTORY_DAMAGED: 500,
  STORE_UNUSABLE: 503,
  STORE_DRIVER_MISSING: 503,
  KEY_DIFFERS: 503,
  STORE_IN_USE: 503,
  BUSY: 503,
  READ_ONLY: 503,
};

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly remedy: string;
  readonly errors?: readonly FieldProblem[];
  readonly reasons?: readonly unknown[];
  readonly problems?: readonly unknown[];
}

/** A known address asked with a method it does not have is 405; everything else goes by the code alone. */
export function statusOf(error: EngineError): number {
  if (error.code === 'NOT_FOUND' && Array.isArray(error.facts.allowed)) return 405;
  return statuses[error.code];
}

/** What Express and its parsers throw, in the words of the catalogue; anything unexpected is INTERNAL and keeps its cause for the log. */
export function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const { status, code, type, limit } = (error ?? {}) as { status?: number; code?: string; type?: string; limit?: number };
  if (code === 'LIMIT_FILE_SIZE' || type === 'entity.too.large') return new EngineError('TOO_LARGE', limit === undefined ? {} : { limit }, { cause: error });
  if (type === 'parameters.too.many' || status === 413) return new EngineError('TOO_LARGE', { what: 'number of fields' }, { cause: error });
  if (status === 415) return new EngineError('WRONG_TYPE', {}, { cause: error });
  if (status === 400 || error instanceof URIError || String(code).startsWith('LIMIT_')) return new EngineError('MALFORMED', {}, { cause: error });
  return new EngineError('INTERNAL', {}, { cause: error });
}

/** Seconds after which to try again, where waiting helps. */
export function retryAfter(error: EngineError): number | null {
  if (typeof error.facts.retryAfter === 'number') return error.facts.retryAfter;
  return statusOf(error) === 503 || statusOf(error) === 429 ? 2 : null;
}

/** A sentence that says what and, where known, why. */
export function detailOf(error: EngineError): string {
  const { reason, sentence, message } = error.facts;
  const more = [reason, sentence, message].find((text) => typeof text === 'string');
  return more === undefined ? catalogue[error.code].message : `${catalogue[error.code].message} ${String(more)}`;
}

/** RFC 9457. What the engine calls `fields` is `errors` here; it and `reasons` and `problems` come out of the facts, so that programs find them in one place. */
export function problemDocument(error: EngineError): ProblemDocument {
  const { fields, reasons, problems, ...facts } = error.facts;
  return {
    type: `urn:charter:error:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: catalogue[error.code].message,
    status: statusOf(error),
    detail: detailOf(error),
    code: error.code,
    facts,
    remedy: error.remedy,
    ...(Array.isArray(fields) ? { errors: fields as readonly FieldProblem[] } : {}),
    ...(Array.isArray(reasons) ? { reasons } : {}),
    ...(Array.isArray(problems) ? { problems } : {}),
  };
}
