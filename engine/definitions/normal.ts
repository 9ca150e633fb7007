/** Reads the authored shape uniformly: what may be written short is given in full. Pure; expects what the checker accepted. */
import type { StateValue } from '../types.js';
import type {
  ActionList,
  ActionSpec,
  FieldSchema,
  FormField,
  FormFile,
  Json,
  ProcessFiles,
  Rule,
  StatechartFile,
  StateSpec,
  TransitionSpec,
  TransitionSpecs,
} from './authored.js';
import { joinPointer } from './pointer.js';

/** Actions the engine has; every other name is a list in `rules.json`. */
export const builtInActions = ['set', 'vote', 'raise', 'cancel', 'create', 'link', 'signal', 'notify', 'webhook', 'measure'] as const;
export type BuiltInAction = (typeof builtInActions)[number];

/** Facts under `record.` that the engine keeps itself; no field may have such a name. */
export const engineFields = ['number', 'createdAt', 'createdBy', 'updatedAt'] as const;

/** Roles that exist without being declared. */
export const builtInRoles = ['administrator', 'process-owner', 'auditor'] as const;

export function isBuiltInAction(type: string): type is BuiltInAction {
  return (builtInActions as readonly string[]).includes(type);
}

/** Whether only the engine may send this event: its name has a dot. */
export function isEngineEvent(type: string): boolean {
  return type.includes('.');
}

/** A list of transitions, each an object; a bare text is a target. */
export function toTransitions(specs: TransitionSpecs | undefined): readonly TransitionSpec[] {
  return toList(specs).map((spec) => (typeof spec === 'string' ? { target: spec } : spec));
}

/** A list of actions, each an object; a bare text is a type. */
export function toActions(list: ActionList | undefined): readonly ActionSpec[] {
  return toList(list).map((action) => (typeof action === 'string' ? { type: action } : action));
}

/** Targets as written; none when the state stays. */
export function toTargets(transition: TransitionSpec): readonly string[] {
  return toList(transition.target);
}

/** Name of the guard, or null. */
export function guardName(transition: TransitionSpec): string | null {
  const { guard } = transition;
  if (guard === undefined) return null;
  return typeof guard === 'string' ? guard : guard.type;
}

function toList<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

export type StateType = 'atomic' | 'compound' | 'parallel' | 'final' | 'history';

/** The type XState gives a state that does not say one. */
export function stateType(spec: StateSpec): StateType {
  if (spec.type) return spec.type;
  if (spec.states && Object.keys(spec.states).length > 0) return 'compound';
  return spec.history ? 'history' : 'atomic';
}

/** A state's place: dot-joined keys from the root's children; empty for the root. */
export type StateVisit = (path: string, spec: StateSpec, pointer: string) => void;

/** Visits the root (path empty) and all states in document order, parents first. */
export function walkStates(chart: StatechartFile, visit: StateVisit): void {
  const walk = (path: string, spec: StateSpec, pointer: string): void => {
    visit(path, spec, pointer);
    for (const [key, child] of Object.entries(spec.states ?? {})) {
      walk(path === '' ? key : `${path}.${key}`, child, joinPointer(joinPointer(pointer, 'states'), key));
    }
  };
  walk('', chart, '');
}

/** One transition with its place. `event` is the event's type, the delay's name, or empty for `always` and `onDone`. */
export interface PlacedTransition {
  readonly kind: 'on' | 'always' | 'after' | 'onDone';
  readonly event: string;
  readonly spec: TransitionSpec;
  /** Position among the candidates of the same event in the same state. */
  readonly index: number;
  readonly pointer: string;
}

/** All transitions a state declares, in document order; `pointer` is the state's. */
export function transitionsOf(spec: StateSpec, pointer: string): readonly PlacedTransition[] {
  const place = (kind: PlacedTransition['kind'], event: string, specs: TransitionSpecs | undefined, at: string): PlacedTransition[] =>
    toTransitions(specs).map((one, index) => ({ kind, event, spec: one, index, pointer: Array.isArray(specs) ? joinPointer(at, String(index)) : at }));
  const group = (kind: 'on' | 'after', map: { readonly [name: string]: TransitionSpecs } | undefined) =>
    Object.entries(map ?? {}).flatMap(([event, specs]) => place(kind, event, specs, joinPointer(`${pointer}/${kind}`, event)));
  return [
    ...group('on', spec.on),
    ...place('always', '', spec.always, `${pointer}/always`),
    ...group('after', spec.after),
    ...place('onDone', '', spec.onDone, `${pointer}/onDone`),
  ];
}

/** A field a form asks for, in full. */
export interface AskedFor {
  readonly field: string;
  readonly required: boolean;
  readonly default?: Rule;
}

/** The fields of a transition's or creation's form. With `form`, its own `required` counts wherever a field is asked for. */
export function formFields(list: readonly FormField[] | undefined, form?: FormFile): readonly AskedFor[] {
  return (list ?? []).map((entry) => {
    const asked = typeof entry === 'string' ? { field: entry } : entry;
    const required = asked.required ?? form?.required?.includes(asked.field) ?? false;
    return { field: asked.field, required, ...(asked.default === undefined ? {} : { default: asked.default }) };
  });
}

/**
 * The fields asked at creation: `process.json`'s, else every field that people may fill.
 */
export function creationFields(files: ProcessFiles): readonly AskedFor[] {
  const form = files['form.json'];
  const declared = files['process.json']?.create?.form;
  if (declared) return formFields(declared, form);
  return formFields(
    Object.entries(form?.properties ?? {})
      .filter(([, schema]) => schema.readOnly !== true)
      .map(([field]) => field),
    form,
  );
}

/** What people read for a field. */
export function fieldTitle(form: FormFile | undefined, field: string): string {
  return fieldOf(form, field)?.title ?? field;
}

/** A field's schema; own members only. */
function fieldOf(form: FormFile | undefined, field: string): FieldSchema | undefined {
  return form && Object.hasOwn(form.properties, field) ? form.properties[field] : undefined;
}

/** What people read for a state. */
export function stateTitle(path: string, spec: StateSpec): string {
  return spec.meta?.title ?? path.slice(path.lastIndexOf('.') + 1);
}

/** Paths of all active states of a state value, parents first: `{active: 'waiting'}` gives `active`, `active.waiting`. */
export function statePaths(value: StateValue): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...(inner === undefined ? [] : statePaths(inner).map((path) => `${key}.${path}`))]);
}

/** Visits every JSON value inside another, the value itself first. */
export function walkJson(value: Json, visit: (value: Json, pointer: string) => void, pointer = ''): void {
  visit(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) walkJson(inner, visit, joinPointer(pointer, key));
}
