/** Processes that name each other: one must be there first. */
import { describe, expect, it } from 'vitest';
import { refusal, running } from './running.js';

const title = { title: { type: 'string' } };

/** `problem` and `change` link to each other, hold a reference to each other, and `problem` makes changes. */
const problem = {
  'statechart.json': {
    initial: 'open',
    states: {
      open: { on: { ASK: { actions: { type: 'create', params: { process: 'change', link: 'changes', data: { title: 'New cable' } } } }, CLOSE: 'closed' } },
      closed: { type: 'final' },
    },
  },
  'form.json': { type: 'object', properties: { ...title, change: { type: 'string', 'x-charter': { reference: { kind: 'record', process: 'change' } } } } },
  'process.json': { prefix: 'PRB', links: { changes: { title: 'Changes', to: ['change'], many: true } } },
  'scenarios.json': {
    scenarios: [
      {
        name: 'A change is asked for',
        given: { users: { ann: {} }, records: { 'chg-1': { process: 'change', data: {} } } },
        steps: [{ as: 'ann', event: 'ASK', expect: { effects: [{ type: 'create', process: 'change', link: 'changes' }] } }],
      },
    ],
  },
};
const change = {
  'statechart.json': { initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final' } } },
  'form.json': { type: 'object', properties: title },
  'process.json': { prefix: 'CHG', links: { problems: { title: 'Problems', reverse: 'changes', to: ['problem'] } } },
};

const texts = (files: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([file, content]) => [file, JSON.stringify(content)]));

describe('processes that name each other', () => {
  it('are published one after the other: what is still to come is a warning, which goes away when it is there', async () => {
    const { engine, user, create, send, look } = await running({ processes: {} });
    const owner = await user('otto', ['process-owner']);
    const first = await engine.publish({ process: 'problem', files: texts(problem), note: '', actor: owner, source: 'api' });
    expect(first.problems.map(({ code, severity, file }) => [code, severity, file])).toEqual([
      ['PROCESS_NOT_YET', 'warning', 'problem/form.json'],
      ['PROCESS_NOT_YET', 'warning', 'problem/process.json'],
      ['PROCESS_NOT_YET', 'warning', 'problem/scenarios.json'],
      ['PROCESS_NOT_YET', 'warning', 'problem/statechart.json'],
    ]);

    const record = await create('problem', { title: 'Old cable' });
    const early = await refusal(send(record.id, 'ASK'));
    expect([early.code, early.facts], 'what can not be made yet is refused with its name').toEqual(['PROCESS_NOT_FOUND', { process: 'change' }]);
    expect((await look(record.id)).version, 'and nothing has happened').toBe(record.version);

    await engine.publish({ process: 'change', files: texts(change), note: '', actor: owner, source: 'api' });
    const again = await engine.check('problem', texts(problem));
    expect(again.problems).toEqual([]);
    const { created } = await send(record.id, 'ASK');
    expect(created.map(({ process }) => process)).toEqual(['change']);
  });
});
