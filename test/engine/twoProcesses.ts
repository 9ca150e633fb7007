import { type Running, running } from './running.js';

/** A problem with causes; what happens to one is told to the other. */
const text = { type: 'string', default: '', maxLength: 5000 };
const heard = (field: string) => ({
  actions: { type: 'set', params: { heard: { cat: [{ var: ['record.heard', ''] }, ' ', { var: [`event.${field}`, '?'] }] } } },
});
export const processes = {
  incident: {
    'statechart.json': {
      id: 'incident',
      initial: 'open',
      on: { 'problem.SOLVED': heard('how'), 'incident.TELL': heard('word') },
      states: {
        open: {
          on: {
            RAISE: {
              target: 'waiting',
              actions: { type: 'create', params: { process: 'problem', link: 'cause', data: { title: { cat: ['Why: ', { var: ['record.title', ''] }] } } } },
            },
            TELL: { actions: { type: 'signal', params: { event: 'TELL', link: 'cause', data: { word: 'hello' } } } },
            TELL_ONE: { actions: { type: 'signal', params: { event: 'TELL', to: { var: 'record.other' }, data: { word: 'you' } } }, meta: { form: ['other'] } },
            JOIN: { actions: { type: 'link', params: { name: 'related', to: { var: 'record.other' } } }, meta: { form: ['other'] } },
            PART: { actions: { type: 'link', params: { name: 'related', to: { var: 'record.other' }, remove: true } }, meta: { form: ['other'] } },
            CLOSE: { target: 'closed', guard: 'alone' },
            LONG: {
              actions: {
                type: 'create',
                params: { process: 'problem', data: { title: { cat: [{ var: ['record.title', ''] }, ' and much too long for the title of a problem'] } } },
              },
            },
          },
        },
        waiting: {
          on: { 'problem.SOLVED': { target: 'open', actions: { type: 'set', params: { heard: { cat: ['solved: ', { var: ['event.how', '?'] }] } } } } },
        },
        closed: { type: 'final' },
      },
    },
    'form.json': { type: 'object', properties: { title: text, heard: text, other: { type: 'string' } } },
    'rules.json': { guards: { alone: { '===': [{ var: ['links.related.count', 0] }, 0] } } },
    'process.json': {
      prefix: 'INC',
      links: {
        cause: { title: 'Cause', to: ['problem'], inverse: 'Incidents' },
        related: { title: 'Related', to: ['incident'], many: true },
        one: { title: 'Only one', many: false },
      },
    },
  },
  problem: {
    'statechart.json': {
      id: 'problem',
      initial: 'open',
      on: { 'incident.TELL': heard('word') },
      states: {
        open: {
          on: { SOLVE: { target: 'solved', actions: { type: 'signal', params: { event: 'SOLVED', link: 'cause', data: { how: 'patched' } } } }, END: 'ended' },
        },
        solved: {},
        ended: { type: 'final' },
      },
    },
    'form.json': { type: 'object', properties: { title: { type: 'string', maxLength: 40 }, heard: text } },
    'process.json': { prefix: 'PRB', links: { cause: { title: 'Incidents', to: ['incident'], many: true } } },
  },
};

export async function withProblem(): Promise<Running & { incident: string; problem: string }> {
  const test = await running({ processes });
  const { id } = await test.create('incident', { title: 'no mail' });
  const { created } = await test.send(id, 'RAISE');
  return { ...test, incident: id, problem: created[0]?.id ?? '' };
}
