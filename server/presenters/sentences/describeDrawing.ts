/** What a drawing shows, as text: for those who do not see it. */
import type { DefinitionView } from '../../../engine/index.js';
import { type Chart, type ChartState, readChart } from '../drawing/chart.js';
import { guardWords } from '../drawing/guardWords.js';
import { followPath, type TakenStep } from '../drawing/takenPath.js';
import { humanise, listed } from '../drawing/words.js';

export interface DrawingText {
  /** Where the record is; empty for a drawing of the process. */
  readonly here: string;
  /** The steps it took, oldest first. */
  readonly path: readonly string[];
  readonly states: readonly {
    readonly title: string;
    readonly depth: number;
    readonly standing: 'current' | 'visited' | 'never' | null;
    readonly lines: readonly string[];
  }[];
}

export function describeDrawing(
  view: Pick<DefinitionView, 'files'>,
  options: { readonly current?: readonly string[]; readonly taken?: readonly TakenStep[] } = {},
): DrawingText {
  const chart = readChart(view.files);
  const { current = [], taken } = options;
  const visited = taken === undefined ? null : followPath(chart, taken, current).visited;
  const leaves = leafTitles(current, chart);
  return {
    here: leaves.length === 0 ? '' : `The record is in ${listed(leaves)}.`,
    path: (taken ?? []).map((step) => stepSentence(step, chart)),
    states: [...chart.states.values()]
      .filter((state) => state.path !== '' && state.kind !== 'history')
      .map((state) => ({ title: state.title, depth: state.depth - 1, standing: standing(state, current, visited), lines: linesOf(state, chart, view) })),
  };
}

function standing(state: ChartState, current: readonly string[], visited: ReadonlySet<string> | null): 'current' | 'visited' | 'never' | null {
  if (current.includes(state.path)) return 'current';
  return visited === null ? null : visited.has(state.path) ? 'visited' : 'never';
}

function linesOf(state: ChartState, chart: Chart, view: Pick<DefinitionView, 'files'>): string[] {
  return chart.transitions
    .filter((each) => each.source === state.path)
    .map((each) => {
      const targets = each.targets.map((target) => titleOf(chart, target));
      const condition = each.guard === null ? '' : `, if ${guardWords(each.guard, view.files)}`;
      return `${each.trigger.title}${condition}: ${targets.length === 0 ? 'stays here' : `to ${listed(targets)}`}`;
    });
}

function titleOf(chart: Chart, path: string): string {
  const state = chart.states.get(path);
  return state?.kind === 'history' ? `where ${titleOf(chart, state.parent ?? '')} was left` : (state?.title ?? humanise(path));
}

function stepSentence(step: TakenStep, chart: Chart): string {
  const kind = step.event.startsWith('after.') ? 'after' : null;
  const name = step.event.replace(/^after\./, '');
  const known = chart.transitions.find((each) => each.trigger.event === name && (kind === null || each.trigger.kind === kind));
  const title = step.event === 'record.created' ? 'Opened' : (known?.trigger.title ?? humanise(step.event));
  const [from, to] = [leafTitles(step.from, chart), leafTitles(step.to, chart)];
  const entered = to.filter((each) => !from.includes(each));
  return entered.length === 0
    ? `${title}: stayed in ${listed(to)}`
    : `${title}: ${from.length === 0 ? '' : `from ${listed(from.filter((each) => !to.includes(each)))} `}to ${listed(entered)}`;
}

function leafTitles(paths: readonly string[], chart: Chart): string[] {
  return paths.flatMap((path) => {
    const state = chart.states.get(path);
    return state && state.children.length === 0 ? [state.title] : [];
  });
}
