/** Problems of a file as such: its text, its keys, the types of its values. */
import { beside, chart, type ProblemKind, simple } from './kind.js';

const closed = { type: 'final' };

export const fileProblems = {
  JSON_SYNTAX: {
    severity: 'error',
    message: 'This is not JSON: {reason}.',
    remedy: 'Correct the text at this place. JSON has double quotes, no comments and no comma after the last member.',
    bad: { files: { 'statechart.json': '{ "id": "example", // a comment\n "initial": "open" }' } },
    good: simple,
  },
  JSON_DUPLICATE_KEY: {
    severity: 'error',
    message: 'The key {key} stands here a second time; only the last one would count.',
    remedy: 'Remove one of the two, or join them.',
    bad: {
      files: {
        'statechart.json': '{"id":"example","initial":"open","states":{"open":{"on":{"CLOSE":"closed"},"on":{"CLOSE":"closed"}},"closed":{"type":"final"}}}',
      },
    },
    good: simple,
  },
  JSON_RESERVED_KEY: {
    severity: 'error',
    message: 'The key {key} is not allowed anywhere.',
    remedy: 'Choose another name.',
    bad: {
      files: {
        'statechart.json': '{"id":"example","initial":"open","states":{"open":{"on":{"CLOSE":"closed"}},"closed":{"type":"final","meta":{"__proto__":{}}}}}',
      },
    },
    good: simple,
  },
  JSON_TEXT: {
    severity: 'error',
    message: 'This text contains {what}.',
    remedy: 'Write the text again without it.',
    bad: beside({ 'process.json': { title: 'Inci\u0000dent' } }),
    good: beside({ 'process.json': { title: 'Vorfälle 🚑' } }),
  },
  JSON_NUMBER: {
    severity: 'error',
    message: 'This number is too large to be kept exactly.',
    remedy: 'Write it as text, or use a number between -9007199254740991 and 9007199254740991.',
    bad: beside({ 'form.json': '{"type":"object","properties":{"amount":{"type":"number","maximum":1e999}}}' }),
    good: beside({ 'form.json': { type: 'object', properties: { amount: { type: 'number', maximum: 1e15 } } } }),
  },
  JSON_TOO_DEEP: {
    severity: 'error',
    message: 'Objects and lists are nested more than {limit} deep.',
    remedy: 'Split what is nested so deep into named parts.',
    bad: () => beside({ 'rules.json': `{"guards":{"deep":${'{"!":['.repeat(40)}true${']}'.repeat(40)}}}` }),
    good: simple,
  },
  FILE_TOO_LARGE: {
    severity: 'error',
    message: 'The file has {bytes} bytes; {limit} are allowed.',
    remedy: 'Split the process, or move tables and lists to the shared rules.',
    bad: () => beside({ 'process.json': `{"title":"x"}${' '.repeat(1024 * 1024)}` }),
    good: simple,
  },
  FILE_MISSING: {
    severity: 'error',
    message: 'The folder has no {name}.',
    remedy: 'Add {name}; it is the only file that every process must have.',
    bad: { files: { 'process.json': { title: 'Example' } } },
    good: simple,
  },
  FILE_UNKNOWN: {
    severity: 'warning',
    message: '{name} is not a file of a process and is not read.{suggestion}',
    remedy: 'Rename or remove it. A process has statechart.json, rules.json, form.json, process.json, scenarios.json, messages.json and migration.json.',
    bad: beside({ 'proces.json': { title: 'Example' } }),
    good: beside({ 'process.json': { title: 'Example' } }),
  },
  PROCESS_KEY: {
    severity: 'error',
    message: 'The name {key} can not be the key of a process.',
    remedy:
      'Name the folder with small letters, digits and single hyphens, beginning with a letter, at most 40 characters; engine words such as clock, approval and record are taken.',
    bad: { ...simple, key: 'clock', files: { 'statechart.json': { initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed } } } },
    good: simple,
  },
  KEY_UNKNOWN: {
    severity: 'error',
    message: 'The key {key} is not known here, so it would have no effect.{suggestion}',
    remedy: 'Correct or remove it. Known here: {known}.',
    bad: chart({ open: { onn: { CLOSE: 'closed' }, on: { CLOSE: 'closed' } }, closed }),
    good: simple,
  },
  KEY_MISSING: {
    severity: 'error',
    message: 'The key {key} is missing here.',
    remedy: 'Add {key}.',
    bad: beside({ 'process.json': { links: { order: { to: ['example'] } } } }),
    good: beside({ 'process.json': { links: { order: { title: 'Order', to: ['example'] } } } }),
  },
  TYPE_WRONG: {
    severity: 'error',
    message: 'Here must be {expected}, but there is {found}.',
    remedy: 'Write {expected}.',
    bad: beside({ 'process.json': { title: 7 } }),
    good: beside({ 'process.json': { title: 'Seven' } }),
  },
  VALUE_NOT_ALLOWED: {
    severity: 'error',
    message: '{found} is not allowed here.{suggestion}',
    remedy: 'Write one of: {allowed}.',
    bad: chart({ open: { on: { CLOSE: { target: 'closed', meta: { emphasis: 'prime' } } } }, closed }),
    good: chart({ open: { on: { CLOSE: { target: 'closed', meta: { emphasis: 'primary' } } } }, closed }),
  },
  VALUE_INVALID: {
    severity: 'error',
    message: '{found} is not valid here: it {reason}.',
    remedy: 'Correct the value.',
    bad: beside({ 'form.json': { type: 'object', properties: { title: { type: 'string', maxLength: -1 } } } }),
    good: beside({ 'form.json': { type: 'object', properties: { title: { type: 'string', maxLength: 10 } } } }),
  },
  TOO_MANY_PROBLEMS: {
    severity: 'error',
    message: 'There are more than {limit} problems; the rest is not listed.',
    remedy: 'Mend those that are listed, then check again.',
    bad: () => beside({ 'process.json': Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`key${index}`, index])) }),
    good: simple,
  },
} as const satisfies Record<string, ProblemKind>;
