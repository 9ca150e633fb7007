/** Which states and lines of a chart a record has been through. */
import type { Chart, ChartTransition } from './chart.js';
import { isWithin } from './chart.js';

/** One step of a record: active paths before and after, and history's name of the event. */
export interface TakenStep {
  readonly from: readonly string[];
  readonly event: string;
  readonly to: readonly string[];
}

export interface TakenPath {
  readonly visited: ReadonlySet<string>;
  /** How often each transition was taken. */
  readonly transitions: ReadonlyMap<ChartTransition, number>;
  /** States that were entered through their parent's initial dot. */
  readonly begun: ReadonlySet<string>;
}

export function followPath(chart: Chart, steps: readonly TakenStep[], current: readonly string[]): TakenPath {
  const visited = new Set<string>();
  const transitions = new Map<ChartTransition, number>();
  for (const step of steps) {
    for (const path of [...step.from, ...step.to]) visit(path, visited);
    for (const taken of transitionsOf(step, chart)) {
      transitions.set(taken, (transitions.get(taken) ?? 0) + 1);
      visit(taken.source, visited);
      for (const target of taken.targets) visit(target, visited);
    }
  }
  for (const path of current) visit(path, visited);
  return { visited, transitions, begun: begunStates(chart, transitions, visited, steps) };
}

/** A path counts for all its ancestors too. */
function visit(path: string, visited: Set<string>): void {
  const keys = path.split('.');
  for (let length = 1; length <= keys.length; length += 1) visited.add(keys.slice(0, length).join('.'));
}

/** The transition of the step's event, and the eventless ones that led on from it. History keeps no guard's outcome, so where two fit the one that ends where the record ended is taken. */
function transitionsOf(step: TakenStep, chart: Chart): ChartTransition[] {
  const name = step.event.replace(/^after\./, '');
  const wanted = step.event.startsWith('after.') ? 'after' : null;
  const open = chart.transitions.filter(
    (each) =>
      each.trigger.event === name &&
      (wanted === null ? each.trigger.kind !== 'after' : each.trigger.kind === wanted) &&
      (each.source === '' || step.from.includes(each.source)) &&
      each.targets.length > 0,
  );
  const direct = open.filter((each) => each.targets.some((target) => reaches(target, step.to, chart)));
  if (direct.length > 0) return innermost(direct);
  const chains = open.map((each) => [each, ...(eventless(each.targets, step.to, chart) ?? [])]).filter((chain) => chain.length > 1);
  return chains[0] ?? [];
}

/** Inner transitions win over those of the states around them; of several candidates in one state the first does. */
function innermost(candidates: readonly ChartTransition[]): ChartTransition[] {
  const depth = (path: string): number => (path === '' ? 0 : path.split('.').length);
  const deepest = Math.max(...candidates.map((each) => depth(each.source)));
  const winners = candidates.filter((each) => depth(each.source) === deepest);
  return winners.filter((each, index) => winners.findIndex((other) => other.source === each.source) === index);
}

function reaches(target: string, to: readonly string[], chart: Chart): boolean {
  const state = chart.states.get(target);
  return state?.kind === 'history' ? to.some((path) => isWithin(path, state.parent ?? '')) : to.includes(target);
}

function eventless(starts: readonly string[], to: readonly string[], chart: Chart, seen: readonly string[] = []): ChartTransition[] | null {
  for (const each of chart.transitions) {
    const onward =
      (each.trigger.kind === 'always' || each.trigger.kind === 'done') && starts.some((start) => isWithin(start, each.source) || isWithin(each.source, start));
    if (!onward || each.targets.length === 0 || each.targets.some((target) => seen.includes(target))) continue;
    if (each.targets.some((target) => reaches(target, to, chart))) return [each];
    const rest = eventless(each.targets, to, chart, [...seen, ...each.targets]);
    if (rest) return [each, ...rest];
  }
  return null;
}

/** The initial dot was used where a container was entered as such: by a transition to it, or at creation. */
function begunStates(chart: Chart, transitions: ReadonlyMap<ChartTransition, number>, visited: ReadonlySet<string>, steps: readonly TakenStep[]): Set<string> {
  const entered = new Set([...transitions.keys()].flatMap((each) => each.targets));
  if (steps.length > 0) entered.add('');
  const begun = new Set<string>();
  for (const state of chart.states.values()) {
    if (!entered.has(state.path)) continue;
    if (state.kind === 'parallel') for (const region of state.children) entered.add(region.path);
    else if (state.initial !== null && visited.has(state.initial)) {
      begun.add(state.initial);
      entered.add(state.initial);
    }
  }
  return begun;
}
