/**
 * What a chart does without being asked: a graph of what entering a state, or an event raised within a step, leads to
 * before the record comes to rest. A node is a state that is entered, or an event that is pending in a state.
 */

import { parseDuration } from '../../rules/index.js';
import type { ActionList, ActionSpec, DelaySpec } from '../authored.js';
import { createFinder, initialChild, isInside, type Model, type StateNode, type TransitionNode, withAncestors } from '../model.js';
import { isBuiltInAction, toActions, toTransitions } from '../normal.js';

export interface AutomaticEdge {
  readonly to: AutomaticNode;
  /** True when nothing can hold it up: no guard, and no other candidate before it. */
  readonly certain: boolean;
  readonly guard: string | null;
  readonly actions: readonly ActionSpec[];
  readonly pointer: string;
}

export interface AutomaticNode {
  readonly state: StateNode;
  /** The event that is pending; null when the state is entered. */
  readonly event: string | null;
  readonly edges: AutomaticEdge[];
}

/** Most nodes looked at; a chart that needs more is not searched for loops. */
const MAX_NODES = 20_000;

/** All nodes of a chart with their edges. Events that nothing raises are left out: they end no loop. */
export function automaticSteps(model: Model): readonly AutomaticNode[] {
  const expand = createExpander(model);
  const raised = new Set(model.actions.flatMap(({ spec }) => raisedBy([spec])));
  const handlers = indexHandlers(model, raised);
  const nodes = new Map<string, AutomaticNode>();
  const waiting: AutomaticNode[] = [];
  const nodeOf = (state: StateNode, event: string | null): AutomaticNode => {
    const name = JSON.stringify([state.path, event]);
    const known = nodes.get(name);
    if (known) return known;
    const node: AutomaticNode = { state, event, edges: [] };
    nodes.set(name, node);
    waiting.push(node);
    return node;
  };
  const finder = createFinder(model.states);
  const atOnce = (delay: string) => isOverAtOnce(model.files['rules.json']?.delays?.[delay] ?? Number(delay));
  for (const state of model.states) {
    nodeOf(state, null);
    for (const event of handlers.get(state)?.keys() ?? []) nodeOf(state, event);
  }
  for (let node = waiting.pop(); node && nodes.size < MAX_NODES; node = waiting.pop()) {
    if (node.event === null) entering(node, { nodeOf, expand, finder, handlers, atOnce });
    else handling(node, { nodeOf, expand, finder, handlers, atOnce });
  }
  return [...nodes.values()];
}

type Handlers = ReadonlyMap<StateNode, ReadonlyMap<string, readonly TransitionNode[]>>;

function indexHandlers({ states }: Model, events: ReadonlySet<string>): Handlers {
  return new Map(
    states.map((state) => {
      const own = new Map<string, TransitionNode[]>();
      for (const transition of state.transitions) {
        if (transition.kind !== 'on' || !events.has(transition.event)) continue;
        const known = own.get(transition.event);
        if (known) known.push(transition);
        else own.set(transition.event, [transition]);
      }
      return [state, own] as const;
    }),
  );
}

interface Tools {
  readonly nodeOf: (state: StateNode, event: string | null) => AutomaticNode;
  readonly expand: (list: ActionList | undefined) => readonly ActionSpec[];
  readonly finder: (from: StateNode, target: string) => StateNode | null;
  readonly handlers: Handlers;
  /** Whether a delay is over as soon as it begins: its timer is as automatic as an `always`, though a step of its own. */
  readonly atOnce: (delay: string) => boolean;
}

function entering(node: AutomaticNode, tools: Tools): void {
  const { state } = node;
  const entry = tools.expand(state.spec.entry);
  for (const child of enteredWith(state, tools))
    node.edges.push({ to: tools.nodeOf(child, null), certain: true, guard: null, actions: entry, pointer: state.pointer });
  for (const event of raisedBy(entry))
    node.edges.push({ to: tools.nodeOf(state, event), certain: true, guard: null, actions: entry, pointer: `${state.pointer}/entry` });
  follow(
    node,
    state.transitions.filter(({ kind }) => kind === 'always'),
    tools,
    true,
  );
  follow(
    node,
    state.transitions.filter(({ kind, event }) => kind === 'after' && tools.atOnce(event)),
    tools,
    true,
  );
  const around = state.type === 'final' ? state.parent : null;
  if (around)
    follow(
      node,
      around.transitions.filter(({ kind }) => kind === 'onDone'),
      tools,
      around.type === 'compound',
    );
  if (around?.parent?.type === 'parallel')
    follow(
      node,
      around.parent.transitions.filter(({ kind }) => kind === 'onDone'),
      tools,
      false,
    );
}

/** States entered together with this one. */
function enteredWith(state: StateNode, { finder }: Tools): readonly StateNode[] {
  if (state.type === 'parallel') return state.children.filter(({ type }) => type !== 'history');
  const first =
    state.type === 'history'
      ? state.spec.target === undefined
        ? state.parent && initialChild(state.parent)
        : finder(state, state.spec.target)
      : initialChild(state);
  return first ? [first] : [];
}

/** The innermost candidates come first; behind one without a guard nothing more is asked. */
function handling(node: AutomaticNode, tools: Tools): void {
  let certain = true;
  for (const state of [...defaultLeaves(node.state).filter((leaf) => leaf !== node.state), ...withAncestors(node.state)]) {
    const candidates = tools.handlers.get(state)?.get(node.event ?? '') ?? [];
    if (candidates.length === 0) continue;
    follow(node, candidates, tools, certain);
    if (candidates.some(({ guard }) => guard === null)) return;
    certain = false;
  }
}

/** States that are active inside when a state was just entered, innermost first. */
function defaultLeaves(state: StateNode): readonly StateNode[] {
  const inner = state.type === 'parallel' ? state.children : [initialChild(state)].filter((child) => child !== null);
  return inner.flatMap((child) => [...defaultLeaves(child), child]);
}

function follow(node: AutomaticNode, candidates: readonly TransitionNode[], { nodeOf, expand }: Tools, mayBeCertain: boolean): void {
  for (const [index, { guard, targets, spec, pointer, kind, source }] of candidates.entries()) {
    const actions = expand(spec.actions);
    const certain = mayBeCertain && index === 0 && guard === null;
    const lead = (to: AutomaticNode): void => void node.edges.push({ to, certain, guard, actions, pointer });
    for (const target of targets) {
      lead(nodeOf(target, null));
      // The source stays active, so its `always` is asked again.
      if (kind === 'always' && target !== source && isInside(target, source) && spec.reenter !== true) lead(node);
    }
    if (kind === 'always' && targets.length === 0 && actions.length > 0) lead(node);
    for (const event of raisedBy(actions)) for (const state of targets.length > 0 ? targets : [node.state]) lead(nodeOf(state, event));
    if (guard === null) return;
  }
}

/** Events an action raises within the same step. */
function raisedBy(actions: readonly ActionSpec[]): readonly string[] {
  return actions.flatMap(({ type, params }) => (type === 'raise' && typeof params?.event === 'string' && params.delay === undefined ? [params.event] : []));
}

function isOverAtOnce(delay: DelaySpec): boolean {
  if (typeof delay === 'number') return delay <= 0;
  const parts = typeof delay === 'string' ? parseDuration(delay) : null;
  return parts !== null && Object.values(parts).every((part) => part === 0);
}

/** Built-in actions of a list, named lists opened up. */
function createExpander({ files }: Model): Tools['expand'] {
  const lists = new Map(Object.entries(files['rules.json']?.actions ?? {}));
  const expand = (list: ActionList | undefined, opened: readonly string[]): readonly ActionSpec[] =>
    toActions(list).flatMap((action) => {
      if (isBuiltInAction(action.type)) return [action];
      return opened.includes(action.type) || opened.length > 20 ? [] : expand(lists.get(action.type), [...opened, action.type]);
    });
  return (list) => expand(list, []);
}

/** Whether a state has `always` transitions of its own. */
export function hasAlways({ spec }: StateNode): boolean {
  return toTransitions(spec.always).length > 0;
}
