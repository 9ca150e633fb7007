import { expect, it } from 'vitest';
import { sealDaily } from '../../../engine/integrity/index.js';
import { testEngine } from '../testEngine.js';

const processes = { note: { 'statechart.json': { id: 'note', initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final' } } } } };

it('the day is sealed by itself, once, when something was recorded, and the root is told to the log', async () => {
  const { engine, user, clock } = await testEngine({ processes });
  const ann = await user('ann', []);
  const told: unknown[] = [];
  const seal = () =>
    sealDaily(
      { store: engine.store, clock } as unknown as Parameters<typeof sealDaily>[0],
      'a secret of the tests only',
      (message, facts) => void told.push([message, facts]),
    );
  await seal();
  expect(told).toEqual([]);
  const { record } = await engine.create({ process: 'note', data: {}, actor: ann });
  await seal();
  await seal();
  expect(told).toEqual([
    ['checkpoint sealed', expect.objectContaining({ checkpoint: 1, records: 1, entries: 1, root: expect.stringMatching(/^[0-9a-f]{64}$/) })],
  ]);
  await engine.advanceTo(clock.now() + 90_000_000);
  await seal();
  expect(told).toHaveLength(1);
  await engine.send({ record: record.id, type: 'CLOSE', data: {}, actor: ann });
  await seal();
  expect(told).toHaveLength(2);
  expect(await engine.verify()).toMatchObject({ checkpoints: 2, problems: [] });
});
