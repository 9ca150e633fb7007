import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../engine/index.js';
import { createSignInDelay } from '../../../server/auth/signInDelay.js';

const keys = ['account:ada', 'address:10.0.0.1'];

function waitFor(delay: ReturnType<typeof createSignInDelay>, who: readonly string[], now: number): number {
  try {
    delay.admit(who, now);
    return 0;
  } catch (error) {
    return error instanceof EngineError ? Number(error.facts.retryAfter) : Number.NaN;
  }
}

describe('failed sign-ins', () => {
  it('cost nothing twice, then twice as long each time, up to a quarter of an hour', () => {
    const delay = createSignInDelay();
    const waits = Array.from({ length: 16 }, () => {
      delay.failed(keys, 0);
      return waitFor(delay, keys, 0);
    });
    expect(waits.slice(0, 6)).toEqual([0, 0, 1, 2, 4, 8]);
    expect(waits.at(-1)).toBe(900);
  });

  it('hold up the account from every address, and are forgotten once it is proven', () => {
    const delay = createSignInDelay();
    for (let count = 0; count < 5; count += 1) delay.failed(keys, 0);
    expect(waitFor(delay, ['account:ada', 'address:10.9.9.9'], 0)).toBeGreaterThan(0);
    delay.succeeded(keys);
    expect(waitFor(delay, keys, 0)).toBe(0);
  });

  it('give an address more patience than an account', () => {
    const delay = createSignInDelay();
    for (let count = 0; count < 10; count += 1) delay.failed([`account:u${count}`, 'address:10.0.0.1'], 0);
    expect(waitFor(delay, ['account:other', 'address:10.0.0.1'], 0)).toBe(0);
  });
});
