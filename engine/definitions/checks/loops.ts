/** Loops of automatic steps: certain ones would hang every record, possible ones depend on their guards. */
import { readsOf } from '../../rules/index.js';
import { isInside, type Model, type StateNode, withAncestors } from '../model.js';
import { walkJson } from '../normal.js';
import type { Report } from '../report.js';
import { type AutomaticEdge, type AutomaticNode, automaticSteps, hasAlways } from './automaticSteps.js';

export function checkLoops(model: Model, report: Report): void {
  const nodes = automaticSteps(model);
  const blamed = new Set<StateNode>();
  for (const loop of loopsOf(nodes, ({ certain }) => certain)) {
    if (mayBeHeldUp(loop, model)) continue;
    for (const { state } of loop) blamed.add(state);
    report.add('LOOP_ENDLESS', placeOf(loop), { path: describe(loop) });
  }
  for (const loop of loopsOf(nodes, () => true)) {
    if (loop.some(({ state }) => blamed.has(state)) || mayEndItself(loop, model)) continue;
    report.add('LOOP_POSSIBLE', placeOf(loop), { path: describe(loop) });
  }
}

type Loop = readonly AutomaticNode[];

/** Sets of nodes that lead to one another along the edges kept (Tarjan's strongly connected components, without recursion). */
function loopsOf(nodes: readonly AutomaticNode[], keep: (edge: AutomaticEdge) => boolean): readonly Loop[] {
  const index = new Map<AutomaticNode, number>();
  const low = new Map<AutomaticNode, number>();
  const stack: AutomaticNode[] = [];
  const onStack = new Set<AutomaticNode>();
  const loops: Loop[] = [];
  const open = (node: AutomaticNode) => {
    index.set(node, index.size);
    low.set(node, index.get(node) as number);
    stack.push(node);
    onStack.add(node);
    return { node, edges: node.edges.filter(keep), next: 0 };
  };
  for (const start of nodes) {
    if (index.has(start)) continue;
    const work = [open(start)];
    for (let frame = work.at(-1); frame; frame = work.at(-1)) {
      const { node, edges } = frame;
      const edge = edges[frame.next++];
      if (edge) {
        if (!index.has(edge.to)) work.push(open(edge.to));
        else if (onStack.has(edge.to)) low.set(node, Math.min(low.get(node) as number, index.get(edge.to) as number));
        continue;
      }
      work.pop();
      const before = work.at(-1)?.node;
      if (before) low.set(before, Math.min(low.get(before) as number, low.get(node) as number));
      if (low.get(node) === index.get(node)) {
        const members = stack.splice(stack.lastIndexOf(node));
        for (const member of members) onStack.delete(member);
        if (members.length > 1 || edges.some(({ to }) => to === node)) loops.push(members);
      }
    }
  }
  return loops;
}

/** Whether something beside the loop might lead the record out of it, so that it is not certain to go on. */
function mayBeHeldUp(loop: Loop, { states }: Model): boolean {
  const inLoop = new Set(loop.map(({ state }) => state));
  const waitsForEvent = loop.some(({ event }) => event !== null);
  return loop.some(({ state }) => {
    const inner = states.some((other) => other !== state && isInside(other, state) && hasAlways(other) && !inLoop.has(other));
    const own = waitsForEvent && withAncestors(state).some(hasAlways);
    const beside = withAncestors(state).some(
      (around) =>
        around.type === 'parallel' && states.some((other) => isInside(other, around) && !inLoop.has(other) && other.transitions.length > 0 && hasAlways(other)),
    );
    return inner || own || beside;
  });
}

/** Whether an action on the way changes what one of the guards reads, or a guard asks for the state. */
function mayEndItself(loop: Loop, { files }: Model): boolean {
  const inLoop = new Set(loop);
  const edges = loop.flatMap((node) => node.edges.filter(({ to }) => inLoop.has(to)));
  const changed = new Set(
    edges.flatMap(({ actions }) =>
      actions.flatMap(({ type, params }) => (type === 'set' ? Object.keys(params ?? {}).map((field) => `record.${field}`) : type === 'vote' ? ['votes'] : [])),
    ),
  );
  const guards = files['rules.json']?.guards ?? {};
  return edges.some(({ guard }) => {
    const rule = guard !== null && Object.hasOwn(guards, guard) ? guards[guard] : undefined;
    if (rule === undefined) return false;
    let asksState = false;
    walkJson(rule, (part) => void (asksState ||= typeof part === 'object' && part !== null && Object.hasOwn(part, 'in_state')));
    return (
      asksState || reads(rule).some((path) => changed.has(path) || changed.has(path.split('.')[0] ?? '') || changed.has(path.split('.').slice(0, 2).join('.')))
    );
  });
}

function reads(rule: Parameters<typeof readsOf>[0]): readonly string[] {
  try {
    return readsOf(rule);
  } catch {
    return [];
  }
}

function placeOf(loop: Loop) {
  const inLoop = new Set(loop);
  const edge = loop.flatMap((node) => node.edges).find(({ to, pointer }) => inLoop.has(to) && /\/(always|onDone|on\/|entry)/.test(pointer));
  return { file: 'statechart.json', pointer: edge?.pointer ?? loop[0]?.state.pointer ?? '' };
}

/** The states of the loop in the order in which it passes them. */
function describe(loop: Loop): string {
  const inLoop = new Set(loop);
  const start = loop.at(-1) as AutomaticNode;
  const path: AutomaticNode[] = [];
  for (
    let node: AutomaticNode | undefined = start;
    node && !path.includes(node);
    node = node.edges.find(({ to }) => inLoop.has(to) && (to === start || !path.includes(to)))?.to
  )
    path.push(node);
  const names = path.map(({ state, event }) => (state.path || 'the chart') + (event === null ? '' : ` (${event})`));
  return [...names, names[0]].join(' → ');
}
