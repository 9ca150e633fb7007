/** What the checks look at: the files of one process after their schemas, the chart as a tree with resolved targets, and what is around. */
import type {
  ActionList,
  ActionSpec,
  FieldSchema,
  FormFile,
  MessagesFile,
  MigrationFile,
  ProcessFile,
  RulesFile,
  ScenariosFile,
  SharedRules,
  StatechartFile,
  StateSpec,
} from './authored.js';
import { builtInRoles, guardName, type PlacedTransition, type StateType, stateType, toActions, toTargets, transitionsOf } from './normal.js';
import { joinPointer } from './pointer.js';

/** The files a process may have. */
export const processFileNames = ['statechart.json', 'rules.json', 'form.json', 'process.json', 'scenarios.json', 'messages.json', 'migration.json'] as const;

/** Files as far as they could be read; what a schema refused is left out. */
export interface ReadableFiles {
  readonly 'statechart.json'?: StatechartFile;
  readonly 'rules.json'?: RulesFile;
  readonly 'form.json'?: FormFile;
  readonly 'process.json'?: ProcessFile;
  readonly 'scenarios.json'?: ScenariosFile;
  readonly 'messages.json'?: MessagesFile;
  readonly 'migration.json'?: MigrationFile;
}

export interface StateNode {
  readonly key: string;
  /** Dot-joined keys from the root's children; empty for the root. */
  readonly path: string;
  readonly pointer: string;
  readonly spec: StateSpec;
  readonly type: StateType;
  /** As XState makes it: the declared id, else the chart's id and the path. */
  readonly id: string;
  readonly depth: number;
  readonly parent: StateNode | null;
  readonly children: StateNode[];
  readonly transitions: TransitionNode[];
}

export interface TransitionNode extends PlacedTransition {
  readonly source: StateNode;
  readonly guard: string | null;
  /** Those that exist; a target that does not is reported by its own check. */
  readonly targets: StateNode[];
}

/** An action where it stands. */
export interface PlacedAction {
  readonly file: 'statechart.json' | 'rules.json';
  readonly pointer: string;
  readonly spec: ActionSpec;
  /** The state it belongs to; null in a named list. */
  readonly state: StateNode | null;
  readonly transition: TransitionNode | null;
  /** Name of the list in rules.json. */
  readonly list: string | null;
}

export interface Surroundings {
  readonly shared: SharedRules;
  readonly processes: ReadonlyMap<string, { readonly form?: FormFile; readonly process?: ProcessFile }>;
}

export interface Model {
  readonly key: string;
  readonly files: ReadableFiles;
  readonly around: Surroundings;
  /** All states in document order, the root first; empty when there is no chart to look at. */
  readonly states: readonly StateNode[];
  readonly transitions: readonly TransitionNode[];
  readonly actions: readonly PlacedAction[];
  readonly byPath: ReadonlyMap<string, StateNode>;
  readonly fields: ReadonlyMap<string, FieldSchema>;
  readonly roles: ReadonlySet<string>;
  /** Events that some state handles. */
  readonly events: ReadonlySet<string>;
}

export function createModel(key: string, files: ReadableFiles, around: Surroundings): Model {
  const chart = files['statechart.json'];
  const states = chart ? toTree(chart, key) : [];
  const find = createFinder(states);
  for (const state of states) {
    for (const placed of transitionsOf(state.spec, state.pointer)) {
      const targets = toTargets(placed.spec).flatMap((target) => find(state, target) ?? []);
      state.transitions.push({ ...placed, source: state, guard: guardName(placed.spec), targets });
    }
  }
  const transitions = states.flatMap((state) => state.transitions);
  return {
    key,
    files,
    around,
    states,
    transitions,
    actions: [...states.flatMap(actionsOfState), ...actionsOfLists(files['rules.json'])],
    byPath: new Map(states.filter(({ parent }) => parent).map((state) => [state.path, state])),
    fields: new Map(Object.entries(files['form.json']?.properties ?? {})),
    roles: knownRoles(around.shared),
    events: new Set(states.flatMap(({ spec }) => Object.keys(spec.on ?? {}))),
  };
}

/** Roles somebody can hold: those that always exist and those that the shared rules declare. */
function knownRoles(shared: SharedRules): ReadonlySet<string> {
  const declared = Object.values(shared.policy).flatMap((file) => (file.kind === 'roles' ? Object.keys(file.roles) : []));
  return new Set([...builtInRoles, ...declared]);
}

function toTree(chart: StatechartFile, key: string): StateNode[] {
  const all: StateNode[] = [];
  const rootId = chart.id ?? key;
  const grow = (spec: StateSpec, name: string, parent: StateNode | null): StateNode => {
    const path = parent === null ? '' : parent.path === '' ? name : `${parent.path}.${name}`;
    const pointer = parent === null ? '' : joinPointer(`${parent.pointer}/states`, name);
    const node: StateNode = {
      key: name,
      path,
      pointer,
      spec,
      type: stateType(spec),
      id: spec.id ?? (path === '' ? rootId : `${rootId}.${path}`),
      depth: parent ? parent.depth + 1 : 0,
      parent,
      children: [],
      transitions: [],
    };
    all.push(node);
    for (const [childKey, child] of Object.entries(spec.states ?? {})) node.children.push(grow(child, childKey, node));
    return node;
  };
  grow(chart, rootId, null);
  return all;
}

/** Finds the state that a target means, by XState's own rules. */
export function createFinder(states: readonly StateNode[]): (from: StateNode, target: string) => StateNode | null {
  const byId = new Map(states.map((state) => [state.id, state]));
  const walk = (start: StateNode | undefined | null, keys: readonly string[]): StateNode | null => {
    let node = start ?? null;
    for (const key of keys) node = node?.children.find((child) => child.key === key) ?? null;
    return node;
  };
  return (from, target) => {
    const keys = target.split('.');
    if (target.startsWith('#')) return byId.get(target.slice(1)) ?? walk(byId.get((keys[0] ?? '').slice(1)), keys.slice(1));
    if (target.startsWith('.')) return walk(from, keys.slice(1));
    return walk(from.parent, keys);
  };
}

/** Where a history state without a target of its own, or `initial`, leads. */
export function initialChild(state: StateNode): StateNode | null {
  return state.children.find(({ key }) => key === state.spec.initial) ?? null;
}

/** The state and all around it, innermost first, the root last. */
export function withAncestors(state: StateNode): readonly StateNode[] {
  const chain: StateNode[] = [];
  for (let node: StateNode | null = state; node; node = node.parent) chain.push(node);
  return chain;
}

export function isInside(state: StateNode, around: StateNode): boolean {
  return state === around || withAncestors(state).includes(around);
}

/** A state as problems name it. */
export function nameOf(state: StateNode): string {
  return state.path === '' ? 'the chart' : `the state ${state.path}`;
}

function actionsOfState(state: StateNode): PlacedAction[] {
  const place = (list: ActionList | undefined, at: string, transition: TransitionNode | null): PlacedAction[] =>
    toActions(list).map((spec, index) => ({
      file: 'statechart.json',
      pointer: Array.isArray(list) ? joinPointer(at, String(index)) : at,
      spec,
      state,
      transition,
      list: null,
    }));
  return [
    ...place(state.spec.entry, `${state.pointer}/entry`, null),
    ...place(state.spec.exit, `${state.pointer}/exit`, null),
    ...state.transitions.flatMap((transition) => place(transition.spec.actions, `${transition.pointer}/actions`, transition)),
  ];
}

function actionsOfLists(rules: RulesFile | undefined): PlacedAction[] {
  return Object.entries(rules?.actions ?? {}).flatMap(([name, list]) =>
    toActions(list).map(
      (spec, index): PlacedAction => ({
        file: 'rules.json',
        pointer: joinPointer(joinPointer('/actions', name), String(index)),
        spec,
        state: null,
        transition: null,
        list: name,
      }),
    ),
  );
}
