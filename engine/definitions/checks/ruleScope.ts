/** What a rule sees where it stands: fields of the record and the event, clocks, approvals, links, states, shared rules. */
import type { CheckOptions, Names } from '../../rules/index.js';
import type { FieldSchema, ListFile, TableFile } from '../authored.js';
import type { Model, PlacedAction, TransitionNode } from '../model.js';
import { creationFields, engineFields, formFields, isEngineEvent } from '../normal.js';
import type { CheckContext } from './check.js';
import { ownKeys } from './names.js';

/** Stands for names that can not be known because their file could not be read. */
const anyName: Names = { has: () => true, keys: () => [] };

export type Scope = Omit<CheckOptions, 'expects'>;

/** What every rule of the process sees; the event may be any. */
export function baseScope(model: Model, { unreadable }: CheckContext): Scope {
  const { shared } = model.around;
  const named = [...Object.entries(shared.reference), ...Object.entries(shared.policy)];
  const process = model.files['process.json'];
  const ofProcess = (names: object | undefined): Names => (unreadable.has('process.json') ? anyName : ownKeys(names));
  return {
    fields: model.fields,
    eventFields: 'any',
    clocks: ofProcess(process?.clocks),
    approvals: ofProcess(process?.approvals),
    links: ofProcess(process?.links),
    states: model.states.length === 0 ? anyName : model.byPath,
    tables: new Map(named.flatMap(([name, file]): [string, TableFile][] => (file.kind === 'table' ? [[name, file]] : []))),
    lists: new Map(named.flatMap(([name, file]): [string, ListFile][] => (file.kind === 'list' ? [[name, file]] : []))),
    calendars: new Set(named.flatMap(([name, file]) => (file.kind === 'calendar' ? [name] : []))),
    roles: model.roles,
    refs: referenced(model),
    alwaysPresent: new Set(presentFields(model).map((field) => `record.${field}`)),
  };
}

/** Fields of the processes that reference fields name; a reference to any process, or to one that can not be known, may hold anything. */
function referenced(model: Model): NonNullable<Scope['refs']> {
  return new Map(
    [...model.fields].flatMap(([field, schema]): [string, ReadonlyMap<string, FieldSchema> | 'any'][] => {
      const reference = schema['x-charter']?.reference;
      if (reference?.kind !== 'record') return [];
      const form = reference.process === model.key ? model.files['form.json'] : model.around.processes.get(reference.process ?? '')?.form;
      return [[field, form ? new Map(Object.entries(form.properties)) : 'any']];
    }),
  );
}

/** What a guard or action sees when it runs for these transitions and nothing else; null stands for a place outside of transitions. */
export function scopeOf(uses: readonly (TransitionNode | null)[], model: Model, base: Scope): Scope {
  const forms = uses.map((transition) => (transition ? askedFor(transition, model) : null));
  if (forms.length === 0 || forms.some((form) => form === null)) return base;
  const known = forms as readonly ReadonlyMap<string, boolean>[];
  const fields = new Map(
    known.flatMap((form) =>
      [...form.keys()].flatMap((field): [string, FieldSchema][] => (model.fields.has(field) ? [[field, model.fields.get(field) as FieldSchema]] : [])),
    ),
  );
  const required = [...fields.keys()].filter((field) => known.every((form) => form.get(field) === true));
  return {
    ...base,
    eventFields: fields,
    alwaysPresent: new Set([...(base.alwaysPresent ?? []), ...required.flatMap((field) => [`event.${field}`, `record.${field}`])]),
  };
}

/** Fields that the event of a transition brings, and whether it must; null when that is not known. */
function askedFor({ kind, event }: TransitionNode, model: Model): ReadonlyMap<string, boolean> | null {
  if (kind !== 'on' || isEngineEvent(event) || isRaised(event, model)) return kind === 'after' ? new Map() : null;
  const asked = new Map<string, boolean>();
  const forms = model.transitions
    .filter((other) => other.kind === 'on' && other.event === event && other.spec.meta?.form)
    .map(({ spec }) => formFields(spec.meta?.form, model.files['form.json']));
  for (const { field } of forms.flat())
    asked.set(
      field,
      forms.every((form) => form.some((entry) => entry.field === field && entry.required)),
    );
  return asked;
}

function isRaised(event: string, { actions }: Model): boolean {
  return actions.some(({ spec }) => spec.type === 'raise' && spec.params?.event === event);
}

/** Fields that have a value from creation on and that no form may empty. */
function presentFields(model: Model): readonly string[] {
  const { 'form.json': form, 'process.json': process, 'rules.json': rules } = model.files;
  const asked = creationFields({ 'statechart.json': {}, ...(form ? { 'form.json': form } : {}), ...(process ? { 'process.json': process } : {}) });
  const begun = new Set(asked.filter(({ required }) => required).map(({ field }) => field));
  for (const [field, schema] of model.fields) if (schema.default !== undefined && schema.default !== null) begun.add(field);
  for (const { spec } of model.transitions) for (const { field, required } of formFields(spec.meta?.form, form)) if (!required) begun.delete(field);
  for (const { field, required } of asked) if (!required) begun.delete(field);
  for (const { spec } of model.actions)
    if (spec.type === 'set') for (const [field, value] of Object.entries(spec.params ?? {})) if (value === null) begun.delete(field);
  for (const field of Object.keys(rules?.values ?? {})) if (model.fields.has(field)) begun.add(field);
  return [...begun, ...engineFields];
}

/** The transitions for which an action runs: its own, or all that name its list; null among them for entry, exit and what is not known. */
export function usesOf(action: PlacedAction, model: Model): readonly (TransitionNode | null)[] {
  if (action.list === null) return [action.transition];
  const found = new Set<TransitionNode | null>();
  const seen = new Set<string>();
  const follow = (list: string): void => {
    if (seen.has(list)) return;
    seen.add(list);
    for (const user of model.actions.filter(({ spec }) => spec.type === list)) {
      if (user.list === null) found.add(user.transition);
      else follow(user.list);
    }
  };
  follow(action.list);
  return [...found];
}
