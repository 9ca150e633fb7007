/** Problems of process.json. */
import { beside, chart, type ProblemKind, simple } from './kind.js';

const form = { 'form.json': { type: 'object', properties: { title: { type: 'string' }, amount: { type: 'number' }, by: { type: 'string' } } } };
const clock = (more: object, extra: object = {}) =>
  beside({ 'process.json': { clocks: { resolution: { runs: { in: ['open'] }, target: 'PT4H', ...more } }, ...extra } as never });
const schedule = (more: object, files: object = {}) =>
  beside({
    ...form,
    ...files,
    'process.json': {
      create: { form: [{ field: 'title', required: true }] },
      schedules: { weekly: { cron: '0 6 * * 1', create: { data: { title: 'Review' } }, ...more } },
    } as never,
  });
const figure = (more: object) => beside({ ...form, 'process.json': { kpis: { total: { title: 'Total', ...more } } } as never });
const evidence = (more: object) => beside({ ...form, 'process.json': { evidence: [{ clause: { '2018': '9.2' }, title: 'Audits', ...more }] } as never });
const measuring = (kpis: string[]) =>
  chart(
    {
      open: { on: { CLOSE: { target: 'closed', actions: { type: 'measure', params: { kpis, to: { var: 'now' } } } }, 'record.measured': {} } },
      closed: { type: 'final' },
    },
    {},
    { files: { 'process.json': { kpis: { total: { title: 'Total', measure: { count: { in_state: 'closed' } } } } } } },
  );

export const processProblems = {
  PREFIX_INVALID: {
    severity: 'error',
    message: '{prefix} can not be the prefix of numbers.',
    remedy: 'Use 1 to 10 capitals and digits, beginning with a letter.',
    bad: beside({ 'process.json': { prefix: 'inc-' } }),
    good: beside({ 'process.json': { prefix: 'INC' } }),
  },
  PREFIX_TAKEN: {
    severity: 'error',
    message: 'The prefix {prefix} is also that of {other}; numbers would not be unique.',
    remedy: 'Choose another prefix.',
    bad: beside({ 'process.json': { prefix: 'INC' } }, { others: { ticket: { process: { prefix: 'INC' } } } }),
    good: beside({ 'process.json': { prefix: 'EX' } }, { others: { ticket: { process: { prefix: 'INC' } } } }),
  },
  COLUMN_TYPE: {
    severity: 'error',
    message: 'The column {column} can not hold the field {field}: {reason}.',
    remedy: 'Name a field of a fitting type.',
    bad: beside({ ...form, 'process.json': { columns: { due: 'amount' } } }),
    good: beside({ ...form, 'process.json': { columns: { title: 'title' } } }),
  },
  COLUMN_REFERENCE: {
    severity: 'warning',
    message: 'The column {column} shows a {kind}, but the field {field} is no reference to one.',
    remedy: 'Give the field `x-charter.reference` of the kind {kind}.',
    bad: beside({ ...form, 'process.json': { columns: { assignee: 'by' } } }),
    good: beside({
      'form.json': { type: 'object', properties: { by: { type: 'string', 'x-charter': { reference: { kind: 'user' } } } } },
      'process.json': { columns: { assignee: 'by' } },
    }),
  },
  CLOCK_WARNING: {
    severity: 'error',
    message: 'The warning {found} is not between 0 and 1; the breach at 1 comes by itself.',
    remedy: 'Write fractions of the target, such as 0.75.',
    bad: clock({ warnings: [1.5] }),
    good: clock({ warnings: [0.5, 0.75] }),
  },
  CLOCK_NEVER_RUNS: {
    severity: 'warning',
    message: 'The clock {clock} never runs: it stops or pauses in every state in which it would.',
    remedy: 'Take states out of `stops` or `pauses`, or give them a rule.',
    bad: clock({ stops: { in: ['open'] } }),
    good: clock({ stops: { in: ['closed'] } }),
  },
  CRON_INVALID: {
    severity: 'error',
    message: '{cron} says no times: {reason}.',
    remedy: 'Write five fields: minute, hour, day of month, month, day of week, for example "0 6 * * 1".',
    bad: schedule({ cron: '61 6 * * 1' }),
    good: schedule({ cron: '*/15 6-18 1,15 * mon-fri' }),
  },
  ZONE_UNKNOWN: {
    severity: 'error',
    message: '{zone} is no time zone.',
    remedy: 'Write an IANA name such as Europe/Vienna or UTC.',
    bad: schedule({ timezone: 'Vienna' }),
    good: schedule({ timezone: 'Europe/Vienna' }),
  },
  KPI_MEASURE: {
    severity: 'error',
    message: 'The figure {kpi} must say exactly one of percent, count, median, average and sum; it says {found}.',
    remedy: 'Keep one of them, with `of` beside it for the records it looks at.',
    bad: figure({ measure: { of: { in_state: 'open' } } }),
    good: figure({ measure: { sum: { var: 'record.amount' }, of: { present: { var: 'record.amount' } } } }),
  },
  KPI_UNKNOWN: {
    severity: 'warning',
    message: 'There is no figure {name}; its value would stay empty.{suggestion}',
    remedy: 'Name a figure under `kpis` of a process, as <process>.<figure>.',
    bad: measuring(['example.totl']),
    good: measuring(['example.total']),
  },
  EVIDENCE_TERM: {
    severity: 'error',
    message: '{found} says no time after which evidence would be overdue.',
    remedy: 'Write an ISO 8601 duration such as "P1Y" or "P3M".',
    bad: evidence({ every: 'yearly' }),
    good: evidence({ fields: ['title'], when: { in_state: 'closed' }, every: 'P1Y' }),
  },
  EVIDENCE_DATED: {
    severity: 'error',
    message: 'The field {field} can not say when something was proven: it is neither a date nor an instant.',
    remedy: 'Name a field of the format date or date-time, or leave `dated` out: then the day counts on which the record was opened.',
    bad: evidence({ dated: 'amount' }),
    good: beside({
      'form.json': { type: 'object', properties: { reviewedOn: { type: 'string', format: 'date' } } },
      'process.json': { evidence: [{ clause: { '2018': '9.2' }, title: 'Audits', dated: 'reviewedOn', every: 'P1Y' }] },
    }),
  },
  CREATION_INCOMPLETE: {
    severity: 'warning',
    message: 'People who open a record of {process} must give {field}, but it is not given here.',
    remedy: 'Add {field}.',
    bad: schedule({ create: { data: { amount: 5 } } }),
    good: schedule({}),
  },
  LIST_EMPTY: {
    severity: 'warning',
    message: '{what} is an empty list, so {effect}.',
    remedy: 'Name somebody, or remove the key: then it is open to whoever may see the record.',
    bad: beside({ 'process.json': { create: { roles: [] } } }),
    good: simple,
  },
} as const satisfies Record<string, ProblemKind>;
