/** Problems of approvals. */
import { chart, type ProblemKind } from './kind.js';

const closed = { type: 'final' };
const vote = (choice: string) => ({ actions: { type: 'vote', params: { approval: 'cab', choice } } });
const handled = { 'approval.cab.approved': 'closed', 'approval.cab.refused': 'closed', 'approval.cab.lapsed': { target: 'open', reenter: true } };
const step = { name: 'board', voters: { roles: ['auditor'] }, quorum: 'all' };
const approval = { state: 'open', binds: ['title'], steps: [step] };
const form = { 'form.json': { type: 'object', properties: { title: { type: 'string' } } } };
const example = (on: object, more: object = {}) =>
  chart(
    { open: { on: { APPROVE: vote('approve'), REFUSE: vote('refuse'), ...on } }, closed } as never,
    {},
    { files: { ...form, 'process.json': { approvals: { cab: { ...approval, ...more } } } as never } },
  );

export const approvalProblems = {
  APPROVAL_UNKNOWN: {
    severity: 'error',
    message: 'process.json has no approval {name}.{suggestion}',
    remedy: 'Declare it under `approvals` of process.json, or name one that is there.',
    bad: chart({ open: { on: { CLOSE: 'closed', APPROVE: vote('approve') } }, closed } as never),
    good: example(handled),
  },
  APPROVAL_LAPSE_UNHANDLED: {
    severity: 'error',
    message: 'When what was approved changes, nothing handles {event} while the record is in {state}.',
    remedy: 'Add a transition for {event} to {state} or a state around it; with `reenter` a new attempt begins.',
    bad: example({ 'approval.cab.approved': 'closed', 'approval.cab.refused': 'closed' }),
    good: example(handled),
  },
  APPROVAL_OUTCOME_UNHANDLED: {
    severity: 'warning',
    message: 'Nothing handles {event} while the record is in {state}.',
    remedy: 'Add a transition for {event} to {state} or a state around it.',
    bad: example({ 'approval.cab.approved': 'closed', 'approval.cab.lapsed': { target: 'open', reenter: true } }),
    good: example(handled),
  },
  APPROVAL_NO_VOTE: {
    severity: 'warning',
    message: 'No transition votes in the approval {approval}, so nobody can.',
    remedy: 'Add transitions to {state} whose actions are `vote` with the choices approve and refuse.',
    bad: chart(
      { open: { on: { CLOSE: 'closed', ...handled } }, closed } as never,
      {},
      { files: { ...form, 'process.json': { approvals: { cab: approval } } as never } },
    ),
    good: example(handled),
  },
  APPROVAL_STEP_DUPLICATE: {
    severity: 'error',
    message: 'The approval has two steps named {name}.',
    remedy: 'Give each step a name of its own.',
    bad: example(handled, { steps: [step, step] }),
    good: example(handled, { steps: [step, { ...step, name: 'owner' }] }),
  },
  APPROVAL_NO_VOTERS: {
    severity: 'error',
    message: 'The step {name} has no voters.',
    remedy: 'Name roles, teams or users.',
    bad: example(handled, { steps: [{ ...step, voters: { roles: [] } }] }),
    good: example(handled),
  },
} as const satisfies Record<string, ProblemKind>;
