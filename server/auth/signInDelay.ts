/**
 * Slows down guessing: after three failures each further try for the same account, or from the same address, has to wait twice as long, up to
 * a quarter of an hour. Kept in memory on purpose: it is a brake, not a record, and the hash's own cost stays when the server restarts.
 */
import { EngineError } from '../../engine/index.js';

interface Failures {
  readonly count: number;
  readonly until: number;
}

export interface SignInDelay {
  /** @throws EngineError TOO_MANY with `retryAfter` in seconds. */
  admit(keys: readonly string[], now: number): void;
  failed(keys: readonly string[], now: number): void;
  succeeded(keys: readonly string[]): void;
}

const FREE = 3;
const LONGEST = 15 * 60_000;
const KEPT = 20_000;

export function createSignInDelay(): SignInDelay {
  const failures = new Map<string, Failures>();
  return {
    admit(keys, now) {
      const until = Math.max(0, ...keys.map((key) => failures.get(key)?.until ?? 0));
      if (until > now) throw new EngineError('TOO_MANY', { what: 'failed sign-ins', retryAfter: Math.ceil((until - now) / 1000) });
    },
    failed(keys, now) {
      for (const key of keys) {
        const count = (failures.get(key)?.count ?? 0) + 1;
        // An address may be a whole office: it gets more patience than an account.
        const beyond = count - (key.startsWith('address:') ? FREE * 5 : FREE);
        const wait = beyond < 0 ? 0 : Math.min(LONGEST, 2 ** beyond * 1000);
        failures.delete(key);
        failures.set(key, { count, until: now + wait });
      }
      while (failures.size > KEPT) failures.delete(failures.keys().next().value ?? '');
    },
    succeeded(keys) {
      for (const key of keys) failures.delete(key);
    },
  };
}
