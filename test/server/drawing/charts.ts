/** Charts for the tests of drawings and sentences: one with everything a chart can have, one large. */
import type { ProcessFiles, StateSpec } from '../../../engine/index.js';

export const incident: ProcessFiles = {
  'statechart.json': {
    id: 'incident',
    initial: 'new',
    states: {
      new: {
        meta: { title: 'New' },
        description: 'Reported, nobody works on it yet',
        on: {
          ASSIGN: {
            target: 'active',
            guard: 'hasAssignee',
            meta: { title: 'Assign', roles: ['service-desk'], form: ['team', { field: 'assignee', required: true }] },
          },
          EDIT: { meta: { title: 'Edit', form: ['description', 'impact', 'urgency'] } },
        },
        after: { responseTarget: { actions: 'escalate' } },
      },
      active: {
        type: 'parallel',
        meta: { title: 'In progress' },
        states: {
          work: {
            initial: 'working',
            meta: { title: 'Work' },
            states: {
              working: {
                on: {
                  HOLD: [
                    { target: 'waiting', guard: 'isUserWait', meta: { title: 'Wait', form: ['holdReason'] } },
                    { target: 'vendor', meta: { title: 'Wait for vendor', form: ['holdReason'] } },
                  ],
                  RESOLVE: { target: '#incident.resolved', meta: { title: 'Resolve', form: ['resolutionCode', 'resolution'], emphasis: 'primary' } },
                  NOTE: { meta: { title: 'Add work note' } },
                },
              },
              waiting: {
                meta: { title: 'Waiting for user' },
                on: { RESUME: 'working', 'record.comment': { target: 'working', guard: 'byRequester' } },
                after: { userSilence: '#incident.resolved' },
              },
              vendor: { meta: { title: 'Waiting for vendor' }, on: { RESUME: 'back' } },
              back: { type: 'history', history: 'shallow', target: 'working' },
            },
          },
          major: {
            initial: 'normal',
            meta: { title: 'Major incident' },
            states: {
              normal: { on: { DECLARE_MAJOR: { target: 'declared', guard: 'isCritical', meta: { title: 'Declare major', roles: ['incident-manager'] } } } },
              declared: {
                meta: { title: 'Major' },
                on: { STAND_DOWN: { target: 'reviewed', meta: { title: 'Stand down' } } },
                after: { 3600000: { actions: 'informManagement' } },
              },
              reviewed: { type: 'final' },
            },
          },
        },
        on: {
          REASSIGN: { target: '.work.working', meta: { title: 'Reassign' } },
          'clock.resolution.breached': { actions: 'escalate' },
          CANCEL: { target: 'cancelled', meta: { title: 'Cancel', emphasis: 'danger' } },
        },
      },
      resolved: {
        meta: { title: 'Resolved' },
        on: { REOPEN: { target: 'active', meta: { title: 'Reopen' } }, CONFIRM: { target: 'closed', meta: { title: 'Confirm' } } },
        after: { confirmationTerm: 'closed' },
      },
      closed: { type: 'final', meta: { title: 'Closed' } },
      cancelled: { type: 'final', meta: { title: 'Cancelled' } },
    },
    on: { WATCH: { meta: { title: 'Watch' } }, CANCEL: { target: '.cancelled', meta: { title: 'Cancel' } } },
  },
  'rules.json': {
    guards: {
      hasAssignee: { present: { var: 'event.assignee' } },
      isUserWait: { '==': [{ var: 'event.holdReason' }, 'user'] },
      byRequester: { var: 'event.byRequester' },
      isCritical: { '==': [{ var: 'record.impact' }, '1'] },
    },
    delays: { responseTarget: { business: 'PT4H', calendar: 'support' }, userSilence: 'P5D', confirmationTerm: 'P7D' },
    actions: {
      escalate: [{ type: 'notify', params: { to: 'role:incident-manager', message: 'escalated' } }],
      informManagement: [{ type: 'notify', params: { to: 'role:management', message: 'major' } }],
    },
    descriptions: { hasAssignee: 'Somebody is named to work on it', isUserWait: 'The reason is the user', byRequester: 'The requester wrote it' },
  },
  'form.json': {
    type: 'object',
    properties: {
      description: { type: 'string', title: 'Description' },
      impact: { type: 'string', title: 'Impact' },
      urgency: { type: 'string', title: 'Urgency' },
      team: { type: 'string', title: 'Team' },
      assignee: { type: 'string', title: 'Assignee' },
      holdReason: { type: 'string', title: 'Reason for waiting' },
      resolutionCode: { type: 'string', title: 'Resolution code' },
      resolution: { type: 'string', title: 'Resolution' },
    },
  },
  'messages.json': { escalated: { subject: 'Escalated', text: 'It is late.' }, major: { subject: 'Major', text: 'A major incident runs.' } },
  'process.json': {
    title: 'Incident',
    description: 'Restore service as fast as possible.',
    create: { roles: ['service-desk', 'employee'], form: [{ field: 'description', required: true }] },
    clocks: {
      resolution: {
        title: 'Time to resolve',
        runs: { in: ['new', 'active'] },
        pauses: { in: ['active.work.waiting'] },
        stops: { in: ['resolved', 'closed'] },
        target: { business: 'PT8H', calendar: 'support' },
        warnings: [0.75],
      },
    },
  },
};

/** A chart of `count` states in a few containers, each leading to the next and some back. */
export function large(count: number): ProcessFiles {
  const states: { [key: string]: StateSpec } = {};
  const groups = Math.ceil(count / 7);
  for (let group = 0; group < groups; group += 1) {
    const inner: { [key: string]: StateSpec } = {};
    for (let index = 0; index < 6; index += 1) {
      inner[`step${index}`] = { on: { NEXT: index < 5 ? `step${index + 1}` : `#g${(group + 1) % groups}`, BACK: { target: `step${Math.max(0, index - 1)}` } } };
    }
    states[`phase${group}`] = { id: `g${group}`, initial: 'step0', states: inner, on: { SKIP: { target: `#g${(group + 2) % groups}`, guard: 'maySkip' } } };
  }
  return { 'statechart.json': { id: 'large', initial: 'phase0', states } };
}
