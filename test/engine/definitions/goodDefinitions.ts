/** Good definitions that use everything the format allows. */
import type { Json, JsonObject } from '../../../engine/definitions/authored.js';
import { beside, chart, deskRole, type Example } from '../../../engine/definitions/problems/kind.js';

const closed = { type: 'final' };
const rules = {
  guards: { urgent: { '===': [{ var: 'record.urgent' }, true] }, calm: { '!==': [{ var: 'record.urgent' }, true] } },
  delays: {
    soon: 'PT4H',
    late: { until: { var: 'record.resumeAt' } },
    counted: { rule: { if: [{ '===': [{ var: 'record.urgent' }, true] }, 'PT1H', 'P1D'] } },
    working: { business: 'PT8H', calendar: 'support' },
  },
  actions: {
    mark: [{ type: 'set', params: { urgent: true } }],
    both: ['mark', { type: 'webhook', params: { target: 'status-page', body: { a: [1, { var: 'record.urgent' }] } } }],
  },
};
const form = {
  type: 'object',
  properties: {
    urgent: { type: 'boolean' },
    note: { type: 'string', maxLength: 200 },
    resumeAt: { type: 'string', format: 'date-time' },
    count: { type: 'integer', minimum: 0, default: 0 },
  },
};
const support = {
  'reference/support.json': {
    kind: 'calendar',
    zone: 'Europe/Vienna',
    week: {
      mon: [
        { from: '08:00', to: '12:00' },
        { from: '13:00', to: '17:00' },
      ],
      fri: [{ from: '08:00', to: '24:00' }],
    },
    holidays: [{ date: '2026-12-25' }, { date: '2026-12-24', open: [{ from: '08:00', to: '12:00' }] }],
  },
};
const withAll = { files: { 'rules.json': rules as Json, 'form.json': form as Json }, rules: support };

/** Charts that use everything statecharts have a lasting meaning for. */
export const goodCharts: { readonly [what: string]: Example } = {
  'the smallest chart': { files: { 'statechart.json': { initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed } } } },
  'a chart without an end': chart({ on: { on: { OFF: 'off' } }, off: { on: { ON: 'on' } } }),
  'nested states three deep': chart({
    a: {
      initial: 'b',
      on: { CLOSE: 'closed' },
      states: { b: { initial: 'c', states: { c: { on: { NEXT: 'd' } }, d: { on: { UP: '#top' } } } }, e: { id: 'top', on: { DOWN: 'b.d' } } },
    },
    closed,
  } as unknown as JsonObject),
  'targets of every kind': chart({
    a: { initial: 'x', on: { CHILD: '.y', SELF: 'a', DEEP: 'b.q', ID: '#example.b.q', CLOSE: 'closed' }, states: { x: {}, y: { id: 'why' } } },
    b: { initial: 'p', on: { BACK: '#why', CLOSE: { target: 'closed' } }, states: { p: { on: { Q: { target: 'q' } } }, q: {} } },
    closed,
  }),
  'parallel regions that end together': chart({
    work: {
      type: 'parallel',
      onDone: 'closed',
      states: {
        build: { initial: 'doing', states: { doing: { on: { BUILT: 'done' } }, done: { type: 'final' } } },
        test: { initial: 'doing', states: { doing: { on: { TESTED: 'done' } }, done: { type: 'final' } } },
      },
    },
    closed,
  }),
  'a parallel chart': {
    files: {
      'statechart.json': {
        id: 'example',
        type: 'parallel',
        states: {
          work: { initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed } },
          major: { initial: 'no', states: { no: { on: { DECLARE: 'yes' } }, yes: { on: { STAND_DOWN: 'no' } } } },
        },
      },
    },
  },
  'several targets in different regions': chart({
    idle: { on: { GO: { target: ['#b', '#d'] }, CLOSE: 'closed' } },
    work: {
      type: 'parallel',
      on: { CLOSE: 'closed' },
      states: {
        one: { initial: 'a', states: { a: { on: { B: 'b' } }, b: { id: 'b' } } },
        two: { initial: 'c', states: { c: { on: { D: 'd' } }, d: { id: 'd' } } },
      },
    },
    closed,
  }),
  'shallow and deep history, with and without a target': chart({
    active: {
      initial: 'one',
      on: { HOLD: 'held', CLOSE: 'closed' },
      states: {
        one: { on: { NEXT: 'two' } },
        two: { initial: 'x', states: { x: { on: { Y: 'y' } }, y: {} } },
        shallow: { type: 'history' },
        deep: { type: 'history', history: 'deep', target: 'two' },
        old: { history: true },
      },
    },
    held: { on: { RESUME: 'active.shallow', RESUME_DEEP: 'active.deep', RESUME_OLD: '#example.active.old' } },
    closed,
  }),
  'an initial history state with a target': chart({
    active: {
      initial: 'back',
      on: { HOLD: 'held', CLOSE: 'closed' },
      states: { back: { type: 'history', target: 'one' }, one: { on: { NEXT: 'two' } }, two: {} },
    },
    held: { on: { RESUME: 'active' } },
    closed,
  }),
  'always with guards that exclude each other': chart(
    {
      sort: { always: [{ target: 'fast', guard: 'urgent' }, { target: 'slow' }] },
      fast: { on: { CLOSE: 'closed' } },
      slow: { on: { CLOSE: 'closed', HURRY: { target: 'sort', actions: { type: 'set', params: { urgent: true } } } } },
      closed,
    },
    {},
    withAll,
  ),
  'a loop that an action ends': chart(
    {
      a: { always: { target: 'b', guard: 'urgent' }, on: { CLOSE: 'closed' } },
      b: { always: { target: 'a', guard: 'urgent', actions: { type: 'set', params: { urgent: false } } }, on: { CLOSE: 'closed' } },
      closed,
    },
    {},
    withAll,
  ),
  'an automatic step that asks for the state': chart(
    { a: { on: { CLOSE: 'closed' } }, b: { on: { CLOSE: 'closed' } }, closed },
    { always: { target: '.b', guard: 'notYet' } },
    {
      files: {
        'rules.json': { guards: { notYet: { and: [{ '===': [{ var: 'record.urgent' }, true] }, { '!': { in_state: 'b' } }] } } },
        'form.json': form as Json,
      },
    },
  ),
  'after: names, milliseconds, weeks of them': chart(
    {
      open: {
        on: { CLOSE: 'closed' },
        after: {
          soon: { actions: 'mark' },
          late: 'closed',
          counted: { target: 'open', reenter: true },
          working: [{ target: 'closed', guard: 'urgent' }, { actions: 'both' }],
          2592000000: 'closed',
          0: { guard: 'urgent', target: 'closed' },
        },
      },
      closed,
    } as unknown as JsonObject,
    {},
    withAll,
  ),
  'onDone of a compound state': chart(
    {
      work: {
        initial: 'doing',
        onDone: [{ target: 'closed', guard: 'calm' }, { target: 'review' }],
        states: { doing: { on: { END: 'ended' } }, ended: { type: 'final', output: { well: true } } },
      },
      review: { on: { CLOSE: 'closed' } },
      closed,
    },
    {},
    withAll,
  ),
  'entry, exit and transition actions': chart(
    {
      open: {
        entry: ['mark', { type: 'webhook', params: { target: 'status-page' } }],
        exit: 'both',
        on: { CLOSE: { target: 'closed', actions: ['mark', { type: 'set', params: { note: { cat: ['by ', { var: 'actor.id' }] }, count: 3 } }] } },
      },
      closed: { type: 'final', entry: 'mark' },
    },
    {},
    withAll,
  ),
  'reenter and self-transitions': chart({
    open: { on: { AGAIN: { target: 'open', reenter: true }, STAY: 'open', NOTE: { reenter: false }, CLOSE: 'closed' } },
    closed,
  }),
  'raise and cancel': chart(
    {
      open: {
        entry: [
          { type: 'raise', params: { event: 'CHECK', data: { note: 'x' } } },
          { type: 'raise', params: { event: 'REMIND', delay: 'P1D', id: 'reminder' } },
          { type: 'raise', params: { event: 'REMIND', delay: { if: [{ var: 'record.urgent' }, 'PT1H', 60000] } } },
        ],
        exit: { type: 'cancel', params: { id: 'reminder' } },
        on: { CHECK: { guard: 'urgent', target: 'closed' }, REMIND: { actions: 'mark' }, CLOSE: 'closed' },
      },
      closed,
    } as unknown as JsonObject,
    {},
    withAll,
  ),
  'final states with output': chart(
    { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final', output: { code: 1 } } },
    { output: { result: ['any', 'json'] } },
  ),
  'events that are forbidden inside': chart({
    open: { initial: 'a', on: { CLOSE: 'closed' }, states: { a: { on: { NEXT: 'b' } }, b: { on: { CLOSE: {}, BACK: 'a', OTHER: [] } } } },
    closed,
  }),
  'descriptions, tags, versions and meta of other tools': chart(
    {
      open: {
        id: 'start',
        description: 'New',
        tags: ['new', 'open'],
        meta: { title: 'New', description: 'Just made', '@statelyai.color': 'blue', anything: { else: 1 } },
        on: {
          CLOSE: {
            target: 'closed',
            description: 'The end',
            meta: { title: 'Close', help: 'Ends it.', emphasis: 'danger', '@statelyai.note': 1, 'x-own': true },
          },
        },
      },
      closed: { type: 'final', tags: 'end' },
    },
    { $schema: '/schemas/statechart.json', version: '1.2.0', description: 'All', types: { events: {} }, context: {} } as unknown as JsonObject,
  ),
  'as Stately exports it': chart(
    {
      'Waiting for user': {
        entry: [{ type: 'mark' }],
        exit: [],
        on: {
          'submit form': [
            { target: 'closed', guard: { type: 'urgent', params: {} }, actions: [{ type: 'mark', params: {} }], reenter: false, meta: {} },
            { target: '#example.Waiting for user', actions: [], description: 'Otherwise' },
          ],
        },
        after: { 1000: [{ target: 'closed', actions: [] }] },
        tags: [],
        meta: {},
      },
      closed,
    } as unknown as JsonObject,
    {},
    withAll,
  ),
  'keys in other scripts': chart({ Geöffnet: { on: { SCHLIESSEN: '処理済み' } }, 処理済み: { type: 'final' } } as unknown as JsonObject),
};

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
