/** Two small processes: `job`, whose figures and evidence are asked for, and `report`, which measures them. */
import type { JsonObject } from '../../../engine/definitions/authored.js';

const instant = { type: 'string', format: 'date-time' };

export const job: { readonly [file: string]: JsonObject } = {
  'statechart.json': {
    id: 'job',
    initial: 'open',
    states: {
      open: { on: { EDIT: { meta: { form: ['hours', 'note', 'doneAt', 'secret'] } }, CLOSE: 'closed', DROP: 'dropped' } },
      closed: {},
      dropped: { type: 'final' },
    },
  },
  'form.json': {
    type: 'object',
    properties: {
      title: { type: 'string' },
      hours: { type: 'number' },
      note: { type: 'string' },
      doneAt: instant,
      secret: { type: 'boolean', 'x-charter': { confidential: true, readers: ['chief'] } },
    },
  },
  'process.json': {
    key: 'job',
    title: 'Job',
    plural: 'Jobs',
    clauses: { 2018: ['8.6.1'], 2011: ['8.1'] },
    create: { form: ['title', 'hours', 'note', 'secret'] },
    read: { roles: ['chief', 'clerk'], named: ['createdBy'] },
    links: { parts: { title: 'Parts', to: ['job'], many: true }, wholes: { title: 'Part of', reverse: 'parts', to: ['job'] } },
    clocks: { work: { runs: { in: ['open'] }, stops: { in: ['closed', 'dropped'] }, target: 'P2D' } },
    kpis: {
      inTime: {
        title: 'In time',
        description: 'Closed within two days.',
        unit: '%',
        target: 75,
        measure: { percent: { '>=': [{ var: ['clocks.work.remaining', 0] }, 0] }, of: { in_state: 'closed' } },
      },
      dropped: { title: 'Dropped', target: 1, direction: 'down', measure: { count: { in_state: 'dropped' } } },
      middle: { title: 'Middle hours', unit: 'h', target: 4, direction: 'down', measure: { median: { var: ['record.hours', null] } } },
      mean: { title: 'Mean hours', unit: 'h', measure: { average: { var: ['record.hours', null] }, of: { in_state: 'closed' } } },
      total: { title: 'Hours', unit: 'h', measure: { sum: { var: ['record.hours', null] } } },
      parts: { title: 'Jobs that are parts', measure: { count: { '>': [{ var: 'links.wholes.count' }, 0] } } },
      secret: { title: 'Secret ones', measure: { count: { '===': [{ var: ['record.secret', false] }, true] } } },
    },
    evidence: [
      { clause: { 2018: '8.6.1', 2011: '8.1' }, title: 'Jobs done', fields: ['title', 'note'], when: { in_state: 'closed' }, every: 'P1M' },
      { clause: { 2018: '9.1' }, title: 'Jobs' },
      { clause: { 2018: '9.2' }, title: 'Jobs dropped', when: { in_state: 'dropped' }, every: 'P1Y' },
    ],
  },
};

export const report: { readonly [file: string]: JsonObject } = {
  'statechart.json': {
    id: 'report',
    initial: 'draft',
    states: {
      draft: {
        on: {
          MEASURE: {
            actions: {
              type: 'measure',
              params: { kpis: ['job.total', 'job.inTime', 'job.none', 'nobody.any'], from: { var: ['record.from', null] }, to: { var: ['record.to', null] } },
            },
          },
          'record.measured': { target: 'ready', actions: { type: 'set', params: { figures: { var: 'event.figures' } } } },
          LOOP: 'looping',
          ABANDON: { target: 'gone', actions: { type: 'measure', params: { kpis: ['job.total'] } } },
        },
      },
      looping: { entry: { type: 'measure', params: { kpis: ['job.total'] } }, on: { 'record.measured': { target: 'looping', reenter: true } } },
      ready: { on: { AGAIN: { actions: { type: 'measure', params: { kpis: ['job.total'] } } } } },
      gone: { type: 'final' },
    },
  },
  'form.json': {
    type: 'object',
    properties: {
      from: { type: 'string', format: 'date' },
      to: { type: 'string', format: 'date' },
      figures: {
        type: 'array',
        readOnly: true,
        items: { type: 'object', properties: { process: { type: 'string' }, kpi: { type: 'string' }, value: { type: 'number' } } },
      },
    },
  },
};
