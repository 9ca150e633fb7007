import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestStore, type TestStore } from './testStore.js';

let test: TestStore;
beforeEach(async () => void (test = await createTestStore()));
afterEach(() => test.drop());

const window = { now: 1_000, ms: 60_000 };
const brake = { now: 1_000, free: 1, longest: 8_000 };

describe('what is counted', () => {
  it('counts within a window that begins with the first, and begins anew when it is over', async () => {
    const { limits } = test.store;
    expect(await limits.count('k', window)).toEqual({ count: 1, until: 61_000 });
    expect(await limits.count('k', { ...window, now: 60_999 })).toEqual({ count: 2, until: 61_000 });
    expect(await limits.count('k', { ...window, now: 61_000 })).toEqual({ count: 1, until: 121_000 });
  });

  it('can be taken back, and its window stays as long as it is', async () => {
    const { limits } = test.store;
    for (let counted = 0; counted < 3; counted += 1) await limits.count('k', window);
    await limits.uncount('k');
    expect(await limits.count('k', window)).toEqual({ count: 3, until: 61_000 });
  });

  it('makes no try of the same name wait, and is not shortened when that is taken back', async () => {
    const { limits } = test.store;
    await limits.count('k', window);
    expect(await limits.waitUntil(['k'])).toBe(0);
    expect(await limits.attempt('k', brake)).toBe(true);
    expect(await limits.waitUntil(['k'])).toBe(2_000);
    await limits.takeBack(['k']);
    expect(await limits.count('k', window)).toEqual({ count: 2, until: 61_000 });
  });

  it('is forgotten with what was tried', async () => {
    const { limits } = test.store;
    await limits.count('k', window);
    await limits.attempt('k', brake);
    await limits.forget(['k']);
    expect(await limits.waitUntil(['k'])).toBe(0);
    expect(await limits.count('k', window)).toMatchObject({ count: 1 });
  });
});
