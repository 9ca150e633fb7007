/** Problems of names that refer to something else: actions, roles, fields, messages, tables. */
import { asking, beside, chart, deskRole, type ProblemKind } from './kind.js';

const closed = { type: 'final' };
const onClose = (actions: unknown, more = {}) => chart({ open: { on: { CLOSE: { target: 'closed', actions } } }, closed } as never, {}, more);
const title = { 'form.json': { type: 'object', properties: { title: { type: 'string' } } } };

export const nameProblems = {
  NAME_INVALID: {
    severity: 'error',
    message: '{name} can not be the name of a {what}{reason}.',
    remedy: 'Use letters, digits, hyphens and underscores, beginning with a letter, at most 64 characters.',
    bad: beside({ 'rules.json': { guards: { 'is urgent': { present: { var: 'record.createdBy' } } } } }),
    good: beside({ 'rules.json': { guards: { isUrgent: { present: { var: 'record.createdBy' } } } } }),
  },
  NAME_TAKEN: {
    severity: 'error',
    message: '{name} is {taken}.',
    remedy: 'Choose another name.',
    bad: beside({ 'rules.json': { actions: { notify: [{ type: 'webhook', params: { target: 'status-page' } }] } } }),
    good: beside({ 'rules.json': { actions: { tell: [{ type: 'webhook', params: { target: 'status-page' } }] } } }),
  },
  DESCRIPTION_UNUSED: {
    severity: 'warning',
    message: 'There is nothing named {name} in this file that this could describe.{suggestion}',
    remedy: 'Correct the name, or remove the description.',
    bad: beside({ 'rules.json': { descriptions: { urgent: 'It is urgent.' } } }),
    good: beside({ 'rules.json': { guards: { urgent: { present: { var: 'record.createdBy' } } }, descriptions: { urgent: 'Somebody opened it.' } } }),
  },
  VALUES_CIRCULAR: {
    severity: 'error',
    message: 'The computed field {field} depends on itself: {path}.',
    remedy: 'Take one of the fields out of the rule of another.',
    bad: beside({
      'form.json': { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } },
      'rules.json': {
        values: {
          a: { if: [{ present: { var: 'record.b' } }, { var: 'record.b' }, 0] },
          b: { if: [{ present: { var: 'record.a' } }, { var: 'record.a' }, 0] },
        },
      },
    }),
    good: beside({
      'form.json': { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } },
      'rules.json': { values: { a: { if: [{ present: { var: 'record.b' } }, { var: 'record.b' }, 0] } } },
    }),
  },
  ACTION_UNKNOWN: {
    severity: 'error',
    message: 'There is no action {name}; nothing would happen.{suggestion}',
    remedy: 'Use a built-in action (set, vote, raise, cancel, create, link, signal, notify, webhook) or a list under `actions` of rules.json.',
    bad: onClose('hasOwnProperty'),
    good: onClose('tell', { files: { 'rules.json': { actions: { tell: [{ type: 'webhook', params: { target: 'status-page' } }] } } } }),
  },
  ACTION_CYCLE: {
    severity: 'error',
    message: 'The action {name} contains itself: {path}.',
    remedy: 'Take one of the names out of its list.',
    bad: beside({ 'rules.json': { actions: { one: ['two'], two: ['one'] } } }),
    good: beside({ 'rules.json': { actions: { one: ['two'], two: [{ type: 'webhook', params: { target: 'status-page' } }] } } }),
  },
  ACTION_PARAMS: {
    severity: 'error',
    message: '{name} is a list of actions and takes no `params`.',
    remedy: 'Remove `params`, or use a built-in action.',
    bad: onClose(
      { type: 'tell', params: { to: 'x' } },
      { files: { 'rules.json': { actions: { tell: [{ type: 'webhook', params: { target: 'status-page' } }] } } } },
    ),
    good: onClose({ type: 'tell' }, { files: { 'rules.json': { actions: { tell: [{ type: 'webhook', params: { target: 'status-page' } }] } } } }),
  },
  ACTION_INCOMPLETE: {
    severity: 'error',
    message: 'This {name} can not be carried out: {reason}.',
    remedy: 'See the parameters of {name} in the published schema.',
    bad: onClose({ type: 'signal', params: { event: 'closed' } }, {}),
    good: onClose({ type: 'signal', params: { event: 'closed', link: 'order' } }, { files: { 'process.json': { links: { order: { title: 'Order' } } } } }),
  },
  CANCEL_UNKNOWN: {
    severity: 'error',
    message: 'No `raise` has the id {id}.{suggestion}',
    remedy: 'Give the `raise` that is to be taken back this id.',
    bad: onClose({ type: 'cancel', params: { id: 'reminder' } }),
    good: chart({
      open: {
        entry: { type: 'raise', params: { event: 'REMIND', delay: 'P1D', id: 'reminder' } },
        exit: { type: 'cancel', params: { id: 'reminder' } },
        on: { CLOSE: 'closed', REMIND: {} },
      },
      closed,
    }),
  },
  ROLE_UNKNOWN: {
    severity: 'error',
    message: 'Nobody can hold the role {role}: it is declared nowhere.{suggestion}',
    remedy: 'Declare it in a roles file of rules/policy, or name one that is there (administrator, process-owner and auditor always are).',
    bad: chart({ open: { on: { CLOSE: { target: 'closed', meta: { roles: ['service-dsek'] } } } }, closed }, {}, { rules: deskRole }),
    good: chart({ open: { on: { CLOSE: { target: 'closed', meta: { roles: ['service-desk', 'auditor'] } } } }, closed }, {}, { rules: deskRole }),
  },
  FIELD_UNKNOWN: {
    severity: 'error',
    message: 'form.json has no field {field}.{suggestion}',
    remedy: 'Add the field to form.json, or name one that is there.',
    bad: asking({ title: { type: 'string' } }, ['titel']),
    good: asking({ title: { type: 'string' } }, ['title']),
  },
  FIELD_NO_REFERENCE: {
    severity: 'error',
    message: 'The field {field} names neither a user nor a team, so nobody would be named by it.',
    remedy: 'Give the field `x-charter.reference` of the kind user or team, or name another field.',
    bad: beside({ ...title, 'process.json': { read: { named: ['title'] } } }),
    good: beside({
      'form.json': { type: 'object', properties: { caller: { type: 'string', 'x-charter': { reference: { kind: 'user' } } } } },
      'process.json': { read: { named: ['caller', 'createdBy'] } },
    }),
  },
  MESSAGE_UNKNOWN: {
    severity: 'error',
    message: 'There is no message {name}.{suggestion}',
    remedy: 'Add it to messages.json, or name one that is there or in a message set of rules/policy.',
    bad: onClose({ type: 'notify', params: { to: 'role:auditor', message: 'assigned' } }),
    good: onClose(
      { type: 'notify', params: { to: 'role:auditor', message: 'assigned' } },
      { files: { 'messages.json': { assigned: { subject: 'It is yours', text: 'See {{record.number}}.' } } } },
    ),
  },
  MESSAGE_PLACE: {
    severity: 'error',
    message: 'The place {place} can not be filled: {reason}.{suggestion}',
    remedy: 'Write {{record.<field>}}, {{record.number}}, or the name of a parameter that `notify` hands over, such as {{reason}}.',
    bad: beside({ ...title, 'messages.json': { assigned: 'About {{record.titel}}' } }),
    good: beside({ ...title, 'messages.json': { assigned: 'About {{record.title}} ({{record.number}})' } }),
  },
  PROCESS_UNKNOWN: {
    severity: 'error',
    message: 'There is no process {process}.{suggestion}',
    remedy: 'Name the key of a process that is there.',
    bad: beside({ 'process.json': { schedules: { monthly: { cron: '0 6 1 * *', create: { process: 'cuase', data: {} } } } } }, { others: { cause: {} } }),
    good: beside({ 'process.json': { schedules: { monthly: { cron: '0 6 1 * *', create: { process: 'cause', data: {} } } } } }, { others: { cause: {} } }),
  },
  PROCESS_NOT_YET: {
    severity: 'warning',
    message: 'There is no process {process} yet: nothing can be linked to it, named in it or made in it.{suggestion}',
    remedy: 'Publish that process too, or name the key of one that is there.',
    bad: beside({ 'process.json': { links: { cause: { title: 'Cause', to: ['ordre'] } } } }, { others: { order: {} } }),
    good: beside({ 'process.json': { links: { cause: { title: 'Cause', to: ['order'] } } } }, { others: { order: {} } }),
  },
  LINK_UNKNOWN: {
    severity: 'error',
    message: 'process.json has no link {name}.{suggestion}',
    remedy: 'Declare it under `links` of process.json, or name one that is there.',
    bad: onClose({ type: 'signal', params: { event: 'closed', link: 'order' } }),
    good: onClose({ type: 'signal', params: { event: 'closed', link: 'order' } }, { files: { 'process.json': { links: { order: { title: 'Order' } } } } }),
  },
  LINK_REVERSE_UNKNOWN: {
    severity: 'error',
    message: '{process} has no link {name}, which this one is to show from the other end.',
    remedy: 'Name a link that the other process declares under `links` of its process.json.',
    bad: beside(
      { 'process.json': { links: { cases: { title: 'Cases', reverse: 'cuase', to: ['ticket'] } } } },
      { others: { ticket: { process: { links: { cause: { title: 'Cause' } } } } } },
    ),
    good: beside(
      { 'process.json': { links: { cases: { title: 'Cases', reverse: 'cause', to: ['ticket'] } } } },
      { others: { ticket: { process: { links: { cause: { title: 'Cause' } } } } } },
    ),
  },
  LINK_SEEN: {
    severity: 'error',
    message: 'The link {name} is seen from the other end only: {reason}.',
    remedy: 'Make the link in the process that declares it, or declare one of this process.',
    bad: beside(
      { 'process.json': { links: { cases: { title: 'Cases', reverse: 'cause', shared: 'cause', to: ['ticket'] }, cause: { title: 'Cause' } } } },
      { others: { ticket: { process: { links: { cause: { title: 'Cause' } } } } } },
    ),
    good: beside(
      { 'process.json': { links: { cases: { title: 'Cases', shared: 'cause', to: ['ticket'] }, cause: { title: 'Cause' } } } },
      { others: { ticket: { process: { links: { cause: { title: 'Cause' } } } } } },
    ),
  },
  STATE_UNKNOWN: {
    severity: 'error',
    message: 'The chart has no state {state}.{suggestion}',
    remedy: 'Name a state by its path: keys joined with dots from the outermost state, such as active.waiting.',
    bad: beside({ 'process.json': { clocks: { resolution: { runs: { in: ['opne'] }, target: 'PT4H' } } } }),
    good: beside({ 'process.json': { clocks: { resolution: { runs: { in: ['open'] }, target: 'PT4H' } } } }),
  },
} as const satisfies Record<string, ProblemKind>;
