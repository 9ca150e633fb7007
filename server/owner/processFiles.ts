/** The files a process folder may hold, what each is for, and how a new one begins. */
import type { Json, ProcessFiles } from '../../engine/index.js';
import { formatJson } from './formatJson.js';
import { inKeyOrder } from './keyOrder.js';

export type FileName = keyof ProcessFiles;
/** File name to text; texts need not parse. */
export type Texts = { readonly [file: string]: string };

export const FILES: readonly { readonly name: FileName; readonly purpose: string }[] = [
  { name: 'statechart.json', purpose: 'States, what leads from one to the next, who may do it and what is asked' },
  { name: 'rules.json', purpose: 'Conditions, computed fields, checks, delays and named actions' },
  { name: 'form.json', purpose: 'The fields of a record' },
  { name: 'process.json', purpose: 'Title, rights, clocks, approvals, links, figures' },
  { name: 'messages.json', purpose: 'Texts that are sent' },
  { name: 'scenarios.json', purpose: 'Examples that are run as tests, and what must always hold' },
  { name: 'migration.json', purpose: 'How open records of an older version come over' },
];

export function isFileName(name: string): name is FileName {
  return FILES.some((file) => file.name === name);
}

const schemaOf = (name: FileName): string => `/schemas/${name}`;

/** A published file as text to edit; the schema that published versions leave out is named again. */
function fileText(name: FileName, content: Json): string {
  const named =
    name === 'messages.json' || typeof content !== 'object' || content === null || Array.isArray(content) ? content : { $schema: schemaOf(name), ...content };
  return formatJson(inKeyOrder(named));
}

/** All files of a published definition as texts, in the order of `FILES`. */
export function textsOf(files: ProcessFiles): Texts {
  return Object.fromEntries(FILES.flatMap(({ name }) => (files[name] === undefined ? [] : [[name, fileText(name, files[name] as unknown as Json)]])));
}

/** How a file of this kind begins: valid, and small enough to be understood at a glance. */
export function templateOf(name: FileName, process: { readonly key: string; readonly title: string }): string {
  const beginnings: { readonly [file in FileName]: Json } = {
    'statechart.json': {
      id: process.key,
      initial: 'open',
      states: {
        open: {
          meta: { title: 'Open' },
          description: 'Something is to be done',
          on: { EDIT: { meta: { title: 'Edit', form: ['title', 'description'] } }, CLOSE: { target: 'closed', meta: { title: 'Close', emphasis: 'primary' } } },
        },
        closed: { type: 'final', meta: { title: 'Closed' } },
      },
    },
    'form.json': {
      type: 'object',
      properties: {
        title: { type: 'string', title: 'Title', minLength: 1, maxLength: 200 },
        description: { type: 'string', title: 'Description', maxLength: 4000, 'x-charter': { widget: 'textarea' } },
      },
    },
    'process.json': {
      key: process.key,
      title: process.title,
      prefix: prefixOf(process.key),
      create: { form: [{ field: 'title', required: true }, 'description'] },
      columns: { title: 'title' },
      list: ['title'],
    },
    'rules.json': { guards: {}, values: {}, checks: {}, delays: {}, actions: {}, descriptions: {} },
    'messages.json': {},
    'scenarios.json': { scenarios: [], invariants: [] },
    'migration.json': { states: {}, fields: {} },
  };
  return fileText(name, beginnings[name]);
}

/** A new process: the least that is useful. */
export function newProcess(process: { readonly key: string; readonly title: string }): Texts {
  const scenarios: Json = {
    scenarios: [
      { name: 'Opened and closed', given: { data: { title: 'An example' } }, steps: [{ event: 'CLOSE', expect: { state: 'closed', status: 'done' } }] },
    ],
    invariants: [],
  };
  const texts = Object.fromEntries((['statechart.json', 'form.json', 'process.json'] as const).map((name) => [name, templateOf(name, process)]));
  return { ...texts, 'scenarios.json': fileText('scenarios.json', scenarios) };
}

function prefixOf(key: string): string {
  const initials = key.split('-').map((word) => word.charAt(0));
  return (initials.length > 1 ? initials.join('') : key.slice(0, 3)).toUpperCase();
}
