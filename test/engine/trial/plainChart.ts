/** A chart made ready for XState as it comes: each transition begins by saying which it is. */
import type { KernelParts } from '../../../engine/core/kernel.js';
import type { StatechartFile } from '../../../engine/definitions/authored.js';

export interface Node {
  readonly id: string;
  readonly path: string;
}

interface State {
  readonly id?: string;
  readonly type?: string;
  readonly on?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly always?: unknown;
  readonly onDone?: unknown;
  readonly entry?: unknown;
  readonly exit?: unknown;
  readonly states?: Readonly<Record<string, State>>;
}

interface Transition {
  readonly guard?: string | { readonly type: string };
  readonly actions?: unknown;
}

/** Every state but the chart itself and its history states, in the order of the document. */
export function eachNode(key: string, chart: StatechartFile): readonly Node[] {
  const below = (state: State, path: readonly string[]): readonly Node[] =>
    Object.entries(state.states ?? {}).flatMap(([name, child]) => {
      const here = [...path, name];
      if (child.type === 'history') return [];
      return [{ id: child.id ?? [key, ...here].join('.'), path: here.join('.') }, ...below(child, here)];
    });
  return below(chart as State, []);
}

export function marked(key: string, chart: StatechartFile, { extra }: Pick<KernelParts, 'extra'>): State {
  const mark = (state: State, path: readonly string[]): State => {
    const here = path.join('.');
    const id = (path.length > 0 ? state.id : undefined) ?? [key, ...path].join('.');
    const each = (event: string, list: unknown) => listOf(list).map((one, index) => withMark(one, `${here}|${event}|${index}`));
    const all = (group: State['on'], event: (name: string) => string) =>
      Object.fromEntries(Object.entries(group ?? {}).map(([name, list]) => [name, each(event(name), list)]));
    const states = Object.entries(state.states ?? {}).map(([name, child]) => [name, mark(child, [...path, name])]);
    const { $schema: _schema, ...rest } = state as State & { $schema?: string };
    return {
      ...rest,
      on: all(state.on, (name) => name),
      after: all(state.after, (name) => `xstate.after.${name}.${id}`),
      ...(state.always === undefined ? {} : { always: each('', state.always) }),
      ...(state.onDone === undefined ? {} : { onDone: each(`xstate.done.state.${id}`, state.onDone) }),
      ...(state.type === 'history' ? {} : { entry: [...extra(here, 'entry'), ...listOf(state.entry)], exit: [...listOf(state.exit), ...extra(here, 'exit')] }),
      ...(states.length === 0 ? {} : { states: Object.fromEntries(states) }),
    };
  };
  return mark(chart as State, []);
}

function withMark(transition: unknown, id: string): object {
  const { actions, ...rest } = (typeof transition === 'string' ? { target: transition } : transition) as Transition;
  return { ...rest, actions: [{ type: 'charter.taken', params: { id } }, ...listOf(actions)] };
}

/** The names that need something behind them. */
export function namesIn(state: State): { readonly guards: readonly string[]; readonly actions: readonly string[]; readonly delays: readonly string[] } {
  const transitions = [...Object.values(state.on ?? {}), ...Object.values(state.after ?? {}), state.always, state.onDone].flatMap(listOf) as Transition[];
  const actions = [state.entry, state.exit, ...transitions.map((transition) => transition.actions)].flatMap(listOf).map(nameOf);
  const below = Object.values(state.states ?? {}).map(namesIn);
  return {
    guards: [...transitions.flatMap(({ guard }) => (guard === undefined ? [] : [nameOf(guard)])), ...below.flatMap(({ guards }) => guards)],
    // The mark is an action that XState hands back: nothing stands behind it.
    actions: [...actions.filter((name) => name !== 'charter.taken'), ...below.flatMap((names) => names.actions)],
    delays: [...Object.keys(state.after ?? {}), ...below.flatMap(({ delays }) => delays)],
  };
}

function nameOf(named: unknown): string {
  return typeof named === 'string' ? named : (named as { type: string }).type;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
