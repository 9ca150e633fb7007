import { describe, expect, it } from 'vitest';
import { testEngine } from './testEngine.js';

const part = {
  'statechart.json': { id: 'part', initial: 'open', states: { open: { on: { FIX: { target: 'fixed' } } }, fixed: {} } },
  'form.json': { type: 'object', properties: { weight: { type: 'integer' } } },
};
const whole = {
  'statechart.json': {
    id: 'whole',
    initial: 'open',
    states: { open: { on: { CLOSE: { target: 'closed', guard: 'partsAreLight' } } }, closed: { type: 'final' } },
  },
  'rules.json': {
    guards: {
      partsAreLight: { and: [{ '>': [{ var: 'links.parts.count' }, 0] }, { all: [{ var: 'links.parts.records' }, { '<': [{ var: ['weight', 0] }, 10] }] }] },
    },
  },
  'process.json': { key: 'whole', links: { parts: { title: 'Parts', to: ['part'], many: true } } },
};

describe('rules on linked records', () => {
  it('see how many there are and what they hold, as they are when the step is taken', async () => {
    const { engine, user } = await testEngine({ processes: { part, whole } });
    const ann = await user('ann', []);
    const record = (await engine.create({ process: 'whole', data: {}, actor: ann })).record;
    const close = () => engine.send({ record: record.id, type: 'CLOSE', data: {}, actor: ann });
    await expect(close()).rejects.toMatchObject({ code: 'GUARD_REFUSED' });
    const heavy = (await engine.create({ process: 'part', data: { weight: 30 }, actor: ann })).record;
    const light = (await engine.create({ process: 'part', data: { weight: 3 }, actor: ann })).record;
    await engine.link({ record: record.id, name: 'parts', to: heavy.number, actor: ann });
    await expect(close()).rejects.toMatchObject({ code: 'GUARD_REFUSED' });
    await engine.link({ record: record.id, name: 'parts', to: heavy.number, remove: true, actor: ann });
    await engine.link({ record: record.id, name: 'parts', to: light.number, actor: ann });
    expect((await close()).record.status).toBe('done');
    expect((await engine.verify()).problems).toEqual([]);
  });

  it('refuse a link that is not declared, and one to a record that is not there, in the same words', async () => {
    const { engine, user } = await testEngine({ processes: { part, whole } });
    const ann = await user('ann', []);
    const { record } = await engine.create({ process: 'whole', data: {}, actor: ann });
    const other = (await engine.create({ process: 'whole', data: {}, actor: ann })).record;
    for (const [name, to] of [
      ['parts', 'PAR-999999'],
      ['parts', other.number],
      ['nothing', other.number],
    ] as const)
      await expect(engine.link({ record: record.id, name, to, actor: ann })).rejects.toMatchObject({ code: 'LINK_REFUSED' });
  });
});
