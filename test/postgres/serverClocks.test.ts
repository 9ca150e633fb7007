import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../engine/store/index.js';
import type { Store } from '../../engine/store/types.js';
import { rowsBelow } from '../databases.js';
import { step, unit } from '../engine/store/sampleSteps.js';
import { createTestStore } from '../engine/store/testStore.js';
import { createManualClock } from '../../engine/clock.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.UTC(2026, 2, 2, 9);

/** Two servers on one database, the second with a clock of its own; a timer and an effect are due. */
async function two(ahead: number): Promise<{ one: Store; other: Store; url: string }> {
  const test = await createTestStore({ clock: createManualClock(NOW) });
  onTestFinished(test.drop);
  const other = await openStore({ url: test.url }, createManualClock(NOW + ahead));
  onTestFinished(() => other.close());
  const due = step('record-000001', null, {
    timers: [{ key: 'a', kind: 'after', event: 'a', dueAt: NOW }],
    outbox: [{ key: '1', record: 'record-000001', sequence: 1, effect: { type: 'webhook', target: 'hook', body: null }, createdAt: NOW }],
  });
  await test.store.records.commit(unit(due));
  return { one: test.store, other, url: test.url };
}

describe('servers whose clocks differ', () => {
  it('leave to each other what they have claimed, however far ahead a clock is', async () => {
    const { one, other } = await two(DAY);
    expect(await one.queue.dueTimers(NOW, 10)).toHaveLength(1);
    expect(await one.queue.dueEffects(NOW, 10)).toHaveLength(1);
    expect(await other.queue.dueTimers(NOW + DAY, 10)).toEqual([]);
    expect(await other.queue.dueEffects(NOW + DAY, 10)).toEqual([]);
  });

  it('wait no longer for what one claimed while its clock was ahead, should it die', async () => {
    const { other, url } = await two(DAY);
    await other.queue.dueTimers(NOW + DAY, 10);
    await other.queue.dueEffects(NOW + DAY, 10);
    const soon = 'claimed_until BETWEEN extract(epoch FROM now()) * 1000 AND extract(epoch FROM now()) * 1000 + 30000 AS soon';
    expect(await rowsBelow(url, `SELECT ${soon} FROM timers UNION ALL SELECT ${soon} FROM outbox`)).toEqual([{ soon: true }, { soon: true }]);
  });
});
