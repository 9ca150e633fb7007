import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../../engine/index.js';
import { createSignInDelay, type SignInDelay } from '../../../server/auth/signInDelay.js';
import { rowsBelow } from '../../databases.js';
import { createTestStore, type TestStore } from '../../engine/store/testStore.js';

const ada = { account: 'ada', address: '10.0.0.1' };

let test: TestStore;
let delay: SignInDelay;
beforeEach(async () => {
  test = await createTestStore();
  delay = createSignInDelay(test.store.limits);
});
afterEach(() => test.drop());

/** Seconds that this try has to wait; a try that has not is counted. */
async function waitFor(tried: typeof ada, now: number, by: SignInDelay = delay): Promise<number> {
  try {
    await by.admit(tried, now);
    return 0;
  } catch (error) {
    return error instanceof EngineError ? Number(error.facts.retryAfter) : Number.NaN;
  }
}

describe('failed sign-ins', () => {
  it('cost nothing twice, then twice as long each time, up to a quarter of an hour', async () => {
    const waits: number[] = [];
    for (let now = 0; waits.length < 16; now += (waits.at(-1) ?? 0) * 1000) {
      expect(await waitFor(ada, now)).toBe(0);
      waits.push(await test.store.limits.waitUntil(await keys()).then((until) => Math.max(0, until - now) / 1000));
    }
    expect(waits.slice(0, 6)).toEqual([0, 0, 1, 2, 4, 8]);
    expect(waits.at(-1)).toBe(900);
  });

  it('hold up the account from every address, and are forgotten once it is proven', async () => {
    for (let count = 0; count < 3; count += 1) await delay.admit(ada, 0);
    expect(await waitFor({ ...ada, address: '10.9.9.9' }, 0)).toBeGreaterThan(0);
    await delay.succeeded(ada);
    expect(await waitFor(ada, 0)).toBe(0);
  });

  it('give an address more patience than an account', async () => {
    for (let count = 0; count < 10; count += 1) await delay.admit({ ...ada, account: `u${count}` }, 0);
    expect(await waitFor({ ...ada, account: 'other' }, 0)).toBe(0);
  });

  it('count for all servers together, and as many as there are when they come at the same time', async () => {
    const elsewhere = await test.again();
    const other = createSignInDelay(elsewhere.limits);
    const waits = await Promise.all(Array.from({ length: 20 }, (_, place) => waitFor(ada, 0, place % 2 ? delay : other)));
    await elsewhere.close();
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
  });

  it('from one office at the same time hold nobody up, in whatever order they are counted, or by whose clock', async () => {
    for (const [place, now] of [1_000, 1_003, 1_001, 400].entries()) expect(await waitFor({ ...ada, account: `u${place}` }, now)).toBe(0);
  });

  it('have to wait from the latest of them on', async () => {
    for (const now of [1_000, 900, 800]) expect(await waitFor(ada, now)).toBe(0);
    expect(await waitFor(ada, 1_900)).toBe(1);
    expect(await waitFor(ada, 2_000)).toBe(0);
  });

  it('do not count where no password was compared', async () => {
    for (let count = 0; count < 20; count += 1) {
      await delay.admit(ada, 0);
      await delay.takeBack(ada);
    }
    expect(await waitFor(ada, 0)).toBe(0);
  });

  it('are kept under keys that do not tell what was typed', async () => {
    await delay.admit({ ...ada, account: 'my secret password' }, 0);
    expect(JSON.stringify(await keys())).not.toContain('secret');
  });

  async function keys(): Promise<readonly string[]> {
    return (await rowsBelow<{ key: string }>(test.url, 'SELECT key FROM limits')).map(({ key }) => key.replace(/^try /, ''));
  }
});
