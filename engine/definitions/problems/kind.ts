/** What the table of problems says of each, and how its examples are written. */
import type { FormFile, Json, JsonObject, ProcessFile } from '../authored.js';

/** A small definition. Tests check it: a bad one must give exactly its own problem, a good one none. */
export interface Example {
  /** Key of the process; `example` when absent. */
  readonly key?: string;
  /** File name to content; text is taken as it is. */
  readonly files: { readonly [file: string]: Json };
  /** Shared rules, by path. */
  readonly rules?: { readonly [path: string]: Json };
  /** The other processes. */
  readonly others?: { readonly [key: string]: { readonly process?: ProcessFile; readonly form?: FormFile } };
}

export interface ProblemKind {
  /** `error`: it would run wrongly. `warning`: doubtful. */
  readonly severity: 'error' | 'warning';
  /** What is wrong; `{name}` is filled in. */
  readonly message: string;
  /** How to mend it. */
  readonly remedy: string;
  readonly bad: Example | (() => Example);
  readonly good: Example | (() => Example);
}

const closed = { type: 'final' };

/** An example whose chart has these states; the first is the initial one. */
export function chart(states: JsonObject, root: JsonObject = {}, more: Omit<Example, 'files'> & { readonly files?: Example['files'] } = {}): Example {
  const initial = Object.keys(states)[0] ?? 'open';
  return { ...more, files: { 'statechart.json': { id: more.key ?? 'example', initial, ...root, states }, ...more.files } };
}

/** An example with these files beside the simplest chart there is: `open`, which CLOSE ends. */
export function beside(files: Example['files'], more: Omit<Example, 'files'> = {}): Example {
  return chart({ open: { on: { CLOSE: 'closed' } }, closed }, {}, { ...more, files });
}

/** An example whose CLOSE asks for these fields of a form with these properties. */
export function asking(properties: JsonObject, form: Json, more: Omit<Example, 'files'> & { readonly files?: Example['files'] } = {}): Example {
  return chart(
    { open: { on: { CLOSE: { target: 'closed', meta: { form } } } }, closed },
    {},
    { ...more, files: { 'form.json': { type: 'object', properties }, ...more.files } },
  );
}

/** The simplest good example. */
export const simple: Example = beside({});

/** Roles as `rules/policy/roles.json` declares them. */
export const deskRole: NonNullable<Example['rules']> = { 'policy/roles.json': { kind: 'roles', roles: { 'service-desk': { title: 'Service desk' } } } };
