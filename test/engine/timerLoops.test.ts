import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/definitions/authored.js';
import { DAY, running } from './running.js';
import { testEngine } from './testEngine.js';

describe('timers that are due at once', () => {
  const looping = (delay: string, delays: JsonObject = {}) => ({
    processes: {
      thing: {
        'statechart.json': { id: 'thing', initial: 'a', states: { a: { after: { [delay]: 'b' }, on: { LEAVE: 'c' } }, b: { after: { [delay]: 'a' } }, c: {} } },
        'rules.json': { delays },
      },
    },
  });

  it.each<[string, JsonObject]>([
    ['0', {}],
    ['now', { now: 'PT0S' }],
    ['now', { now: 0 }],
  ])('may not lead to one another: after %s %j', async (delay, delays) => {
    const { engine } = await testEngine(looping(delay, delays));
    expect(engine.folderProblems().problems.map(({ code }) => code)).toContain('LOOP_ENDLESS');
  });

  it('may when one of them takes any time', async () => {
    const { engine } = await testEngine(looping('month', { month: 'P1M' }));
    expect(engine.folderProblems().problems.filter(({ code }) => code === 'LOOP_ENDLESS')).toEqual([]);
  });

  it('and do so none the less are parked, so that time goes on for everybody else', async () => {
    const { create, wait, engine, look } = await running(looping('past', { past: { until: { var: 'record.createdAt' } } }));
    const { id } = await create('thing');
    await engine.wake();
    expect((await engine.parked()).timers).toMatchObject([{ record: id, reason: expect.stringContaining('loop') }]);
    const { version } = await look(id);
    await wait(DAY);
    expect((await look(id)).version).toBe(version);
  });
});
