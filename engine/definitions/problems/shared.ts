/** Problems of the shared rules. */
import { beside, type ProblemKind } from './kind.js';

const rules = (files: object) => beside({}, { rules: files as never });
const table = {
  kind: 'table',
  inputs: [{ name: 'impact', type: 'string', values: ['low', 'high'] }],
  output: { name: 'priority', type: 'string' },
  // biome-ignore lint/suspicious/noThenProperty: the format calls a row's result so
  rows: [{ when: ['high'], then: 'P1' }],
  default: 'P3',
};
const calendar = { kind: 'calendar', zone: 'Europe/Vienna', week: { mon: [{ from: '08:00', to: '17:00' }] } };

export const sharedProblems = {
  SHARED_FILE: {
    severity: 'error',
    message: '{path} is no place for a shared rule: {reason}.',
    remedy:
      'Put tables, lists, roles and messages as policy/<name>.json and calendars, tables and lists as reference/<name>.json, with names of small letters, digits and hyphens.',
    bad: rules({ 'policy/Priority Table.json': table }),
    good: rules({ 'policy/priority.json': table }),
  },
  SHARED_KIND: {
    severity: 'error',
    message: 'A file in {folder} can not be of the kind {found}.',
    remedy: 'Write "kind" with one of: {allowed}.',
    bad: rules({ 'policy/support.json': calendar }),
    good: rules({ 'reference/support.json': calendar }),
  },
  SHARED_NAME_TAKEN: {
    severity: 'error',
    message: '{name} stands in both policy and reference; a rule that names it would not know which is meant.',
    remedy: 'Rename one of the two.',
    bad: rules({ 'policy/priority.json': table, 'reference/priority.json': table }),
    good: rules({ 'policy/priority.json': table, 'reference/limits.json': table }),
  },
  SHARED_ENTRY_DUPLICATE: {
    severity: 'error',
    message: '{name} is already declared in {other}.',
    remedy: 'Declare it once.',
    bad: rules({
      'policy/roles.json': { kind: 'roles', roles: { desk: { title: 'Desk' } } },
      'policy/more-roles.json': { kind: 'roles', roles: { desk: { title: 'Desk' } } },
    }),
    good: rules({ 'policy/roles.json': { kind: 'roles', roles: { desk: { title: 'Desk' } } } }),
  },
} as const satisfies Record<string, ProblemKind>;
