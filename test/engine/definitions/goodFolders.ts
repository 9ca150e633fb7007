import type { Json, JsonObject } from '../../../engine/definitions/authored.js';
import { beside, chart, deskRole, type Example } from '../../../engine/definitions/problems/kind.js';
import { closed, form, support } from './goodParts.js';

/** Beside the chart: everything the other files may hold. */
export const goodFolders: { readonly [what: string]: Example } = {
  'a form with fields of every kind': beside({
    'form.json': {
      $schema: '/schemas/form.json',
      $id: 'https://example.org/form',
      title: 'Form',
      description: 'All',
      type: 'object',
      additionalProperties: false,
      required: ['title'],
      'x-charter': { sections: [{ name: 'main', title: 'Main', description: 'First' }] },
      properties: {
        title: {
          type: 'string',
          title: 'Title',
          description: 'Short',
          minLength: 1,
          maxLength: 200,
          pattern: '^\\S.*$',
          examples: ['x'],
          'x-charter': { widget: 'text', section: 'main', placeholder: 'What?', personal: true },
        },
        mail: { type: 'string', format: 'email' },
        page: { type: 'string', format: 'uri' },
        day: { type: 'string', format: 'date' },
        at: { type: 'string', format: 'date-time' },
        hour: { type: 'string', format: 'time' },
        effort: { type: 'string', format: 'duration', 'x-charter': { widget: 'duration', unit: 'h' } },
        price: { type: 'number', minimum: 0, exclusiveMaximum: 1e6, multipleOf: 0.01 },
        count: { type: 'integer', exclusiveMinimum: 0, maximum: 10, default: 1 },
        done: { type: 'boolean', default: false },
        impact: { enum: ['low', 'high', null] },
        urgency: { type: 'string', oneOf: [{ const: 'low', title: 'Low', description: 'Not at all' }, { const: 'high' }] },
        tags: {
          type: 'array',
          items: { type: 'string', maxLength: 20 },
          minItems: 0,
          maxItems: 5,
          uniqueItems: true,
          default: [],
          'x-charter': { widget: 'tags' },
        },
        address: {
          type: 'object',
          properties: { city: { type: 'string' }, zip: { type: 'string', pattern: '^\\d{4}$' } },
          required: ['city'],
          additionalProperties: false,
        },
        secret: { type: 'string', 'x-charter': { confidential: true, readers: ['auditor'] } },
        computed: { type: 'number', readOnly: true },
        caller: { type: 'string', 'x-charter': { reference: { kind: 'user' } } },
        team: { type: 'string', 'x-charter': { reference: { kind: 'team' } } },
        others: { type: 'array', items: { type: 'string' }, 'x-charter': { reference: { kind: 'record', process: 'example' } } },
        why: { type: 'string', 'x-charter': { showWhen: { '===': [{ var: 'record.done' }, true] } } },
      },
    },
  }),
  'a process with everything': chart(
    {
      open: {
        on: {
          APPROVE: {
            actions: { type: 'vote', params: { approval: 'cab', choice: 'approve' } },
            meta: { roles: ['service-desk'], named: ['caller', 'createdBy'] },
          },
          REFUSE: { actions: { type: 'vote', params: { approval: 'cab', choice: 'refuse', as: { var: 'record.caller' } } } },
          'approval.cab.approved': 'closed',
          'approval.cab.refused': 'closed',
          'approval.cab.lapsed': { target: 'open', reenter: true },
          'clock.resolution.warning': {
            actions: {
              type: 'notify',
              params: { to: ['role:service-desk', 'team:desk', { var: 'record.caller' }], message: 'late', by: { var: 'clocks.resolution.dueAt' } },
            },
          },
          'clock.resolution.breached': {},
          'record.comment': {},
          'problem.solved': 'closed',
        },
      },
      closed,
    } as unknown as JsonObject,
    {},
    {
      rules: { ...deskRole, ...support },
      others: { problem: { form: { type: 'object', properties: { title: { type: 'string' } } }, process: { prefix: 'PRB' } } },
      files: {
        'form.json': {
          type: 'object',
          properties: {
            title: { type: 'string' },
            caller: { type: 'string', 'x-charter': { reference: { kind: 'user' } } },
            due: { type: 'string', format: 'date-time' },
            reason: { type: 'string' },
          },
        },
        'messages.json': { late: { subject: '{{record.number}} is late', text: '{{record.title}} is due {{by}}, says {{record.createdBy}}' } },
        'process.json': {
          $schema: '/schemas/process.json',
          key: 'example',
          title: 'Example',
          plural: 'Examples',
          description: 'x',
          group: 'Tests',
          clauses: { 2018: ['8.6.1'], 2011: ['8.1'] },
          owner: 'process-owner',
          prefix: 'EX1',
          create: { roles: ['service-desk'], title: 'New', form: ['title', { field: 'caller', required: true, default: { var: 'actor.id' } }] },
          read: { roles: ['auditor'], named: ['caller'] },
          columns: { title: 'title', requester: 'caller', due: 'due' },
          list: ['number', 'title', 'createdAt'],
          links: { cause: { title: 'Cause', to: ['problem', 'example'], inverse: 'Effect', many: true } },
          clocks: {
            resolution: {
              title: 'Resolution',
              runs: { in: ['open'], when: { present: { var: 'record.title' } } },
              pauses: { in: ['open'], when: { present: { var: 'record.reason' } }, reason: { var: 'record.reason' } },
              stops: { in: ['closed'] },
              target: { business: 'PT4H', calendar: 'support' },
              warnings: [0.5, 0.75],
              onRestart: 'restart',
              restartOn: ['APPROVE', 'problem.solved'],
            },
          },
          approvals: {
            cab: {
              title: 'Board',
              state: 'open',
              binds: ['title'],
              exclude: [{ var: 'record.caller' }],
              standIns: false,
              steps: [
                { name: 'first', title: 'First', voters: { roles: ['service-desk'] }, quorum: 'first' },
                { name: 'most', voters: { users: { var: 'record.caller' } }, quorum: { percent: 66.7 }, when: { present: { var: 'record.title' } } },
                { name: 'two', voters: { roles: ['auditor'] }, quorum: { number: 2 } },
              ],
            },
          },
          schedules: {
            weekly: { title: 'Weekly', cron: '0 6 * * 1', timezone: 'Europe/Vienna', create: { data: { title: 'Review', caller: 'ann' } } },
            other: { cron: '30 5 1,15 jan-jun/2 *', create: { process: 'problem', data: { title: 'x' } } },
          },
          kpis: {
            speed: {
              title: 'Speed',
              description: 'x',
              unit: 'h',
              target: 4,
              direction: 'down',
              measure: { median: { between: [{ var: 'record.createdAt' }, { var: 'record.updatedAt' }] }, of: { in_state: 'closed' } },
            },
          },
          evidence: [
            {
              clause: { 2018: '8.6.1', 2011: '8.1' },
              title: 'Examples',
              fields: ['title', 'caller'],
              when: { in_state: 'closed' },
              dated: 'due',
              every: 'P6M',
            },
            { clause: { 2018: '9.1' }, title: 'Any example' },
          ],
          comments: { roles: ['service-desk'], internal: ['service-desk'] },
        },
        'scenarios.json': {
          scenarios: [
            {
              name: 'one',
              description: 'x',
              given: {
                at: '2026-03-02T09:00:00+01:00',
                users: { ann: { roles: ['service-desk'], teams: ['desk'], standIn: 'bob', absent: true }, bob: {} },
                records: { p1: { process: 'problem', data: { title: 'x' } } },
                as: 'ann',
                data: { title: 'x', caller: 'ann' },
              },
              steps: [
                { expect: { state: ['open'], status: 'active' } },
                { as: 'bob', event: 'APPROVE', expect: { refused: { code: 'VOTE_REFUSED' } } },
                {
                  wait: 'PT4H',
                  expect: {
                    clocks: { resolution: { status: 'running', breached: true, elapsed: 'PT4H', remaining: 'PT0S', dueAt: '2026-03-02T12:00:00Z' } },
                    votes: { cab: { status: 'open' } },
                    effects: [{ type: 'notify' }],
                  },
                },
                { comment: 'Hello' },
                { signal: 'problem.solved', data: {}, expect: { state: 'closed', status: 'done', fields: { title: 'x' } } },
              ],
            },
          ],
          invariants: [{ name: 'never closed unseen', rule: { or: [{ '!': { in_state: 'closed' } }, { visited: 'open' }] } }],
        },
        'migration.json': {
          from: ['a'.repeat(64)],
          states: { waiting: 'open' },
          fields: { title: { if: [{ present: { var: 'record.title' } }, { var: 'record.title' }, 'Without title'] } },
          clocks: { resolution: 'carry' },
          timers: 'restart',
          votes: 'lapse',
        },
      } as unknown as Example['files'],
    },
  ),
  'a guard that reads what its event brings': chart(
    {
      open: {
        on: {
          CLOSE: [
            {
              target: 'closed',
              guard: 'many',
              meta: {
                form: [
                  { field: 'count', required: true },
                  { field: 'note', required: false, default: 'x' },
                ],
              },
            },
            { target: 'closed' },
          ],
        },
      },
      closed,
    },
    {},
    { files: { 'form.json': form as Json, 'rules.json': { guards: { many: { '>': [{ var: 'event.count' }, 3] } } } } },
  ),
};
