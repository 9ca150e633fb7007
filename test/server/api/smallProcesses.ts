/** Small processes that show every kind of answer: refusals of each sort, timers, clocks, signals, secrets. */

const form = (properties: Record<string, unknown>) => ({ type: 'object', properties });

const ticket = {
  'statechart.json': {
    id: 'ticket',
    initial: 'open',
    states: {
      open: {
        initial: 'new',
        states: {
          new: {
            on: {
              TAKE: { target: 'working', meta: { title: 'Take', roles: ['agent'], form: [{ field: 'assignee', required: true }] } },
            },
          },
          working: { on: { WAIT: 'waiting' }, after: { patience: { target: 'waiting' } } },
          waiting: { on: { 'helper.answered': 'working', RESUME: 'working' } },
        },
        on: {
          NOTE: { meta: { form: ['summary', 'cost', 'effort'] } },
          CLOSE: { target: 'closed', guard: 'cheap', meta: { title: 'Close', roles: ['agent', 'boss'], form: ['effort'] } },
          ESCALATE: { target: 'closed', guard: 'hasEffort', meta: { form: ['effort'] } },
          'clock.answer.breached': { actions: { type: 'set', params: { late: true } } },
        },
      },
      closed: { on: { ARCHIVE: 'archived' } },
      archived: { type: 'final' },
    },
  },
  'process.json': {
    key: 'ticket',
    title: 'Ticket',
    prefix: 'TCK',
    create: { form: [{ field: 'summary', required: true }, 'cost'] },
    columns: { title: 'summary', assignee: 'assignee' },
    links: {
      related: { title: 'Related to', to: ['ticket', 'helper'], inverse: 'Related to', many: true },
      helps: { title: 'Helped by', to: ['helper'], many: true },
    },
    clocks: { answer: { title: 'Answer', runs: { in: ['open'] }, stops: { in: ['closed'] }, target: 'PT4H', warnings: [0.5] } },
  },
  'rules.json': {
    guards: { cheap: { '<': [{ var: ['record.cost', 0] }, 100] }, hasEffort: { '>': [{ var: ['record.effort', 0] }, 3] } },
    checks: { known: { rule: { '!==': [{ var: ['record.summary', ''] }, 'forbidden'] }, field: 'summary', message: 'This word is not possible.' } },
    delays: { patience: 'PT1H' },
  },
  'form.json': form({
    summary: { type: 'string', title: 'Summary', maxLength: 200 },
    cost: { type: 'number', title: 'Cost', minimum: 0 },
    effort: { type: 'integer', title: 'Effort' },
    late: { type: 'boolean', title: 'Late', readOnly: true },
    assignee: { type: 'string', title: 'Assignee', 'x-charter': { reference: { kind: 'user' } } },
  }),
};

/** Known to its boss only, and to the one who made a record. */
const secret = {
  'statechart.json': { id: 'secret', initial: 'kept', states: { kept: { on: { TELL: { target: 'told' } } }, told: { type: 'final' } } },
  'process.json': { key: 'secret', title: 'Secret', prefix: 'SEC', create: { roles: ['boss'] }, read: { roles: ['boss'] } },
  'form.json': form({ what: { type: 'string', title: 'What' } }),
};

/** Answers its ticket two hours after it was made, if nobody did before. */
const helper = {
  'statechart.json': {
    id: 'helper',
    initial: 'asked',
    states: {
      asked: { on: { ANSWER: { target: 'done', actions: 'tell' } }, after: { patience: { target: 'done', actions: 'tell' } } },
      done: { type: 'final' },
    },
  },
  'rules.json': { delays: { patience: 'PT2H' }, actions: { tell: [{ type: 'signal', params: { event: 'answered', to: { var: 'record.ticket' } } }] } },
  'process.json': { key: 'helper', title: 'Helper', prefix: 'HLP', create: { form: [{ field: 'ticket', required: true }] } },
  'form.json': form({ ticket: { type: 'string', title: 'Ticket', 'x-charter': { reference: { kind: 'record', process: 'ticket' } } } }),
};

export const smallProcesses = { ticket, helper, secret };

export const smallRules = {
  'policy/roles.json': { kind: 'roles', roles: { agent: { title: 'Agent' }, boss: { title: 'Boss' } } },
};
