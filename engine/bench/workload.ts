/**
 * The process that `charter bench` runs: what a human workflow does at most at each step. Six events in a ring, a guard on
 * each, about 1 KB of data, timers armed and cancelled, two clocks on a calendar, computed values, a check, a message.
 */
import type { JsonObject, ProcessFiles, SharedRules } from '../definitions/authored.js';

const guard = (field: string) => ({ and: [{ present: { var: `record.${field}` } }, { '!==': [{ var: 'record.priority' }, 'none'] }] });
const form = [{ field: 'note', required: true }, 'effort'];
const step = (target: string, name: string, actions: readonly string[] = []) => ({
  target,
  guard: name,
  ...(actions.length ? { actions } : {}),
  meta: { title: target, roles: ['agent'], form },
});

const files: ProcessFiles = {
  'statechart.json': {
    id: 'bench',
    initial: 'new',
    states: {
      new: { on: { START: step('working', 'described') }, after: { reminder: { actions: 'remind' } } },
      working: { on: { HOLD: step('waiting', 'described'), RESOLVE: step('resolved', 'described', ['tell']) }, after: { reminder: { actions: 'remind' } } },
      waiting: { on: { RESUME: step('working', 'described') }, after: { reminder: { target: 'working' } } },
      resolved: { on: { REOPEN: step('checked', 'described') }, after: { closing: { target: 'closed' } } },
      checked: { on: { CONFIRM: step('new', 'described') } },
      closed: { type: 'final' },
    },
  },
  'rules.json': {
    guards: { described: guard('description') },
    values: { priority: { if: [{ '===': [{ var: 'record.impact' }, 'high'] }, 'one', 'two'] } },
    checks: { effortIsSmall: { rule: { '<=': [{ var: ['record.effort', 0] }, 1000] }, message: 'Too much effort.', field: 'effort' } },
    delays: { reminder: 'P2D', closing: { business: 'PT50H', calendar: 'hours' } },
    actions: {
      remind: [{ type: 'notify', params: { to: 'role:agent', message: 'reminder' } }],
      tell: [{ type: 'notify', params: { to: { var: 'record.createdBy' }, message: 'resolved' } }],
    },
  },
  'form.json': {
    type: 'object',
    properties: {
      title: { type: 'string', title: 'Title' },
      description: { type: 'string', title: 'Description' },
      impact: { type: 'string', enum: ['low', 'high'], title: 'Impact' },
      priority: { type: 'string', readOnly: true, title: 'Priority' },
      note: { type: 'string', title: 'Note' },
      effort: { type: 'integer', title: 'Effort' },
    },
  },
  'messages.json': {
    reminder: { subject: 'Reminder of {{record.number}}', text: '{{record.title}}' },
    resolved: { subject: '{{record.number}} is resolved', text: '{{record.title}}' },
  },
  'process.json': {
    key: 'bench',
    title: 'Bench',
    prefix: 'BEN',
    create: { roles: ['agent'], form: ['title', 'description', 'impact'] },
    columns: { title: 'title', priority: 'priority' },
    clocks: {
      response: { runs: { in: ['new'] }, stops: { in: ['working', 'waiting', 'resolved', 'checked'] }, target: { business: 'PT8H', calendar: 'hours' } },
      resolution: {
        runs: { in: ['new', 'working'] },
        pauses: { in: ['waiting'] },
        stops: { in: ['resolved'] },
        target: { business: 'PT40H', calendar: 'hours' },
        warnings: [0.75],
      },
    },
  },
};

const day = [{ from: '08:00', to: '18:00' }];
const shared: SharedRules = {
  policy: { roles: { kind: 'roles', roles: { agent: { title: 'Agent' } } } },
  reference: { hours: { kind: 'calendar', zone: 'Europe/Berlin', week: { mon: day, tue: day, wed: day, thu: day, fri: day } } },
};

export const workload = { files, shared, key: 'bench' };

/** The events of one round, in order; the sixth leads back to the first. */
export const ring = ['START', 'HOLD', 'RESUME', 'RESOLVE', 'REOPEN', 'CONFIRM'] as const;

/** Every record tells its own story, so that no two share what is remembered of a text. */
export function creationData(place: number): JsonObject {
  return { title: `Record ${place} of the benchmark`, description: `What happened in case ${place}, told at some length. `.repeat(22), impact: 'high' };
}

export function eventData(round: number): JsonObject {
  return { note: `Note ${round}: what was done, in a sentence or two as people write them.`, effort: round % 60 };
}
