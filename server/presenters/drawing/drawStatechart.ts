import { createHash } from 'node:crypto';
import type { DefinitionView } from '../../../engine/index.js';
import { type Chart, readChart } from './chart.js';
import type { Figure } from './figure.js';
import { guardWords } from './guardWords.js';
import { type Placed, placeFigure } from './layout.js';
import { makeFigure } from './makeFigure.js';
import { paint, type Standing } from './paint.js';
import { followPath, type TakenStep } from './takenPath.js';
import { counted, listed } from './words.js';

export interface DrawOptions {
  /** What the picture shows; read out by screen readers. */
  readonly title: string;
  /** Active paths of the record that is shown. */
  readonly current?: readonly string[];
  /** The steps it took, oldest first. */
  readonly taken?: readonly TakenStep[];
}

interface Laid {
  readonly chart: Chart;
  readonly figure: Figure;
  readonly placed: Placed;
}

/** More than this is not laid out: nobody could read it, and it would hold up everybody else. */
const MOST_STATES = 250;
const MOST_TRANSITIONS = 1000;
const KEPT = 100;
/** By definition hash: laying out costs time, painting does not. */
const laid = new Map<string, Promise<Laid | null>>();

/**
 * A statechart as one SVG element, to be placed in a page whose stylesheet has the `drawing-…` classes.
 * @returns '' when there is nothing to draw or too much.
 */
export async function drawStatechart(view: Pick<DefinitionView, 'files' | 'hash'>, options: DrawOptions): Promise<string> {
  const layout = await layoutOf(view);
  if (!layout) return '';
  const standing = standingOf(layout.chart, options);
  const id = `drawing-${createHash('sha256').update(`${view.hash}|${options.title}`).digest('hex').slice(0, 8)}`;
  return paint(layout.figure, layout.placed, { standing, caption: { id, title: options.title, description: describe(layout.chart, options) } });
}

function layoutOf(view: Pick<DefinitionView, 'files' | 'hash'>): Promise<Laid | null> {
  const known = laid.get(view.hash);
  if (known) return known;
  const fresh = lay(view);
  laid.set(view.hash, fresh);
  fresh.catch(() => laid.delete(view.hash));
  if (laid.size > KEPT) laid.delete(laid.keys().next().value ?? '');
  return fresh;
}

async function lay(view: Pick<DefinitionView, 'files' | 'hash'>): Promise<Laid | null> {
  const chart = readChart(view.files);
  if (chart.states.size < 2 || chart.states.size > MOST_STATES || chart.transitions.length > MOST_TRANSITIONS) return null;
  const figure = makeFigure(chart, (guard) => guardWords(guard, view.files));
  return { chart, figure, placed: await placeFigure(figure) };
}

function standingOf(chart: Chart, options: DrawOptions): Standing | null {
  if (options.current === undefined && options.taken === undefined) return null;
  const path = followPath(chart, options.taken ?? [], options.current ?? []);
  const visited = options.taken === undefined ? new Set(chart.states.keys()) : path.visited;
  return { current: new Set(options.current), visited, taken: path.transitions, begun: path.begun };
}

function describe(chart: Chart, options: DrawOptions): string {
  const titles = (options.current ?? []).flatMap((path) => {
    const state = chart.states.get(path);
    return state && state.children.length === 0 ? [state.title] : [];
  });
  const here = titles.length === 0 ? '' : ` The record is in ${listed(titles)}.`;
  return `A statechart with ${counted(chart.states.size - 1, 'state')} and ${counted(chart.transitions.length, 'transition')}.${here} The same is said in words beside the drawing.`;
}
