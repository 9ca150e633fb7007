/** Sentences for differences, in the words of the process: states and transitions by their titles, fields by theirs. */
import type { FormField, Json, JsonObject, StateSpec } from './authored.js';
import type { Comparable } from './difference.js';
import { fieldTitle, formFields, stateTitle, toTransitions } from './normal.js';
import { splitPointer } from './pointer.js';

interface Told {
  readonly file: string;
  readonly pointer: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

interface Sides {
  readonly before: Comparable;
  readonly after: Comparable;
}

/** One sentence on one change. */
export function wordDifference(change: Told, sides: Sides): string {
  if (change.pointer === '') return `The file ${change.file} was ${verb(change)}.`;
  if (change.file === 'statechart.json') return chartSentence(change, sides);
  if (change.file === 'form.json') return formSentence(change, sides);
  if (change.file === 'rules.json')
    return named(change, {
      guards: 'The condition',
      values: 'The computed field',
      checks: 'The check',
      delays: 'The delay',
      actions: 'The list of actions',
      descriptions: 'The description of',
    });
  if (change.file === 'process.json' && /^\/evidence(?:\/|$)/.test(change.pointer)) return evidenceSentence(change, sides);
  if (change.file === 'process.json')
    return named(change, {
      clocks: 'The clock',
      approvals: 'The approval',
      links: 'The link',
      schedules: 'The schedule',
      kpis: 'The figure',
      columns: 'The column',
    });
  if (change.file === 'messages.json') return `The message ${quote(splitPointer(change.pointer)[0] ?? '')} was ${verb(change)}.`;
  if (change.file === 'migration.json') return `The migration (${splitPointer(change.pointer).join(' ')}) was ${verb(change)}.`;
  if (change.file === 'scenarios.json') return `The ${splitPointer(change.pointer)[0] ?? 'scenarios'} were ${verb(change)}.`;
  if (change.file.startsWith('policy/'))
    return `The shared rule ${quote(change.file.slice('policy/'.length, -'.json'.length))} was changed${change.pointer === '' ? '' : ` at ${splitPointer(change.pointer).join(' ')}`}.`;
  return `${splitPointer(change.pointer).join(' ')} was ${verb(change)}.`;
}

function verb({ before, after }: Told): string {
  return before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
}

function quote(text: string): string {
  return `“${text}”`;
}

function fromTo({ before, after }: Told): string {
  const short = (value: Json | undefined): string => {
    const text = value === undefined ? 'nothing' : typeof value === 'string' ? quote(value) : JSON.stringify(value);
    return text.length > 60 ? `${text.slice(0, 59)}…` : text;
  };
  const plain = [before, after].every((value) => typeof value !== 'object' || value === null);
  if (!plain) return `was ${verb({ file: '', pointer: '', before, after })}`;
  if (before === undefined) return `is now ${short(after)}`;
  return after === undefined ? `is no longer ${short(before)}` : `is now ${short(after)} instead of ${short(before)}`;
}

// ---- statechart.json -------------------------------------------------------------------------------------------------

function chartSentence(change: Told, sides: Sides): string {
  const { state, title, rest } = stateAt(change, sides);
  const [part = '', name = '', ...inner] = rest;
  if (part === '') return `State ${quote(title)} was ${verb(change)}.`;
  const of = state === '' ? 'the process' : quote(title);
  if (part === 'on' || part === 'after' || part === 'always' || part === 'onDone')
    return transitionSentence(change, {
      part,
      of,
      sides,
      path: part === 'on' || part === 'after' ? [name, ...inner] : ['', name, ...inner].filter((text, index) => index === 0 || text !== ''),
    });
  if (part === 'meta' && name === 'title') return `State ${quote(state)} is now called ${quote(String(change.after ?? state))}.`;
  if (part === 'initial') return `In ${of} the first state ${fromTo(change)}.`;
  const words: { readonly [part: string]: string } = {
    entry: 'What happens on entering',
    exit: 'What happens on leaving',
    type: 'The kind of',
    description: 'The description of',
    meta: 'What people read of',
    tags: 'The tags of',
    output: 'The result of',
    history: 'What is remembered by',
    id: 'The id of',
  };
  return `${words[part] ?? `\`${part}\` of`} ${of} ${fromTo(change)}.`;
}

/** The innermost state a pointer lies in, its title, and the rest of the pointer. */
function stateAt({ pointer, before }: Told, sides: Sides): { state: string; title: string; rest: readonly string[] } {
  const parts = [...splitPointer(pointer)];
  const path: string[] = [];
  let spec: StateSpec | undefined = (before !== undefined ? sides.before : sides.after).files['statechart.json'];
  while (parts[0] === 'states' && parts.length > 1) {
    const key = parts[1] as string;
    parts.splice(0, 2);
    path.push(key);
    spec = spec?.states && Object.hasOwn(spec.states, key) ? spec.states[key] : undefined;
  }
  return { state: path.join('.'), title: spec && path.length > 0 ? stateTitle(path.join('.'), spec) : (path.at(-1) ?? ''), rest: parts };
}

function transitionSentence(change: Told, { part, of, sides, path }: { part: string; of: string; sides: Sides; path: readonly string[] }): string {
  const [event = '', ...rest] = path;
  const inner = rest.filter((key) => !/^\d+$/.test(key));
  const what =
    part === 'on'
      ? `Transition ${quote(titleOf(change, sides, event))} of ${of}`
      : part === 'after'
        ? `The transition of ${of} after ${quote(event)}`
        : part === 'always'
          ? `The automatic transition of ${of}`
          : `The transition of ${of} when it is done`;
  const key = inner.join(' ');
  if (event === '' && part === 'on') return `The transitions of ${of} were ${verb(change)}.`;
  if (key === '') return `${what} was ${verb(change)}.`;
  if (key === 'meta form') return formChange(change, what, sides);
  if (key === 'meta roles') return `${what} ${rolesNow(change.after)}.`;
  if (key === 'target')
    return change.after === undefined
      ? `${what} no longer leads anywhere else.`
      : `${what} now leads to ${listOf(change.after)}${change.before === undefined ? '' : ` instead of ${listOf(change.before)}`}.`;
  if (key === 'guard')
    return change.after === undefined ? `${what} no longer has a condition.` : `${what} now has the condition ${quote(guardOf(change.after))}.`;
  if (key === 'meta title') return `${what} is now called ${quote(String(change.after ?? event))}.`;
  if (key === 'actions') return `What ${what.charAt(0).toLowerCase()}${what.slice(1)} does was ${verb(change)}.`;
  return `${what}: ${key.replace(/^meta /, '')} ${fromTo(change)}.`;
}

/** The title of a transition; its event when it has none. */
function titleOf({ pointer, before }: Told, sides: Sides, event: string): string {
  const chart = (before !== undefined ? sides.before : sides.after).files['statechart.json'];
  const parts = splitPointer(pointer);
  let spec: StateSpec | undefined = chart;
  for (let at = 0; parts[at] === 'states'; at += 2) spec = spec?.states?.[parts[at + 1] ?? ''];
  return toTransitions(spec?.on?.[event]).find((transition) => transition.meta?.title)?.meta?.title ?? event;
}

function guardOf(value: Json): string {
  return typeof value === 'string' ? value : String((value as JsonObject).type ?? '');
}

function listOf(value: Json): string {
  return (Array.isArray(value) ? value : [value]).map((item) => quote(String(item).replace(/^[.#]/, ''))).join(' and ');
}

function rolesNow(after: Json | undefined): string {
  if (!Array.isArray(after)) return 'is now open to all who may see the record';
  return after.length === 0 ? 'is now open to nobody' : `is now open to ${after.join(', ')}`;
}

/** "now asks for Team", "no longer asks for Reason", "now requires Assignee". */
function formChange({ before, after }: Told, what: string, { before: old, after: fresh }: Sides): string {
  const [was, is] = [formFields(before as unknown as FormField[] | undefined), formFields(after as unknown as FormField[] | undefined)];
  const title = (field: string): string => fieldTitle(fresh.files['form.json'] ?? old.files['form.json'], field);
  const parts = [
    ['now asks for', is.filter(({ field }) => !was.some((other) => other.field === field))],
    ['no longer asks for', was.filter(({ field }) => !is.some((other) => other.field === field))],
    ['now requires', is.filter(({ field, required }) => required && was.some((other) => other.field === field && !other.required))],
    ['no longer requires', is.filter(({ field, required }) => !required && was.some((other) => other.field === field && other.required))],
  ] as const;
  const told = parts.filter(([, fields]) => fields.length > 0).map(([words, fields]) => `${words} ${fields.map(({ field }) => title(field)).join(', ')}`);
  return told.length === 0 ? `${what} asks for its fields in another way.` : `${what} ${told.join(' and ')}.`;
}

// ---- the other files -------------------------------------------------------------------------------------------------

function formSentence(change: Told, { before, after }: Sides): string {
  const [part = '', field = '', ...rest] = splitPointer(change.pointer);
  if (part !== 'properties' || field === '')
    return `${part === 'required' ? 'Which fields are always required' : `\`${part}\` of the form`} ${fromTo(change)}.`;
  const title = quote(fieldTitle((change.before === undefined ? after : before).files['form.json'], field));
  if (rest.length === 0) return `Field ${title} was ${verb(change)}.`;
  if (rest[0] === 'title') return `Field ${quote(field)} ${fromTo(change)}.`;
  return `Field ${title}: ${rest.filter((key) => key !== 'x-charter').join(' ') || 'its annotations'} ${fromTo(change)}.`;
}

function named(change: Told, words: { readonly [part: string]: string }): string {
  const [part = '', name = '', ...rest] = splitPointer(change.pointer);
  const what = words[part];
  if (what === undefined || name === '') return `${[part, name, ...rest].filter(Boolean).join(' ')} ${fromTo(change)}.`;
  return rest.length === 0 ? `${what} ${quote(name)} was ${verb(change)}.` : `${what} ${quote(name)}: ${rest.join(' ')} ${fromTo(change)}.`;
}

/** Evidence is a list: its entries are told by their titles. */
function evidenceSentence(change: Told, { before, after }: Sides): string {
  const [, index, ...rest] = splitPointer(change.pointer);
  const titles = ({ files }: Comparable): readonly string[] => (files['process.json']?.evidence ?? []).map(({ title }) => title);
  const [was, is] = [titles(before), titles(after)];
  if (index === undefined) {
    const parts = [
      ['now has', is.filter((title) => !was.includes(title))],
      ['no longer has', was.filter((title) => !is.includes(title))],
    ] as const;
    const told = parts.filter(([, found]) => found.length > 0).map(([words, found]) => `${words} ${found.map(quote).join(', ')}`);
    return told.length === 0 ? 'The evidence was changed.' : `The evidence ${told.join(' and ')}.`;
  }
  const title = quote((change.before === undefined ? is : was)[Number(index)] ?? index);
  return rest.length === 0 ? `The evidence ${title} was ${verb(change)}.` : `The evidence ${title}: ${rest.join(' ')} ${fromTo(change)}.`;
}
