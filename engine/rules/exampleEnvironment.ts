/** What the examples of operators and problems run against. */
import type { CalendarFile, FieldSchema, ListFile, TableFile } from '../definitions/authored.js';
import { compileCalendar } from './calendar.js';
import type { CheckOptions, RuleEnvironment } from './types.js';

const priority: TableFile = {
  kind: 'table',
  inputs: [
    { name: 'impact', type: 'string', values: ['high', 'medium', 'low'] },
    { name: 'urgency', type: 'string', values: ['high', 'low'] },
  ],
  output: { name: 'priority', type: 'number' },
  rows: [
    { when: ['high', 'high'], then: 1 },
    { when: ['high', null], then: 2 },
    { when: [['medium', 'low'], null], then: 3 },
  ],
};

const closureCodes: ListFile = {
  kind: 'list',
  entries: [
    { id: 'solved', title: 'Solved', counts: true },
    { id: 'duplicate', title: 'Duplicate', counts: false },
  ],
};

const hours = [{ from: '09:00', to: '18:00' }];
const support: CalendarFile = { kind: 'calendar', zone: 'Europe/London', week: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours } };

export const exampleEnvironment: RuleEnvironment = {
  tables: new Map([['priority', priority]]),
  lists: new Map([['closure-codes', closureCodes]]),
  calendars: new Map([['support', compileCalendar('support', support)]]),
};

const instant: FieldSchema = { type: 'string', format: 'date-time' };
const person: FieldSchema = { type: 'string', 'x-charter': { reference: { kind: 'user' } } };
const tasks: FieldSchema = {
  type: 'array',
  items: { type: 'object', properties: { title: { type: 'string' }, done: { type: 'boolean' } }, required: ['title', 'done'] },
};

const fields: readonly (readonly [string, FieldSchema])[] = [
  ['title', { type: 'string' }],
  ['impact', { type: 'string', enum: ['high', 'medium', 'low'] }],
  ['urgency', { type: 'string', enum: ['high', 'low'] }],
  ['assignee', person],
  ['requester', person],
  ['effort', { type: 'number' }],
  ['cost', { type: 'number' }],
  ['major', { type: 'boolean' }],
  ['tags', { type: 'array', items: { type: 'string' } }],
  ['tasks', tasks],
  ['reason', { type: 'string', 'x-charter': { choices: 'closure-codes' } }],
  ['openedAt', instant],
  ['dueAt', instant],
  ['startsOn', { type: 'string', format: 'date' }],
];

export const exampleOptions: CheckOptions = {
  fields: new Map(fields),
  eventFields: new Map([['reason', { type: 'string' }]]),
  clocks: new Set(['resolution']),
  approvals: new Set(['cab']),
  links: new Set(['order']),
  states: new Set(['new', 'active', 'active.waiting', 'approved', 'closed']),
  tables: exampleEnvironment.tables,
  lists: exampleEnvironment.lists,
  calendars: exampleEnvironment.calendars,
  roles: new Set(['service-desk', 'manager']),
  expects: 'boolean',
  alwaysPresent: new Set(['record.title', 'record.impact', 'record.urgency', 'record.effort', 'record.openedAt', 'record.startsOn']),
};
