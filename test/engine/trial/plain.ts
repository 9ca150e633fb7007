/**
 * XState as it comes, to hold the kernel against: the same chart with the same guards and actions, run by the library's published
 * functions alone (`initialTransition`, `transition`, `stateIn`, `enqueueActions`). Nothing of it is replaced, remembered or
 * kept from doing its work.
 */
import { and, createMachine, enqueueActions, getNextTransitions, initialTransition, or, stateIn, transition } from 'xstate';
import type { ActionSpec, StatechartFile } from '../../../engine/definitions/authored.js';
import { guardHolds } from '../../../engine/core/facts.js';
import type { Candidate, Configuration, Kernel, KernelParts } from '../../../engine/core/kernel.js';
import type { Program } from '../../../engine/core/program.js';
import type { MachineEvent, StepContext } from '../../../engine/core/step.js';
import type { Json, JsonObject, StateValue } from '../../../engine/types.js';
import { eachNode, marked, type Node, namesIn } from './plainChart.js';

/** What of XState is used here, in the few words this file needs. */
interface Snapshot {
  readonly status: 'active' | 'done' | 'error';
  readonly value: StateValue;
  readonly output?: Json;
  readonly error?: unknown;
}

interface Declared {
  readonly eventType: string;
  readonly source: { readonly path: readonly string[]; readonly order: number };
  readonly actions: readonly { readonly params: { readonly id: string } }[];
}

interface Machine {
  resolveState(config: object): Snapshot;
  getPersistedSnapshot(snapshot: Snapshot & { readonly context: object }): {
    readonly historyValue?: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
  getStateNodeById(id: string): object;
  getTransitionData(snapshot: Snapshot, event: MachineEvent): readonly Declared[];
}

/** An action that `transition` hands back instead of doing it. */
interface Collected {
  readonly type: string;
  readonly info: { readonly event: MachineEvent };
  readonly params?: { readonly id?: string; readonly delay?: number; readonly sendId?: string };
}

type PlainKernel = Pick<Kernel, 'initial' | 'transition' | 'selected' | 'candidates' | 'paths' | 'pathSet'> & {
  /** The record stands where the last step led: it goes on from that very snapshot instead of one that was restored. */
  standsThere(record: Configuration): void;
};

/** A program whose chart can also be run by XState as it comes. */
export interface Twofold {
  readonly program: Program;
  /** Whatever the program decides within this work, XState as it comes moves the chart. */
  plainly<T>(work: () => T): T;
  standsThere(record: Configuration): void;
}

export function twofold(program: Program): Twofold {
  const parts: KernelParts = {
    guard: (name, step, event, paths) => guardHolds(program, name, { step, event, paths }),
    action: program.actions.run,
    expand: program.actions.expand,
    extra: (path, when) => approvalsAt(program, path, when),
  };
  const { standsThere, ...plain } = plainKernel(program.key, program.files['statechart.json'], { parts, known: program.kernel });
  const kernel = { ...program.kernel };
  return {
    program: { ...program, kernel },
    standsThere,
    plainly(work) {
      Object.assign(kernel, plain);
      try {
        return work();
      } finally {
        Object.assign(kernel, program.kernel);
      }
    },
  };
}

function approvalsAt({ process }: Program, path: string, when: 'entry' | 'exit'): readonly ActionSpec[] {
  const here = Object.entries(process.approvals ?? {}).filter(([, { state }]) => state === path);
  return here.map(([approval]) => ({ type: when === 'entry' ? 'charter.approval.begin' : 'charter.approval.end', params: { approval } }));
}

/** `known` tells how the kernel writes down a transition; which are taken is XState's word. */
export function plainKernel(key: string, chart: StatechartFile, { parts, known }: { parts: KernelParts; known: Kernel }): PlainKernel {
  const nodes = eachNode(key, chart);
  const machine = plainMachine(key, { chart, nodes, parts });
  const snapshots = new WeakMap<object, Snapshot>();
  let last: { readonly snapshot: Snapshot; readonly configuration: Configuration } | null = null;

  const restored = ({ value, historyValue, status }: Configuration): Snapshot => {
    const remembered = Object.entries((historyValue ?? {}) as Record<string, readonly { id: string }[]>);
    const history = Object.fromEntries(remembered.map(([name, ids]) => [name, ids.map(({ id }) => machine.getStateNodeById(id))]));
    return machine.resolveState({ value, historyValue: history, status, context: {} });
  };
  const within = (state: Configuration, step: StepContext | null): Snapshot => {
    const found = snapshots.get(state) ?? restored(state);
    return Object.assign(Object.create(Object.getPrototypeOf(found) as object), found, { context: { step } }) as Snapshot;
  };
  const candidateOf = (state: Configuration, { eventType, actions }: Declared): Candidate => {
    const id = actions[0]?.params.id;
    const found = known.candidates(state, eventType).find((candidate) => candidate.id === id) ?? known.transitions.find((candidate) => candidate.id === id);
    if (!found) throw new Error(`XState knows a transition ${id} that the kernel does not`);
    return found;
  };
  const led = (step: StepContext, work: () => readonly [unknown, readonly unknown[]]): Configuration => {
    const [snapshot, collected] = attempted(step, work) as readonly [Snapshot, readonly Collected[]];
    if (snapshot.status === 'error') throw step.failure ?? snapshot.error;
    note(step, collected, known);
    const configuration = configurationOf(machine, snapshot);
    snapshots.set(configuration, snapshot);
    last = { snapshot, configuration };
    return configuration;
  };
  const pathsOf = (state: Configuration): readonly string[] => {
    const active = new Set(pathsIn(state.value));
    return nodes.map(({ path }) => path).filter((path) => active.has(path));
  };

  return {
    initial: (step) => led(step, () => initialTransition(machine as never, step as never) as never),
    transition: (state, event, step) => led(step, () => transition(machine as never, within(state, step) as never, event as never) as never),
    selected: (state, event, step) =>
      attempted(step, () => machine.getTransitionData(within(state, step), event).map((declared) => candidateOf(state, declared))),
    candidates: (state, event) =>
      (getNextTransitions(within(state, null) as never) as unknown as readonly Declared[])
        .filter(({ eventType }) => eventType === event)
        .sort((a, b) => b.source.path.length - a.source.path.length || a.source.order - b.source.order)
        .map((declared) => candidateOf(state, declared)),
    paths: pathsOf,
    pathSet: (state) => new Set(pathsOf(state)),
    standsThere(record) {
      const same = last && JSON.stringify([last.configuration.value, last.configuration.historyValue]) === JSON.stringify([record.value, record.historyValue]);
      if (last && same) snapshots.set(record, last.snapshot);
    },
  };
}

function plainMachine(key: string, { chart, nodes, parts }: { chart: StatechartFile; nodes: readonly Node[]; parts: KernelParts }): Machine {
  const extended = marked(key, chart, parts);
  const { guards, actions, delays } = namesIn(extended);
  const implementations = {
    guards: Object.fromEntries(guards.map((name) => [name, plainGuard(name, nodes, parts)])),
    actions: Object.fromEntries(actions.map((name) => [name, plainAction(name, nodes, parts)])),
    delays: Object.fromEntries(delays.map((name) => [name, 1])),
  };
  const config = { ...extended, id: key, context: ({ input }: { input?: StepContext }) => ({ step: input ?? null }), options: { maxIterations: 200 } };
  return createMachine(config as never, implementations as never) as unknown as Machine;
}

interface Call {
  readonly context: { readonly step: StepContext | null };
  readonly event: MachineEvent & { readonly output?: Json };
}

/** A guard of XState is not shown the state: each `stateIn` that holds is noted, then the rule is asked. */
function plainGuard(name: string, nodes: readonly Node[], parts: KernelParts) {
  const paths = new Set<string>();
  const noted = nodes.map(({ id, path }) => and([stateIn(`#${id}`), () => !paths.add(path)]));
  const begun = () => {
    paths.clear();
    return true;
  };
  const asked = ({ context: { step }, event }: Call): boolean => step !== null && parts.guard(name, step, seenBy(event), new Set(paths));
  return and([begun, or([...noted, () => true] as never), asked as never] as never);
}

/** An action of Charter works on the step at once and tells XState that the context is another. */
function plainAction(name: string, nodes: readonly Node[], parts: KernelParts) {
  return enqueueActions(({ context, event, enqueue, check }, params) => {
    const { step } = context as Call['context'];
    // XState makes a machine's initial snapshot with each actor, without input: nothing is to happen for it.
    if (step === null) return;
    const paths = new Set(nodes.filter(({ id }) => check(stateIn(`#${id}`) as never)).map(({ path }) => path));
    const run = { step, event: seenBy(event as unknown as Call['event']), paths, raise: (raised: MachineEvent) => enqueue.raise(raised as never) };
    for (const spec of parts.expand(name)) parts.action(spec.type === name && params ? { type: name, params: params as unknown as JsonObject } : spec, run);
    enqueue.assign(({ context: before }) => ({ ...(before as object) }) as never);
  });
}

function seenBy(event: Call['event']): MachineEvent {
  if (event.data) return event;
  return { type: event.type, data: event.output === undefined ? {} : { output: event.output } };
}

/** What a rule refused inside XState is told as itself. */
function attempted<T>(step: StepContext, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw step.failure ?? error;
  }
}

/** Transitions taken and timers, from the actions that XState hands back. */
function note(step: StepContext, collected: readonly Collected[], known: Kernel): void {
  for (const { type, params, info } of collected) {
    if (type === 'charter.taken') step.taken.push(takenOf(String(params?.id), info.event, known));
    if (type === 'xstate.raise' && typeof params?.delay === 'number') step.armed = { ...step.armed, [String(params.id)]: step.at };
    if (type === 'xstate.cancel') step.armed = Object.fromEntries(Object.entries(step.armed).filter(([id]) => id !== params?.sendId));
  }
}

function takenOf(id: string, event: MachineEvent, known: Kernel): StepContext['taken'][number] {
  const [source = '', on] = id.split('|');
  const targets = known.transitions.find((transition) => transition.id === id)?.targets ?? [];
  return { id, event: on === '' ? 'always' : event.type, source, targets };
}

function configurationOf(machine: Machine, snapshot: Snapshot): Configuration {
  // Without the context: XState would read all of it, and each fact that is read is noted in the history.
  const history = Object.entries(machine.getPersistedSnapshot({ ...snapshot, context: {} }).historyValue ?? {});
  return {
    value: snapshot.value,
    historyValue: history.length === 0 ? null : Object.fromEntries(history.map(([name, list]) => [name, list.map(({ id }) => ({ id }))])),
    status: snapshot.status === 'done' ? 'done' : 'active',
    output: snapshot.output ?? null,
  };
}

function pathsIn(value: StateValue, above: readonly string[] = []): readonly string[] {
  if (typeof value === 'string') return [[...above, value].join('.')];
  return Object.entries(value).flatMap(([key, inner]) => [[...above, key].join('.'), ...pathsIn(inner as StateValue, [...above, key])]);
}
