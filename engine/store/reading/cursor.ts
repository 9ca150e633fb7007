/** Where a page ended, as opaque text. It holds sort values only, so a forged one shows nothing that the query would not. */
import { EngineError } from '../../errors.js';
import type { SqlValue } from '../driver/contract.js';

export interface Place {
  /** Sort and direction the cursor belongs to. */
  readonly order: string;
  /** The sort value of the last item, and what breaks ties. */
  readonly value: string | number | null;
  readonly tie: string | number;
}

export function cursorOf({ order, value, tie }: Place): string {
  return Buffer.from(JSON.stringify([order, value, tie])).toString('base64url');
}

/** Throws QUERY_INVALID for a text that is no cursor of this order. */
export function placeOf(cursor: string, order: string): Place {
  const refuse = (): never => {
    throw new EngineError('QUERY_INVALID', { parameter: 'cursor', reason: 'It is not the `next` of a page of this list.' });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return refuse();
  }
  if (
    cursor.length > 4_000 ||
    !Array.isArray(parsed) ||
    parsed.length !== 3 ||
    parsed[0] !== order ||
    !isScalar(parsed[1]) ||
    !isScalar(parsed[2]) ||
    parsed[2] === null
  ) {
    return refuse();
  }
  return { order, value: parsed[1], tie: parsed[2] };
}

const isScalar = (value: unknown): value is Exclude<SqlValue, Uint8Array> =>
  value === null || typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value));

/** Throws QUERY_INVALID unless `limit` is a whole number from 1 to `most`. */
export function checkLimit(limit: number, most: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > most) {
    throw new EngineError('QUERY_INVALID', { parameter: 'limit', reason: `It must be a whole number from 1 to ${most}.` });
  }
}
