import { expect, it } from 'vitest';
import { testEngine } from './testEngine.js';

it('a record in a state tagged settled is no open work, is not due, and may still be taken up again', async () => {
  const clocks = { work: { runs: { in: ['doing', 'done'] }, target: 'PT4H' } };
  const processes = {
    task: {
      'statechart.json': { id: 'task', initial: 'doing', states: { doing: { on: { FINISH: 'done' } }, done: { tags: ['settled'], on: { AGAIN: 'doing' } } } },
      'process.json': { key: 'task', clocks },
    },
  };
  const { engine, user } = await testEngine({ processes });
  const ann = await user('ann', []);
  const { record } = await engine.create({ process: 'task', data: {}, actor: ann });
  const open = async () => (await engine.list({ open: true, limit: 10 }, ann)).items.map((item) => item.number);
  expect(record.columns.due).not.toBeNull();
  expect(await open()).toEqual([record.number]);
  const finished = await engine.send({ record: record.id, type: 'FINISH', data: {}, actor: ann });
  expect(finished.record).toMatchObject({ status: 'active', columns: { due: null } });
  expect(await open()).toEqual([]);
  await engine.send({ record: record.id, type: 'AGAIN', data: {}, actor: ann });
  expect(await open()).toEqual([record.number]);
  expect((await engine.verify()).problems).toEqual([]);
});
