import { describe, expect, it } from 'vitest';
import { testEngine } from './testEngine.js';

const DAY = 86_400_000;
const processes = {
  task: {
    'statechart.json': {
      id: 'task',
      initial: 'open',
      states: {
        open: { on: { GO: { actions: [{ type: 'notify', params: { to: 'ann', message: 'gone' } }] } }, after: { soon: 'old', late: 'ancient' } },
        old: {},
        ancient: {},
      },
    },
    'rules.json': { delays: { soon: 'P2D', late: 'P400D' } },
    'messages.json': { gone: 'Gone' },
    'process.json': { key: 'task', clocks: { work: { runs: { in: ['open'] }, target: 'P1D', warnings: [0.5] } } },
  },
};

describe('the end of an import', () => {
  it('arms what is still ahead, lists what has passed, and sends nothing', async () => {
    const { engine, user, clock } = await testEngine({ processes });
    const ann = await user('ann', []);
    const began = clock.now() - 100 * DAY;
    const { record } = await engine.create({ process: 'task', data: {}, actor: ann, origin: 'import', at: began });
    await engine.send({ record: record.id, type: 'GO', data: {}, actor: ann, origin: 'import', at: began + DAY });
    await engine.wake();
    expect((await engine.record(record.id, ann)).paths).toEqual(['open']);
    await engine.finishImport({ record: record.id, actor: ann, at: began + DAY });
    expect(await engine.wake()).toMatchObject({ timers: 0, effects: 0 });
    const [last] = (await engine.history(record.id, ann, { limit: 1, direction: 'desc' })).items;
    expect(last?.event).toBe('imported');
    expect(((last?.data.passed ?? []) as readonly { timer: string }[]).map((one) => one.timer).sort()).toEqual([
      'clock.work.0.5',
      'clock.work.1',
      'xstate.after.soon.task.open',
    ]);
    expect((await engine.record(record.id, ann)).clocks.work?.breached).toBe(true);
    expect((await engine.timers(record.id, ann)).map((timer) => timer.key)).toEqual(['xstate.after.late.task.open']);
    await engine.advanceTo(began + 401 * DAY);
    expect((await engine.record(record.id, ann)).paths).toEqual(['ancient']);
    expect((await engine.verify()).problems).toEqual([]);
  });

  it('is not the last word: rows that come later are an import again, and tell nobody either', async () => {
    const { engine, user, clock } = await testEngine({ processes });
    const ann = await user('ann', []);
    const at = clock.now() - DAY;
    const { record } = await engine.create({ process: 'task', data: {}, actor: ann, origin: 'import', at });
    await engine.finishImport({ record: record.id, actor: ann, at });
    await engine.send({ record: record.id, type: 'GO', data: {}, actor: ann, origin: 'import', at: at + 1_000 });
    expect(await engine.wake()).toMatchObject({ effects: 0 });
    await engine.finishImport({ record: record.id, actor: ann, at: at + 1_000 });
    expect((await engine.timers(record.id, ann)).length).toBeGreaterThan(0);
    expect((await engine.verify()).problems).toEqual([]);
  });
});
