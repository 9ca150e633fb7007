/** Problems of form.json and of the forms of transitions. */
import { asking, beside, type ProblemKind } from './kind.js';

const fields = (properties: object) => beside({ 'form.json': { type: 'object', properties } as never });

export const formProblems = {
  FIELDS_TOO_MANY: {
    severity: 'error',
    message: 'The form has {count} fields; {limit} are allowed.',
    remedy: 'Group fields that belong together into an object, or move them to a process of their own.',
    bad: () => fields(Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`f${index}`, { type: 'string' }]))),
    good: () => fields(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}`, { type: 'string' }]))),
  },
  FIELD_TYPE_MISSING: {
    severity: 'error',
    message: 'The field {field} says neither its type nor its values, so it would take anything.',
    remedy: 'Give it a `type`, an `enum` or a `oneOf`.',
    bad: fields({ title: { title: 'Title' } }),
    good: fields({ title: { title: 'Title', type: 'string' } }),
  },
  FIELD_NEVER_FILLED: {
    severity: 'error',
    message: 'The form requires {field}, but nobody can ever fill it: {reason}.',
    remedy: 'Do not require it, or make it possible to fill.',
    bad: asking({ opened: { type: 'string', readOnly: true } }, [{ field: 'opened', required: true }]),
    good: asking({ opened: { type: 'string' } }, [{ field: 'opened', required: true }]),
  },
  FIELD_READ_ONLY: {
    severity: 'warning',
    message: 'The form asks for {field}, which people can not fill: {reason}.',
    remedy: 'Take it out of the form, or let people fill it.',
    bad: asking({ opened: { type: 'string', readOnly: true } }, ['opened']),
    good: asking({ opened: { type: 'string' } }, ['opened']),
  },
  FIELD_ASKED_TWICE: {
    severity: 'error',
    message: 'The form asks for {field} twice.',
    remedy: 'Remove one of the two.',
    bad: asking({ title: { type: 'string' } }, ['title', { field: 'title', required: true }]),
    good: asking({ title: { type: 'string' } }, [{ field: 'title', required: true }]),
  },
  FIELD_UNSATISFIABLE: {
    severity: 'error',
    message: 'No value can ever be valid here: {reason}.',
    remedy: 'Correct the limits.',
    bad: fields({ title: { type: 'string', minLength: 5, maxLength: 3 } }),
    good: fields({ title: { type: 'string', minLength: 3, maxLength: 5 } }),
  },
  DEFAULT_INVALID: {
    severity: 'error',
    message: 'The value {found} is not valid for {field}: {reason}.',
    remedy: 'Write a value that the field allows.',
    bad: fields({ impact: { type: 'string', enum: ['low', 'high'], default: 'medium' } }),
    good: fields({ impact: { type: 'string', enum: ['low', 'high'], default: 'low' } }),
  },
  PATTERN_SYNTAX: {
    severity: 'error',
    message: 'This is not a regular expression: {reason}.',
    remedy: 'Correct it; it is read as ECMA-262 with the flag u.',
    bad: fields({ code: { type: 'string', pattern: '^[A-Z$' } }),
    good: fields({ code: { type: 'string', pattern: '^[A-Z]{2}$' } }),
  },
  PATTERN_BACKTRACKS: {
    severity: 'error',
    message: 'This pattern can take practically for ever on a text that almost matches: {reason}.',
    remedy: 'Avoid repetitions inside repetitions, such as (a+)+, and several unlimited repetitions of the same characters; a maxLength helps with the latter.',
    bad: fields({ code: { type: 'string', pattern: '^(a+)+$' } }),
    good: fields({ code: { type: 'string', pattern: '^([a-z]+-)*[a-z]+$' } }),
  },
  CHOICES_UNKNOWN: {
    severity: 'error',
    message: 'There is no list {name} in the shared rules.{suggestion}',
    remedy: 'Add the list to rules/policy, or name one that is there.',
    bad: fields({ reason: { type: 'string', 'x-charter': { choices: 'hold-reasons' } } }),
    good: beside(
      { 'form.json': { type: 'object', properties: { reason: { type: 'string', 'x-charter': { choices: 'hold-reasons' } } } } },
      { rules: { 'policy/hold-reasons.json': { kind: 'list', entries: [{ id: 'vendor', title: 'Vendor' }] } } },
    ),
  },
  CHOICE_DUPLICATE: {
    severity: 'error',
    message: 'The choice {found} stands here twice.',
    remedy: 'Remove one of the two.',
    bad: fields({ impact: { type: 'string', enum: ['low', 'high', 'low'] } }),
    good: fields({ impact: { type: 'string', enum: ['low', 'high'] } }),
  },
  REFERENCE_PROCESS: {
    severity: 'error',
    message: 'A reference to a record must say of which process; one to a user or a team must not.',
    remedy: 'Add or remove `process`.',
    bad: fields({ service: { type: 'string', 'x-charter': { reference: { kind: 'record' } } } }),
    good: fields({ service: { type: 'string', 'x-charter': { reference: { kind: 'record', process: 'example' } } } }),
  },
  REFERENCE_TYPE: {
    severity: 'error',
    message: 'The field {field} is a reference, so it must hold text, or a list of texts.',
    remedy: 'Give it the type string, or array with items of type string.',
    bad: fields({ caller: { type: 'integer', 'x-charter': { reference: { kind: 'user' } } } }),
    good: fields({ caller: { type: 'string', 'x-charter': { reference: { kind: 'user' } } } }),
  },
  SECTION_UNKNOWN: {
    severity: 'warning',
    message: 'The form has no section {section}.{suggestion}',
    remedy: 'Add it to `x-charter.sections` of the form, or name one that is there.',
    bad: fields({ title: { type: 'string', 'x-charter': { section: 'what' } } }),
    good: beside({
      'form.json': {
        type: 'object',
        properties: { title: { type: 'string', 'x-charter': { section: 'what' } } },
        'x-charter': { sections: [{ name: 'what', title: 'What' }] },
      },
    }),
  },
  SECTION_DUPLICATE: {
    severity: 'error',
    message: 'The section {section} is declared twice.',
    remedy: 'Remove one of the two.',
    bad: beside({
      'form.json': {
        type: 'object',
        properties: {},
        'x-charter': {
          sections: [
            { name: 'what', title: 'What' },
            { name: 'what', title: 'More' },
          ],
        },
      },
    }),
    good: beside({ 'form.json': { type: 'object', properties: {}, 'x-charter': { sections: [{ name: 'what', title: 'What' }] } } }),
  },
  WIDGET_UNFIT: {
    severity: 'warning',
    message: 'The widget {widget} does not fit a field of type {type}.',
    remedy: 'Remove `widget`; a fitting one is chosen.',
    bad: fields({ title: { type: 'string', 'x-charter': { widget: 'checkbox' } } }),
    good: fields({ done: { type: 'boolean', 'x-charter': { widget: 'checkbox' } } }),
  },
} as const satisfies Record<string, ProblemKind>;
