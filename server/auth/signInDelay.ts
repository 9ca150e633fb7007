/**
 * Slows down guessing: after three tries each further one for the same account, or from the same address, has to wait twice as long, up to a
 * quarter of an hour; a password that fits ends it. All servers count together. A try counts before its password is compared, so that many
 * at the same time are as many tries as one after another.
 */
import { createHash } from 'node:crypto';
import { EngineError, type LimitStore } from '../../engine/index.js';

export interface Tried {
  readonly account: string;
  readonly address: string;
}

export interface SignInDelay {
  /** Counts a try. @throws EngineError TOO_MANY with `retryAfter` in seconds; what the store throws: then nobody may try. */
  admit(tried: Tried, now: number): Promise<void>;
  /** No password was compared after all. */
  takeBack(tried: Tried): Promise<void>;
  succeeded(tried: Tried): Promise<void>;
}

const FREE = 3;
/** An address may be a whole office: it gets more patience than an account. */
const FREE_OF_ADDRESS = FREE * 5;
const LONGEST = 15 * 60_000;

/** What people type in place of their name may be their password. */
const keyOf = (kind: string, value: string): string => `sign-in:${kind}:${createHash('sha256').update(value).digest('base64url')}`;

export function createSignInDelay(limits: LimitStore): SignInDelay {
  const keysOf = ({ account, address }: Tried): readonly [string, string] => [keyOf('account', account), keyOf('address', address)];
  const refuse = async (keys: readonly string[], now: number): Promise<void> => {
    const until = await limits.waitUntil(keys);
    if (until > now) throw new EngineError('TOO_MANY', { what: 'failed sign-ins', retryAfter: Math.ceil((until - now) / 1000) });
  };
  return {
    async admit(tried, now) {
      const [account, address] = keysOf(tried);
      await refuse([account, address], now);
      const brake = { now, longest: LONGEST };
      const counted = await limits.attempt(account, { ...brake, free: FREE });
      if (counted && (await limits.attempt(address, { ...brake, free: FREE_OF_ADDRESS }))) return;
      // Another try came in between, here or on another server.
      if (counted) await limits.takeBack([account]);
      await refuse([account, address], now);
      throw new EngineError('TOO_MANY', { what: 'failed sign-ins', retryAfter: 1 });
    },
    takeBack: (tried) => limits.takeBack(keysOf(tried)),
    succeeded: (tried) => limits.forget(keysOf(tried)),
  };
}
