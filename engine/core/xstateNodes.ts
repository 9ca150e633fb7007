/** Reading XState's nodes: paths, candidates, events, configurations. */
import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { ActionSpec, Json, TransitionMeta } from '../definitions/authored.js';
import type { StateValue } from '../types.js';
import type { Candidate, Configuration } from './kernel.js';

/** Every transition XState made, by identity. */
export const transitionIds = new WeakMap<AnyTransitionDefinition, string>();

export interface NodeFacts {
  candidate(transition: AnyTransitionDefinition): Candidate;
  paths(nodes: readonly AnyStateNode[]): readonly string[];
  readonly events: ReadonlySet<string>;
  readonly eventTitles: ReadonlyMap<string, string>;
  readonly afters: ReadonlyMap<string, { delay: string; path: string }>;
  readonly transitions: readonly Candidate[];
  readonly titles: ReadonlyMap<string, string>;
}

export function describeNodes(machine: AnyStateMachine): NodeFacts {
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
      const title = asList(transitions)
        .map((transition) => (transition as { meta?: TransitionMeta }).meta?.title)
        .find((found) => found !== undefined);
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
    paths: (nodes) =>
      nodes
        .filter((node) => node.parent)
        .sort((a, b) => a.order - b.order)
        .map(pathOf),
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
export function candidatesOf(snapshot: AnyMachineSnapshot, event: string, facts: NodeFacts): readonly Candidate[] {
  const nodes = [...(snapshot._nodes as AnyStateNode[])].sort((a, b) => b.path.length - a.path.length || a.order - b.order);
  return nodes.flatMap((node) => (node.transitions.get(event) ?? []).map((transition) => facts.candidate(transition as AnyTransitionDefinition)));
}

export function declaredEvents(snapshot: AnyMachineSnapshot): readonly string[] {
  const nodes = [...(snapshot._nodes as AnyStateNode[])].sort((a, b) => b.path.length - a.path.length || a.order - b.order);
  return [...new Set(nodes.flatMap((node) => Object.keys(node.config.on ?? {})))];
}

export function configurationOf(machine: AnyStateMachine, leaves: readonly string[], facts: NodeFacts): Configuration | null {
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
  return Object.fromEntries(
    keys.map((key) => [key, Object.keys(tree[key] as object).length === 0 ? {} : collapse(tree[key] as Record<string, unknown>)]),
  ) as StateValue;
}

export function toConfiguration(snapshot: AnyMachineSnapshot): Configuration {
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

export function pathSet(snapshot: AnyMachineSnapshot): ReadonlySet<string> {
  const nodes = snapshot._nodes as AnyStateNode[];
  let set = pathSets.get(nodes);
  if (!set) {
    set = new Set(
      nodes
        .filter((node) => node.parent)
        .sort((a, b) => a.order - b.order)
        .map(pathOf),
    );
    pathSets.set(nodes, set);
  }
  return set;
}

export function pathOf(node: AnyStateNode): string {
  return node.path.join('.');
}

export function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
