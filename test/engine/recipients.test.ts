import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../engine/core/program.js';
import { checkAll, closeOver } from '../../engine/definitions/index.js';
import { runScenarios } from '../../engine/trial/scenario.js';

const notice = {
  'notice/statechart.json': {
    id: 'notice',
    initial: 'open',
    states: {
      open: {
        on: {
          TELL: { actions: { type: 'notify', params: { to: ['role:keeper', { var: 'record.owner' }, { var: 'record.others' }], message: 'told' } } },
          END: 'ended',
        },
      },
      ended: { type: 'final' },
    },
  },
  'notice/form.json': { type: 'object', properties: { owner: { type: 'string' }, others: { type: 'array', items: { type: 'string' } } } },
  'notice/messages.json': { told: { subject: 'Told', text: 'Told' } },
  'notice/scenarios.json': {
    scenarios: [
      {
        name: 'told',
        given: { data: { owner: 'ann', others: ['bob', 'cem'] } },
        steps: [{ event: 'TELL', expect: { effects: [{ type: 'notify', to: ['role:keeper', 'ann', 'bob', 'cem'] }] } }],
      },
    ],
  },
};

describe('a list of recipients', () => {
  it('may mix roles, people and rules that give one or several', () => {
    const rules = { 'policy/roles.json': JSON.stringify({ kind: 'roles', roles: { keeper: { title: 'Keeper' } } }) };
    const checked = checkAll({ processes: Object.fromEntries(Object.entries(notice).map(([name, content]) => [name, JSON.stringify(content)])), rules });
    expect(checked.problems).toEqual([]);
    const [[key, files]] = [...checked.processes] as [[string, Parameters<typeof closeOver>[1]]];
    const program = compileProgram(closeOver(key, files, checked.shared));
    expect(runScenarios(program, { others: new Map([[key, program]]), reference: {} })).toMatchObject([{ passed: true, message: null }]);
  });
});
