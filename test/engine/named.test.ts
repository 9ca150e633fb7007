import { describe, expect, it } from 'vitest';
import { testEngine } from './testEngine.js';

const task = {
  'statechart.json': {
    id: 'task',
    initial: 'open',
    states: {
      open: {
        on: { HAND_ON: { meta: { named: ['owner'], form: [{ field: 'owner', required: true }] } }, END: { target: 'ended', meta: { named: ['owner'] } } },
      },
      ended: { type: 'final' },
    },
  },
  'form.json': { type: 'object', properties: { owner: { type: 'string', 'x-charter': { reference: { kind: 'user' } } } } },
};

describe('a transition for whoever is named', () => {
  it('lets him name somebody else, and is that one’s from then on', async () => {
    const { engine, user } = await testEngine({ processes: { task } });
    const [ann, bob] = [await user('ann', []), await user('bob', [])];
    const { record } = await engine.create({ process: 'task', data: { owner: 'ann' }, actor: ann });
    const send = (type: string, actor: typeof ann, data = {}) => engine.send({ record: record.id, type, data, actor });
    await expect(send('END', bob)).rejects.toMatchObject({ code: 'ROLE_REFUSED' });
    await send('HAND_ON', ann, { owner: 'bob' });
    await expect(send('END', ann)).rejects.toMatchObject({ code: 'ROLE_REFUSED' });
    expect((await send('END', bob)).record.status).toBe('done');
  });

  it('does not let others name themselves by it', async () => {
    const { engine, user } = await testEngine({ processes: { task } });
    const [ann, bob] = [await user('ann', []), await user('bob', [])];
    const { record } = await engine.create({ process: 'task', data: { owner: 'ann' }, actor: ann });
    await expect(engine.send({ record: record.id, type: 'HAND_ON', data: { owner: 'bob' }, actor: bob })).rejects.toMatchObject({ code: 'ROLE_REFUSED' });
  });
});
