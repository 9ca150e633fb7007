/** States nothing leads to, states nothing leads out of, and ends that never come. */

import { createFinder, initialChild, isInside, type Model, nameOf, type StateNode, withAncestors } from '../model.js';
import { toTargets } from '../normal.js';
import type { Report } from '../report.js';

const file = 'statechart.json';

export function checkReachability(model: Model, report: Report): void {
  const root = model.states[0];
  if (!root) return;
  const reached = reachable(model, root);
  // With a target that does not exist nothing can be said of what is reached.
  const certain = model.transitions.every(({ spec, targets }) => toTargets(spec).length === targets.length);
  for (const state of certain ? model.states : []) {
    if (!reached.has(state) && (!state.parent || reached.has(state.parent)))
      report.add('STATE_UNREACHABLE', { file, pointer: state.pointer, what: 'key' }, { state: nameOf(state) });
    if (reached.has(state) && isDeadEnd(state)) report.add('STATE_DEAD_END', { file, pointer: state.pointer, what: 'key' }, { state: nameOf(state) });
    const never = state.spec.onDone === undefined || state.type === 'final' ? null : doneNever(state);
    if (never) report.add('DONE_NEVER', { file, pointer: `${state.pointer}/onDone`, what: 'key' }, { state: nameOf(state), reason: never });
  }
}

/** Everything some path may lead to, guards left aside. */
function reachable(model: Model, root: StateNode): ReadonlySet<StateNode> {
  const find = createFinder(model.states);
  const reached = new Set<StateNode>();
  const waiting: StateNode[] = [root];
  const enter = (state: StateNode | null): void => {
    for (const node of state ? withAncestors(state) : []) if (!reached.has(node)) waiting.push(node);
  };
  for (let state = waiting.pop(); state; state = waiting.pop()) {
    if (reached.has(state)) continue;
    reached.add(state);
    if (state.type === 'parallel') state.children.filter(({ type }) => type !== 'history').forEach(enter);
    else if (state.type === 'compound' && initialChild(state)) enter(initialChild(state));
    else state.children.forEach(enter);
    if (state.type === 'history') enter(state.spec.target === undefined ? state.parent && initialChild(state.parent) : find(state, state.spec.target));
    for (const { targets } of state.transitions) for (const target of targets) enter(target);
  }
  return reached;
}

/** A leaf that no transition of its own, of a state around it, or of a region beside it leads out of. */
function isDeadEnd(leaf: StateNode): boolean {
  if (leaf.type !== 'atomic' || !leaf.parent) return false;
  const chain = withAncestors(leaf);
  const leaves = (state: StateNode, from: StateNode): boolean => state.transitions.some(({ targets }) => targets.some((target) => target !== from));
  if (chain.some((state) => leaves(state, leaf))) return false;
  // Another region may end the parallel state as a whole.
  return !chain.some(
    (state) =>
      state.type === 'parallel' &&
      anyInside(state, (inner) => inner.transitions.some(({ targets }) => targets.some((target) => !isInside(target, state) || target === state))),
  );
}

function anyInside(state: StateNode, test: (inner: StateNode) => boolean): boolean {
  return state.children.some((child) => test(child) || anyInside(child, test));
}

function doneNever(state: StateNode): string | null {
  if (!state.parent) return 'when the chart is done the record is finished';
  if (state.type === 'atomic') return 'it has no child states';
  if (state.type === 'parallel') {
    const open = state.children.find((region) => !canEnd(region) && region.type !== 'history');
    return open ? `its region ${open.key} has no final state` : null;
  }
  return state.type === 'compound' && !canEnd(state) ? 'it has no final child' : null;
}

function canEnd(state: StateNode): boolean {
  if (state.type === 'final') return true;
  if (state.type === 'parallel') return state.children.filter(({ type }) => type !== 'history').every(canEnd);
  return state.children.some(({ type }) => type === 'final');
}
