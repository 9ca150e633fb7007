/** What things are called: fields, their choices, states, roles, and other processes, from one definition. */
import type { DefinitionView } from '../../../engine/index.js';
import { type Chart, isObject, readChart } from '../drawing/chart.js';
import { humanise } from '../drawing/words.js';

export interface Naming {
  readonly view: DefinitionView;
  readonly chart: Chart;
  /** By path of a rule: `priority`, `priority=1`, state paths. */
  readonly titles: ReadonlyMap<string, string>;
  readonly roles: ReadonlyMap<string, string>;
}

const BUILT_IN: readonly (readonly [string, string])[] = [
  ['administrator', 'Administrator'],
  ['process-owner', 'Process owner'],
  ['auditor', 'Auditor'],
];

export function namingOf(view: DefinitionView): Naming {
  const chart = readChart(view.files);
  return { view, chart, titles: titlesOf(view, chart), roles: rolesOf(view) };
}

export function roleTitle(naming: Naming, role: string): string {
  return naming.roles.get(role) ?? humanise(role);
}

export function fieldTitle(naming: Naming, field: string): string {
  return naming.titles.get(field) ?? humanise(field);
}

/** A state by its title; states whose titles are used twice are told apart by what is around them. */
export function stateTitle(naming: Naming, path: string): string {
  const state = naming.chart.states.get(path);
  if (!state) return humanise(path.split('.').at(-1) ?? path);
  if (state.kind === 'history') return `where “${stateTitle(naming, state.parent ?? '')}” was left`;
  const twins = [...naming.chart.states.values()].filter((other) => other.title === state.title && other.kind !== 'history');
  const around = naming.chart.states.get(state.parent ?? '');
  return twins.length > 1 && around && around.path !== '' && around.title !== state.title ? `${state.title} (${around.title})` : state.title;
}

/** The title in quotation marks, or the phrase that stands for a history state. */
export function quotedState(naming: Naming, path: string): string {
  return naming.chart.states.get(path)?.kind === 'history' ? stateTitle(naming, path) : `“${stateTitle(naming, path)}”`;
}

function titlesOf(view: DefinitionView, chart: Chart): Map<string, string> {
  const titles = new Map<string, string>();
  for (const [field, schema] of Object.entries(view.form.properties ?? {})) {
    titles.set(field, schema.title ?? humanise(field));
    for (const choice of schema.oneOf ?? []) if (choice.title !== undefined) titles.set(`${field}=${String(choice.const)}`, choice.title);
    const list = view.policy[schema['x-charter']?.choices ?? ''];
    const entries = isObject(list) && Array.isArray(list.entries) ? (list.entries as readonly { id?: unknown; title?: unknown }[]) : [];
    for (const entry of entries) if (typeof entry.title === 'string') titles.set(`${field}=${String(entry.id)}`, entry.title);
  }
  for (const state of chart.states.values()) if (state.path !== '') titles.set(state.path, `“${state.title}”`);
  return titles;
}

function rolesOf(view: DefinitionView): Map<string, string> {
  const roles = new Map<string, string>(BUILT_IN);
  for (const file of Object.values(view.policy)) {
    if (!isObject(file) || file.kind !== 'roles' || !isObject(file.roles)) continue;
    for (const [role, spec] of Object.entries(file.roles as { readonly [role: string]: { readonly title?: string } }))
      roles.set(role, spec?.title ?? humanise(role));
  }
  return roles;
}
