/**
 * The only file that knows XState. A definition's chart becomes a pure kernel: state in, event in, state out.
 * XState is used as a library of functions: no actor is started, no timer armed, nothing spawned. Its scope is ours and
 * inert, because `transition()` builds an actor (and the machine's initial snapshot) on every call.
 */
import { createMachine } from 'xstate';
import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { ActionSpec, Json, JsonObject, StateSpec, StatechartFile, TransitionMeta } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { StateValue } from '../types.js';
import type { MachineEvent, StepContext } from './step.js';

/** Microsteps after which a macrostep is stopped: XState itself knows no limit. */
const MAX_MICROSTEPS = 200;

/** Where a record stands, as it is stored. */
export interface Configuration {
  readonly value: StateValue;
  readonly historyValue: Json | null;
  readonly status: 'active' | 'done';
  readonly output: Json | null;
}

/** A transition that an active state declares for an event. */
export interface Candidate {
  readonly id: string;
  readonly event: string;
  /** Dot-joined path of the state that declares it; empty for the root. */
  readonly source: string;
  readonly guard: string | null;
  readonly meta: TransitionMeta;
  readonly description: string | null;
  readonly targets: readonly string[];
  readonly actions: readonly (string | ActionSpec)[];
  /** No target, no action, no meta: XState's way of forbidding an event. */
  readonly forbidden: boolean;
}

/** What the rest of the core plugs into the chart. */
export interface KernelParts {
  /** Whether a named guard holds; throws EngineError when its rule fails. */
  guard(name: string, step: StepContext, event: MachineEvent, paths: ReadonlySet<string>): boolean;
  /** Runs one action; may queue events that are handled inside the same macrostep. */
  action(action: ActionSpec, run: ActionRun): void;
  /** Actions that a name in `rules.json` stands for. */
  expand(name: string): readonly ActionSpec[];
  /** Actions to put before a state's own entry or exit actions, by path (approvals). */
  extra(path: string, when: 'entry' | 'exit'): readonly ActionSpec[];
}

/** An action's surroundings. */
export interface ActionRun {
  readonly step: StepContext;
  readonly event: MachineEvent;
  readonly paths: ReadonlySet<string>;
  raise(event: MachineEvent): void;
}

/** A chart as pure functions. */
export interface Kernel {
  initial(step: StepContext): Configuration;
  /** Candidates of an event in the present state, innermost first. */
  candidates(state: Configuration, event: string): readonly Candidate[];
  /** The transitions XState would select now; guards are evaluated. */
  selected(state: Configuration, event: MachineEvent, step: StepContext): readonly Candidate[];
  transition(state: Configuration, event: MachineEvent, step: StepContext): Configuration;
  /** Paths of all active states, outermost first. */
  paths(state: Configuration): readonly string[];
  /** The same as a set; the same object for the same configuration. */
  pathSet(state: Configuration): ReadonlySet<string>;
  /** Events that active states declare, in document order. */
  declared(state: Configuration): readonly string[];
  /** Every event of the chart. */
  readonly events: ReadonlySet<string>;
  /** Titles of events, from their first transition that has one. */
  readonly eventTitles: ReadonlyMap<string, string>;
  /** The configuration made of these leaf states; regions not named begin at their start. Null when one does not exist. */
  configuration(leaves: readonly string[]): Configuration | null;
  /** XState event ids of the `after`s of active states. */
  armedIn(state: Configuration): readonly string[];
  /** The `after` of an XState event id: delay name and state path. */
  after(id: string): { readonly delay: string; readonly path: string } | null;
  readonly stateTitle: (path: string) => string;
  /** Every transition of the chart that is not forbidden. */
  readonly transitions: readonly Candidate[];
}

interface Wrapped {
  readonly step: StepContext;
}

/** Builds the kernel of a checked chart. Costs milliseconds: keep it with the definition version. */
export function compileChart(key: string, chart: StatechartFile, parts: KernelParts): Kernel {
  const extended = withExtras(chart, [], parts);
  const machine = createMachine({ ...extended, id: key, context: ({ input }: { input: StepContext }) => ({ step: input }), options: { maxIterations: MAX_MICROSTEPS } } as never, implementations(extended as StatechartFile, parts) as never) as unknown as AnyStateMachine;
  return createKernel(machine);
}

function createKernel(machine: AnyStateMachine): Kernel {
  const scope = createScope();
  const snapshots = new Map<string, AnyMachineSnapshot>();
  const facts = describeNodes(machine);

  const restore = (state: Configuration): AnyMachineSnapshot => {
    const cacheKey = typeof state.value === 'string' && state.historyValue === null ? state.value : JSON.stringify([state.value, state.historyValue]);
    const known = snapshots.get(cacheKey);
    if (known) return known;
    const snapshot = machine.restoreSnapshot({ status: state.status, value: state.value, historyValue: state.historyValue ?? {}, context: {}, children: {}, output: undefined, error: undefined } as never, scope as never);
    if (snapshots.size > 2_000) snapshots.clear();
    snapshots.set(cacheKey, snapshot);
    return snapshot;
  };
  const within = (state: Configuration, step: StepContext): AnyMachineSnapshot => ({ ...restore(state), context: { step } satisfies Wrapped }) as AnyMachineSnapshot;
  const guarded = <T>(step: StepContext, work: () => T): T => {
    scope.step = step;
    try {
      return work();
    } catch (error) {
      throw step.failure ?? asFailure(error);
    } finally {
      scope.step = null;
    }
  };

  return {
    initial: (step) =>
      guarded(step, () => {
        const snapshot = machine.getInitialSnapshot(scope as never, step as never) as AnyMachineSnapshot;
        if (snapshot.status === 'error') throw snapshot.error;
        return toConfiguration(snapshot);
      }),
    candidates: (state, event) => candidatesOf(restore(state), event, facts),
    selected: (state, event, step) =>
      guarded(step, () => (machine.getTransitionData(within(state, step) as never, event as never) as AnyTransitionDefinition[]).map((transition) => facts.candidate(transition))),
    transition: (state, event, step) => guarded(step, () => toConfiguration(machine.transition(within(state, step) as never, event as never, scope as never) as AnyMachineSnapshot)),
    paths: (state) => [...pathSet(restore(state))],
    pathSet: (state) => pathSet(restore(state)),
    declared: (state) => declaredEvents(restore(state)),
    events: facts.events,
    eventTitles: facts.eventTitles,
    configuration: (leaves) => configurationOf(machine, leaves, facts),
    armedIn: (state) => {
      const active = new Set(facts.paths(restore(state)._nodes as AnyStateNode[]));
      return [...facts.afters].filter(([, { path }]) => path === '' || active.has(path)).map(([id]) => id);
    },
    after: (id) => facts.afters.get(id) ?? null,
    stateTitle: (path) => facts.titles.get(path) ?? path,
    transitions: facts.transitions.filter((transition) => !transition.forbidden),
  };
}

// ---- the inert scope -------------------------------------------------------------------------------------------------

interface InertScope {
  step: StepContext | null;
}

/** What XState's algorithm needs around it, doing nothing outside: armed and cancelled `after`s are noted on the step. */
function createScope(): InertScope {
  const self = { id: 'record', sessionId: 'record', send: () => undefined, getSnapshot: () => undefined };
  const scope = {
    step: null as StepContext | null,
    self,
    id: 'record',
    sessionId: 'record',
    logger: () => undefined,
    defer: () => undefined,
    emit: () => undefined,
    stopChild: () => undefined,
    system: {
      _sendInspectionEvent: (inspected: { event: MachineEvent; _transitions?: AnyTransitionDefinition[] }) => noteTaken(scope.step, inspected.event, inspected._transitions ?? []),
      scheduler: { schedule: () => undefined, cancel: () => undefined },
    },
    actionExecutor: (action: { type: string; params?: unknown }) => noteTimer(scope.step, action),
  };
  return scope;
}

function noteTimer(step: StepContext | null, action: { type: string; params?: unknown }): void {
  if (!step) return;
  if (action.type === 'xstate.raise') {
    const { id, delay } = action.params as { id?: string; delay?: number };
    if (typeof delay === 'number' && id) step.armed = { ...step.armed, [id]: step.at };
  } else if (action.type === 'xstate.cancel') {
    const { sendId } = action.params as { sendId: string };
    const { [sendId]: _gone, ...rest } = step.armed;
    step.armed = rest;
  }
}

function noteTaken(step: StepContext | null, event: MachineEvent, transitions: readonly AnyTransitionDefinition[]): void {
  if (!step) return;
  for (const transition of transitions) {
    if (!transition.source) continue;
    step.taken.push({ id: transitionIds.get(transition) ?? '', event: transition.eventType === '' ? 'always' : event.type, source: pathOf(transition.source), targets: (transition.target ?? []).map(pathOf) });
  }
}

// ---- implementations -------------------------------------------------------------------------------------------------

/** A function of XState's own shape for built-in actions: it sees the snapshot and the internal queue. */
interface Resolvable {
  (): void;
  type: string;
  resolve: (scope: unknown, snapshot: AnyMachineSnapshot, args: { context: Wrapped; event: MachineEvent }, params: JsonObject | undefined, self: unknown, extra: { internalQueue: MachineEvent[] }) => unknown[];
}

function implementations(chart: StatechartFile, parts: KernelParts) {
  const guards: Record<string, unknown> = Object.create(null);
  const actions: Record<string, unknown> = Object.create(null);
  const delays: Record<string, number> = Object.create(null);
  collectNames(chart, parts, {
    guard: (name) => void (guards[name] = toGuard(name, parts)),
    action: (name) => void (actions[name] = toAction(name, parts)),
    delay: (name) => void (delays[name] = 1),
  });
  return { guards, actions, delays };
}

function toGuard(name: string, parts: KernelParts) {
  const guard = () => false;
  guard.check = (snapshot: AnyMachineSnapshot, { context, event }: { context: Wrapped; event: MachineEvent }) => {
    const { step } = context;
    try {
      return parts.guard(name, step, withData(event), pathSet(snapshot));
    } catch (error) {
      step.failure ??= error instanceof EngineError ? error : null;
      throw error;
    }
  };
  return guard;
}

function toAction(name: string, parts: KernelParts): Resolvable {
  const action = (() => undefined) as unknown as Resolvable;
  action.type = name;
  action.resolve = (_scope, snapshot, { context, event }, params, _self, { internalQueue }) => {
    const { step } = context;
    const run: ActionRun = { step, event: withData(event), paths: pathSet(snapshot), raise: (raised) => void internalQueue.push(raised) };
    try {
      for (const spec of parts.expand(name)) parts.action(spec.type === name && params ? { type: name, params } : spec, run);
    } catch (error) {
      step.failure ??= error instanceof EngineError ? error : null;
      throw error;
    }
    // A fresh object tells XState that something changed, so that eventless transitions are looked at again.
    return [{ ...snapshot }, undefined, undefined];
  };
  return action;
}

/** Done events of XState carry `output`; rules see it as `event.output`. */
function withData(event: MachineEvent & { output?: Json }): MachineEvent {
  if (event.data) return event;
  return { type: event.type, data: event.output === undefined ? {} : { output: event.output } };
}

interface NameVisitor {
  guard(name: string): void;
  action(name: string): void;
  delay(name: string): void;
}

function collectNames(state: StateSpec, parts: KernelParts, visit: NameVisitor): void {
  const actions = (list: unknown) => {
    for (const action of asList(list)) visit.action(typeof action === 'string' ? action : (action as ActionSpec).type);
  };
  actions(state.entry);
  actions(state.exit);
  const groups = [...Object.values(state.on ?? {}), ...Object.values(state.after ?? {}), state.always, state.onDone];
  for (const transition of groups.flatMap(asList)) {
    if (typeof transition !== 'object' || transition === null) continue;
    const { guard, actions: own } = transition as { guard?: string | { type: string }; actions?: unknown };
    if (guard) visit.guard(typeof guard === 'string' ? guard : guard.type);
    actions(own);
  }
  for (const delay of Object.keys(state.after ?? {})) visit.delay(delay);
  for (const child of Object.values(state.states ?? {})) collectNames(child, parts, visit);
}

/** Puts the engine's own entry and exit actions (approvals) in front of a state's. */
function withExtras(state: StateSpec, path: readonly string[], parts: KernelParts): Record<string, unknown> {
  const here = path.join('.');
  const states = state.states && Object.fromEntries(Object.entries(state.states).map(([key, child]) => [key, withExtras(child, [...path, key], parts)]));
  const entry = [...parts.extra(here, 'entry'), ...asList(state.entry)];
  const exit = [...asList(state.exit), ...parts.extra(here, 'exit')];
  const { $schema: _schema, ...rest } = state as StateSpec & { $schema?: string };
  return { ...rest, ...(states ? { states } : {}), ...(entry.length ? { entry } : {}), ...(exit.length ? { exit } : {}) };
}

// ---- reading XState's nodes -------------------------------------------------------------------------------------------

/** Every transition XState made, by identity. */
const transitionIds = new WeakMap<AnyTransitionDefinition, string>();

interface NodeFacts {
  candidate(transition: AnyTransitionDefinition): Candidate;
  paths(nodes: readonly AnyStateNode[]): readonly string[];
  readonly events: ReadonlySet<string>;
  readonly eventTitles: ReadonlyMap<string, string>;
  readonly afters: ReadonlyMap<string, { delay: string; path: string }>;
  readonly transitions: readonly Candidate[];
  readonly titles: ReadonlyMap<string, string>;
}

function describeNodes(machine: AnyStateMachine): NodeFacts {
  const known = new Map<AnyTransitionDefinition, Candidate>();
  const events = new Set<string>();
  const afters = new Map<string, { delay: string; path: string }>();
  const titles = new Map<string, string>();
  const transitions: Candidate[] = [];
  const eventTitles = new Map<string, string>();
  for (const node of (machine as unknown as { idMap: Map<string, AnyStateNode> }).idMap.values()) {
    for (const [event, list] of [...node.transitions, ['', node.always ?? []] as const]) {
      for (const [index, transition] of (list as readonly AnyTransitionDefinition[]).entries()) {
        transitionIds.set(transition, `${pathOf(node)}|${event}|${index}`);
        transitions.push(toCandidate(transition));
      }
    }
    titles.set(pathOf(node), String((node.meta as { title?: string } | undefined)?.title ?? node.key));
    for (const [event, transitions] of Object.entries(node.config.on ?? {})) {
      events.add(event);
      const title = asList(transitions).map((transition) => (transition as { meta?: TransitionMeta }).meta?.title).find((found) => found !== undefined);
      if (title !== undefined && !eventTitles.has(event)) eventTitles.set(event, title);
    }
    for (const delay of Object.keys(node.config.after ?? {})) afters.set(`xstate.after.${delay}.${node.id}`, { delay, path: pathOf(node) });
  }
  return {
    candidate: (transition) => {
      const found = known.get(transition) ?? toCandidate(transition);
      known.set(transition, found);
      return found;
    },
    paths: (nodes) => nodes.filter((node) => node.parent).sort((a, b) => a.order - b.order).map(pathOf),
    events,
    eventTitles,
    afters,
    transitions,
    titles,
  };
}

function toCandidate(transition: AnyTransitionDefinition): Candidate {
  const meta = (transition.meta ?? {}) as TransitionMeta;
  const guard = transition.guard as string | { type: string } | undefined;
  return {
    id: transitionIds.get(transition) ?? '',
    event: transition.eventType,
    source: pathOf(transition.source),
    guard: guard === undefined ? null : typeof guard === 'string' ? guard : guard.type,
    meta,
    description: transition.description ?? null,
    targets: (transition.target ?? []).map(pathOf),
    actions: transition.actions as unknown as readonly (string | ActionSpec)[],
    forbidden: !transition.target && transition.actions.length === 0 && transition.meta === undefined,
  };
}

/** Innermost states first, so that a child's transition stands before its parent's. */
function candidatesOf(snapshot: AnyMachineSnapshot, event: string, facts: NodeFacts): readonly Candidate[] {
  const nodes = [...(snapshot._nodes as AnyStateNode[])].sort((a, b) => b.path.length - a.path.length || a.order - b.order);
  return nodes.flatMap((node) => (node.transitions.get(event) ?? []).map((transition) => facts.candidate(transition as AnyTransitionDefinition)));
}

function declaredEvents(snapshot: AnyMachineSnapshot): readonly string[] {
  const nodes = [...(snapshot._nodes as AnyStateNode[])].sort((a, b) => b.path.length - a.path.length || a.order - b.order);
  return [...new Set(nodes.flatMap((node) => Object.keys(node.config.on ?? {})))];
}

function configurationOf(machine: AnyStateMachine, leaves: readonly string[], facts: NodeFacts): Configuration | null {
  if (leaves.length === 0 || leaves.some((leaf) => !facts.titles.has(leaf))) return null;
  const tree: Record<string, unknown> = {};
  for (const leaf of leaves) {
    let at = tree;
    for (const key of leaf.split('.')) at = (at[key] ??= {}) as Record<string, unknown>;
  }
  return toConfiguration(machine.resolveState({ value: collapse(tree), context: {} } as never) as AnyMachineSnapshot);
}

/** `{a: {b: {}}}` is XState's `{a: 'b'}`. */
function collapse(tree: Record<string, unknown>): StateValue {
  const keys = Object.keys(tree);
  const [only] = keys;
  if (keys.length === 1 && only !== undefined && Object.keys(tree[only] as object).length === 0) return only;
  return Object.fromEntries(keys.map((key) => [key, Object.keys(tree[key] as object).length === 0 ? {} : collapse(tree[key] as Record<string, unknown>)])) as StateValue;
}

function toConfiguration(snapshot: AnyMachineSnapshot): Configuration {
  const history = snapshot.historyValue as Record<string, readonly AnyStateNode[]>;
  const names = Object.keys(history);
  return {
    value: snapshot.value as StateValue,
    historyValue: names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, (history[name] ?? []).map((node) => ({ id: node.id }))])),
    status: snapshot.status === 'done' ? 'done' : 'active',
    output: (snapshot.output as Json | undefined) ?? null,
  };
}

const pathSets = new WeakMap<object, ReadonlySet<string>>();

function pathSet(snapshot: AnyMachineSnapshot): ReadonlySet<string> {
  const nodes = snapshot._nodes as AnyStateNode[];
  let set = pathSets.get(nodes);
  if (!set) {
    set = new Set(nodes.filter((node) => node.parent).sort((a, b) => a.order - b.order).map(pathOf));
    pathSets.set(nodes, set);
  }
  return set;
}

function pathOf(node: AnyStateNode): string {
  return node.path.join('.');
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function asFailure(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError('RULE_FAILED', { rule: 'statechart', reason }, { cause: error });
}
