/**
 * A statechart file as one tree of states and one list of transitions, with targets resolved the way XState resolves them.
 * Tolerant on purpose: drafts are drawn while they are still faulty, so what cannot be resolved is left out, never thrown at.
 */
import type { ProcessFiles, StateSpec, TransitionSpec, TransitionSpecs } from '../../../engine/index.js';
import { guardName } from './guardWords.js';
import { type Trigger, triggerOf } from './triggers.js';
import { humanise } from './words.js';

export type StateKind = 'atomic' | 'compound' | 'parallel' | 'final' | 'history';

export interface ChartState {
  /** Dot-joined keys from the root's children; the root itself is ''. */
  readonly path: string;
  readonly title: string;
  readonly description: string | null;
  readonly kind: StateKind;
  readonly deep: boolean;
  readonly depth: number;
  readonly parent: string | null;
  readonly children: readonly ChartState[];
  /** Path of the initial child. */
  readonly initial: string | null;
  readonly spec: StateSpec;
}

export interface ChartTransition {
  readonly source: string;
  readonly trigger: Trigger;
  readonly guard: string | null;
  /** Resolved paths; empty: stays where it is. */
  readonly targets: readonly string[];
  /** Targets that no state answers to: a fault the checker names too. */
  readonly lost: readonly string[];
  readonly spec: TransitionSpec;
}

export interface Chart {
  readonly root: ChartState;
  readonly states: ReadonlyMap<string, ChartState>;
  readonly transitions: readonly ChartTransition[];
}

export function readChart(files: Partial<ProcessFiles>): Chart {
  const file = files['statechart.json'];
  const spec: StateSpec = isObject(file) ? file : {};
  const root = readState(spec, { path: '', key: spec.id ?? 'process', depth: 0, parent: null });
  const states = new Map<string, ChartState>();
  walk(root, (state) => states.set(state.path, state));
  const ids = idsOf(states, spec.id);
  const transitions = [...states.values()].flatMap((state) => transitionsOf(state, files, (target) => resolve(target, state, states, ids)));
  return { root, states, transitions };
}

interface Place {
  readonly path: string;
  readonly key: string;
  readonly depth: number;
  readonly parent: string | null;
}

function readState(spec: StateSpec, place: Place): ChartState {
  const entries = isObject(spec.states) ? Object.entries(spec.states).filter(([, child]) => isObject(child)) : [];
  const children = entries.map(([key, child]) =>
    readState(child, { path: place.path === '' ? key : `${place.path}.${key}`, key, depth: place.depth + 1, parent: place.path }),
  );
  const initial = children.find((child) => child.path === (place.path === '' ? spec.initial : `${place.path}.${spec.initial}`));
  return {
    path: place.path,
    title: text(spec.meta?.title) ?? humanise(place.key),
    description: text(spec.description) ?? text(spec.meta?.description),
    kind: kindOf(spec, children.length),
    deep: spec.history === 'deep',
    depth: place.depth,
    parent: place.parent,
    children,
    initial: initial?.path ?? null,
    spec,
  };
}

function kindOf(spec: StateSpec, children: number): StateKind {
  if (spec.type === 'final' || spec.type === 'parallel') return spec.type;
  if (spec.type === 'history' || spec.history) return 'history';
  return children > 0 ? 'compound' : 'atomic';
}

function transitionsOf(state: ChartState, files: Partial<ProcessFiles>, resolved: (target: string) => string | null): ChartTransition[] {
  const { spec } = state;
  const of = (kind: Trigger['kind'] | null, name: string, specs: unknown): ChartTransition[] =>
    candidates(specs as TransitionSpecs).map((candidate) => {
      const named = (Array.isArray(candidate.target) ? candidate.target : [candidate.target]).filter((target) => typeof target === 'string') as string[];
      const found = named.map(resolved);
      const targets = found.filter((path) => path !== null);
      const lost = named.filter((_, index) => found[index] === null);
      return { source: state.path, trigger: triggerOf(kind, name, candidate, files), guard: guardName(candidate), targets, lost, spec: candidate };
    });
  return [
    ...Object.entries(isObject(spec.on) ? spec.on : {}).flatMap(([event, specs]) => of(null, event, specs)),
    ...Object.entries(isObject(spec.after) ? spec.after : {}).flatMap(([delay, specs]) => of('after', delay, specs)),
    ...(spec.always === undefined ? [] : of('always', '', spec.always)),
    ...(spec.onDone === undefined ? [] : of('done', state.path, spec.onDone)),
    ...historyDefault(state, resolved),
  ];
}

/** Where a history state leads when there is no history yet. */
function historyDefault(state: ChartState, resolved: (target: string) => string | null): ChartTransition[] {
  if (state.kind !== 'history' || typeof state.spec.target !== 'string') return [];
  const target = resolved(state.spec.target);
  const trigger: Trigger = { kind: 'default', event: '', title: '' };
  return target === null ? [] : [{ source: state.path, trigger, guard: null, targets: [target], lost: [], spec: {} }];
}

function candidates(specs: TransitionSpecs | undefined): readonly TransitionSpec[] {
  const list = Array.isArray(specs) ? (specs as readonly unknown[]) : [specs];
  return list.flatMap((spec) => (typeof spec === 'string' ? [{ target: spec }] : isObject(spec) ? [spec as TransitionSpec] : []));
}

/** `.child`, `sibling`, `sibling.child`, `#id`, `#id.child`; the machine's own id counts as the root's. */
function resolve(target: string, from: ChartState, states: ReadonlyMap<string, ChartState>, ids: ReadonlyMap<string, string>): string | null {
  const join = (base: string, rest: string): string => [base, rest].filter((part) => part !== '').join('.');
  let path: string;
  if (target.startsWith('#')) {
    const [id = '', ...rest] = target.slice(1).split('.');
    const base = ids.get(target.slice(1)) ?? ids.get(id);
    if (base === undefined) return null;
    path = ids.has(target.slice(1)) ? base : join(base, rest.join('.'));
  } else if (target.startsWith('.')) path = join(from.path, target.slice(1));
  else path = join(from.parent ?? '', target);
  return states.has(path) ? path : null;
}

function idsOf(states: ReadonlyMap<string, ChartState>, rootId: string | undefined): Map<string, string> {
  const ids = new Map<string, string>();
  for (const state of states.values()) {
    if (typeof state.spec.id === 'string') ids.set(state.spec.id, state.path);
  }
  if (typeof rootId === 'string') ids.set(rootId, '');
  return ids;
}

function walk(state: ChartState, visit: (state: ChartState) => void): void {
  visit(state);
  for (const child of state.children) walk(child, visit);
}

/** True when `path` is `ancestor` or lies inside it. */
export function isWithin(path: string, ancestor: string): boolean {
  return ancestor === '' || path === ancestor || path.startsWith(`${ancestor}.`);
}

export function isObject(value: unknown): value is { readonly [key: string]: never } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}
