import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunningEngine } from '../../engine/index.js';
import { below, rowsBelow } from '../databases.js';
import { MONDAY } from '../engine/testEngine.js';
import { startTarget, type Target } from '../faults/targets.js';
import { type Engines, openEngines } from './engines.js';

const HOUR = 3_600_000;
/** What is told may hang for ten seconds; all of these end sooner. */
const patient = { timeout: 8_000 };
const order = {
  'statechart.json': {
    id: 'order',
    initial: 'idle',
    on: { TELL: { actions: { type: 'webhook', params: { target: 'hangs', body: {} } } } },
    states: { idle: { after: { 3600000: 'late' } }, late: {} },
  },
  'process.json': { key: 'order', prefix: 'ORD' },
};

interface World extends Engines {
  readonly one: RunningEngine;
  readonly other: RunningEngine;
  readonly target: Target;
  /** Commits so many orders that tell the target, on the first server. */
  tell(count: number): Promise<readonly string[]>;
}

async function begin(): Promise<World> {
  const target = await startTarget();
  const world = await openEngines({ processes: { order } });
  // Before the engines close, which wait for what is on its way.
  onTestFinished(() => target.close());
  const [one, other] = world.engines;
  if (!one || !other) throw new Error('Two servers are needed.');
  await one.store.setMeta('webhook:hangs', target.url('hangs'));
  const ann = await world.user({ id: 'ann' });
  return {
    ...world,
    one,
    other,
    target,
    tell: (count) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const { record } = await one.create({ process: 'order', data: {}, actor: ann });
          await one.send({ record: record.id, type: 'TELL', data: {}, actor: ann });
          return record.id;
        }),
      ),
  };
}

const told = ({ target }: World): readonly string[] => target.keys('hangs');

describe('servers that tell a system which hangs', () => {
  it('are not kept from timers by it, when another server says that there is something to do', async () => {
    const world = await begin();
    const { one, other, clock, user } = world;
    const ann = await user({ id: 'ann' });
    other.start();
    const [record = ''] = await world.tell(1);
    await expect.poll(() => told(world).length, patient).toBe(1);
    clock.set(MONDAY + HOUR);
    await expect.poll(async () => (await one.record(record, ann)).state, { timeout: 5_000 }).toBe('late');
    expect(world.target.hanging()).toBe(1);
  });

  it('keep for themselves what is under way for as long as it is, even when nothing more may go there', async () => {
    const world = await begin();
    await world.tell(20);
    world.one.start();
    await expect.poll(() => told(world).length, patient).toBe(16);
    await below(world.url, 'UPDATE outbox SET claimed_until = 0 WHERE claimed_until IS NOT NULL');
    const kept = 'SELECT count(*) AS n FROM outbox WHERE claimed_until > extract(epoch FROM now()) * 1000 + 15000';
    await expect.poll(async () => Number((await rowsBelow<{ n: unknown }>(world.url, kept))[0]?.n), patient).toBe(16);
    world.other.start();
    await expect.poll(() => told(world).length, patient).toBe(20);
    expect(new Set(told(world)).size).toBe(20);
  });

  it('share what is to be told: one takes no more than it can begin', async () => {
    const world = await begin();
    await world.tell(60);
    world.one.start();
    await expect.poll(() => told(world).length, patient).toBe(16);
    world.other.start();
    await expect.poll(() => told(world).length, patient).toBe(32);
    expect(new Set(told(world)).size).toBe(32);
  });
});
