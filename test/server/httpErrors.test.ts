import { describe, expect, it } from 'vitest';
import { catalogue, EngineError, type ErrorCode } from '../../engine/index.js';
import { asEngineError, problemDocument, statusOf } from '../../server/httpErrors.js';

describe('errors over HTTP', () => {
  it('have a status of 4xx or 5xx for every code of the catalogue', () => {
    for (const code of Object.keys(catalogue) as ErrorCode[]) expect(statusOf(new EngineError(code)), code).toBeGreaterThanOrEqual(400);
  });

  it('follow the contract', () => {
    const expected: Partial<Record<ErrorCode, number>> = {
      MALFORMED: 400,
      NOT_SIGNED_IN: 401,
      FORBIDDEN: 403,
      RECORD_NOT_FOUND: 404,
      VERSION_STALE: 409,
      EVENT_NOT_ACCEPTED: 409,
      RECORD_FINISHED: 409,
      TOO_LARGE: 413,
      WRONG_TYPE: 415,
      TOO_MANY: 429,
      EVENT_INTERNAL: 422,
      DATA_INVALID: 422,
      IDEMPOTENCY_MISMATCH: 422,
      BUSY: 503,
      READ_ONLY: 503,
    };
    for (const [code, status] of Object.entries(expected)) expect(statusOf(new EngineError(code as ErrorCode)), code).toBe(status);
  });

  it('are problem documents with code, remedy and the fields that were refused', () => {
    const error = new EngineError('DATA_INVALID', { fields: [{ field: 'summary', message: 'Too short.' }], event: 'X' });
    expect(problemDocument(error)).toMatchObject({
      code: 'DATA_INVALID',
      status: 422,
      errors: [{ field: 'summary', message: 'Too short.' }],
      facts: { event: 'X' },
      remedy: expect.any(String),
    });
  });

  it('W2: never show what went wrong inside', () => {
    const error = asEngineError(new Error('SELECT * FROM users WHERE /secret/path'));
    expect(error.code).toBe('INTERNAL');
    expect(JSON.stringify(problemDocument(error))).not.toContain('SELECT');
  });
});
