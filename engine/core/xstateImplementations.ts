/** Guards and actions in the shapes XState calls: they see the snapshot and the internal queue, and work on the step. */
import type { AnyMachineSnapshot } from 'xstate';
import type { ActionSpec, Json, JsonObject, StatechartFile, StateSpec } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { ActionRun, KernelParts } from './kernel.js';
import type { MachineEvent, StepContext } from './step.js';
import { asList, pathSet } from './xstateNodes.js';

/** XState's context: the step, by reference, so that what actions change is seen by the guards after them. */
export interface Wrapped {
  readonly step: StepContext;
}

/** A function of XState's own shape for built-in actions: it sees the snapshot and the internal queue. */
interface Resolvable {
  (): void;
  type: string;
  resolve: (...call: ResolveCall) => unknown[];
}

/** What XState hands to a built-in action. */
type ResolveCall = readonly [
  scope: unknown,
  snapshot: AnyMachineSnapshot,
  args: { readonly context: Wrapped; readonly event: MachineEvent },
  params: JsonObject | undefined,
  self: unknown,
  extra: { readonly internalQueue: MachineEvent[] },
];

export function implementations(chart: StatechartFile, parts: KernelParts) {
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
  action.resolve = (...call: ResolveCall) => {
    const [, snapshot, { context, event }, params, , { internalQueue }] = call;
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
export function withExtras(state: StateSpec, path: readonly string[], parts: KernelParts): Record<string, unknown> {
  const here = path.join('.');
  const states = state.states && Object.fromEntries(Object.entries(state.states).map(([key, child]) => [key, withExtras(child, [...path, key], parts)]));
  const entry = [...parts.extra(here, 'entry'), ...asList(state.entry)];
  const exit = [...asList(state.exit), ...parts.extra(here, 'exit')];
  const { $schema: _schema, ...rest } = state as StateSpec & { $schema?: string };
  return { ...rest, ...(states ? { states } : {}), ...(entry.length ? { entry } : {}), ...(exit.length ? { exit } : {}) };
}
