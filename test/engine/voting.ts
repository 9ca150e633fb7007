/** A change that people vote on. */
import type { Quorum } from '../../engine/definitions/authored.js';
import type { Actor, ApprovalState } from '../../engine/types.js';
import { type Running, running } from './running.js';

const vote = (choice: string) => ({ actions: { type: 'vote', params: { approval: 'cab', choice } } });
const form = {
  type: 'object',
  properties: {
    cost: { type: 'number', default: 100 },
    note: { type: 'string' },
    voters: { type: 'array', items: { type: 'string' } },
    team: { type: 'string' },
    owner: { type: 'string' },
  },
};

/** A change that is approved in one state by the steps given. */
export function change(steps: readonly object[], more: object = {}) {
  const chart = {
    id: 'change',
    initial: 'draft',
    states: {
      draft: { on: { ASK: 'asked' } },
      asked: {
        on: {
          YES: vote('approve'),
          NO: vote('refuse'),
          EDIT: { meta: { form: ['cost', 'note', 'voters'] } },
          BACK: 'draft',
          'approval.cab.approved': 'approved',
          'approval.cab.refused': 'refused',
          'approval.cab.lapsed': { target: 'asked', reenter: true },
        },
      },
      approved: {},
      refused: { on: { ASK: 'asked' } },
    },
  };
  const roles = { 'policy/roles.json': { kind: 'roles', roles: { board: { title: 'Board' }, boss: { title: 'Boss' } } } };
  return {
    rules: roles,
    processes: {
      change: { 'statechart.json': chart, 'form.json': form, 'process.json': { approvals: { cab: { state: 'asked', binds: ['cost'], steps, ...more } } } },
    },
  };
}
export const named = (quorum: Quorum) => [{ name: 'board', voters: { users: { var: 'record.voters' } }, quorum }];

/** Ten people, `p0` to `p9`. */
export async function withPeople(options: ReturnType<typeof change>, count = 10): Promise<Running & { readonly people: readonly Actor[] }> {
  const test = await running(options);
  const people: Actor[] = [];
  for (let n = 0; n < count; n += 1) people.push(await test.user(`p${n}`, []));
  return { ...test, people };
}
export async function asked(test: Running, data: object = {}): Promise<string> {
  const { id } = await test.create('change', { ...data } as never);
  await test.send(id, 'ASK');
  return id;
}
export const cab = async (test: Running, id: string) => (await test.look(id)).approvals.cab as ApprovalState;
