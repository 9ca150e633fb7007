import { type Chart, type ChartState, type ChartTransition, isWithin } from './chart.js';
import { type Box, type BoxKind, type Figure, FONTS, GLYPH, LINE_HEIGHT, type Line, type TextLine } from './figure.js';
import { transitionHint, transitionLines } from './labels.js';
import { textWidth, wrapText } from './measure.js';
import { shortened } from './words.js';

const PAD = 16;
const TEXT_WIDTH = 190;
const DOT = 12;
const HISTORY = 28;

/** Everything that will be drawn, with its size but without a place. `words` puts a guard's name into words. */
export function makeFigure(chart: Chart, words: (guard: string) => string): Figure {
  const lines = makeLines(chart, words);
  const needed = new Set(lines.flatMap((line) => [line.from, line.to]));
  return { root: makeBox(chart.root, { chart, words, needed }), lines };
}

interface Making {
  readonly chart: Chart;
  readonly words: (guard: string) => string;
  /** Ids of boxes at which a line ends; the small ones are made only if needed. */
  readonly needed: ReadonlySet<string>;
}

const stateId = (path: string): string => `s:${path}`;
const initialId = (path: string): string => `i:${path}`;
const anywhereId = (path: string, inside: string): string => `w:${path}>${inside}`;
const againId = (path: string): string => `a:${path}`;

function makeBox(state: ChartState, making: Making): Box {
  const kind = boxKind(state, making.chart);
  const children = [...smallBoxes(state, making), ...state.children.map((child) => makeBox(child, making))];
  const lines = kind === 'history' ? [] : boxLines(state, making);
  const size = kind === 'history' ? { width: HISTORY, height: HISTORY } : sizeOf(lines, PAD);
  return {
    id: stateId(state.path),
    kind,
    state,
    lines,
    hint: [state.title, state.description].filter((part) => part !== null).join(': '),
    width: Math.max(kind === 'history' ? HISTORY : 104, size.width),
    height: Math.max(kind === 'history' ? HISTORY : 44, size.height),
    children,
  };
}

function boxKind(state: ChartState, chart: Chart): BoxKind {
  const parent = state.parent === null ? undefined : chart.states.get(state.parent);
  return parent?.kind === 'parallel' && state.kind === 'compound' ? 'region' : state.kind;
}

function smallBoxes(state: ChartState, making: Making): Box[] {
  const small = (id: string, kind: BoxKind, lines: readonly TextLine[]): Box => {
    const size = lines.length === 0 ? { width: DOT, height: DOT } : sizeOf(lines, 12);
    return { id, kind, state, lines, hint: lines[0]?.text ?? `${state.title} begins here`, ...size, children: [] };
  };
  const { needed } = making;
  const always = state.path === '' ? boxLines(state, making) : [];
  const around = [state.path, ...(making.chart.states.get(state.parent ?? '')?.kind === 'parallel' && state.parent !== null ? [state.parent] : [])];
  const anywhere = around.flatMap((path) => {
    const id = anywhereId(path, state.path);
    if (!needed.has(id) && always.length === 0) return [];
    const title = making.chart.states.get(path)?.title ?? path;
    return [small(id, 'anywhere', [{ text: path === '' ? 'In any state' : `From any state of “${shortened(title, 24)}”`, style: 'guard' }, ...always])];
  });
  return [
    ...(needed.has(initialId(state.path)) ? [small(initialId(state.path), 'initial', [])] : []),
    ...anywhere,
    ...(needed.has(againId(state.path)) ? [small(againId(state.path), 'again', [{ text: 'Begins again', style: 'guard' }])] : []),
  ];
}

/** The title, then what can happen without leaving: things done in one flowing list, timers a line each. */
function boxLines(state: ChartState, making: Making): TextLine[] {
  const stays = making.chart.transitions.filter((each) => each.source === state.path && staysPut(each));
  const timed = stays.filter((each) => each.trigger.kind === 'after' || each.trigger.kind === 'clock');
  const done = [...new Set(stays.filter((each) => !timed.includes(each)).map((each) => each.trigger.title))];
  const lost = making.chart.transitions
    .filter((each) => each.source === state.path)
    .flatMap((each) => each.lost.map((target) => `${each.trigger.title} → ${target}?`));
  const title: TextLine[] =
    state.path === '' ? [] : wrapText(state.title, FONTS.title, { width: TEXT_WIDTH, lines: 3 }).map((text) => ({ text, style: 'title' }));
  const items = wrapText(done.join(' · '), FONTS.item, { width: state.children.length > 0 ? TEXT_WIDTH * 2 : TEXT_WIDTH + 20, lines: 12 }).map(
    (text): TextLine => ({ text, style: 'item' }),
  );
  const timers = [...new Set(timed.map((each) => each.trigger.title))].flatMap((text) =>
    wrapText(text, FONTS.timer, { width: TEXT_WIDTH, lines: 2 }).map((part, index): TextLine => ({ text: part, style: index === 0 ? 'timer' : 'item' })),
  );
  const faults = lost.flatMap((text) => wrapText(text, FONTS.fault, { width: TEXT_WIDTH, lines: 2 })).map((text): TextLine => ({ text, style: 'fault' }));
  return [...title, ...items, ...timers, ...faults];
}

/** Stays where it is: no target, or its own state. */
function staysPut(transition: ChartTransition): boolean {
  return transition.lost.length === 0 && transition.targets.every((target) => target === transition.source);
}

function sizeOf(lines: readonly TextLine[], pad: number): { width: number; height: number } {
  const width = Math.max(0, ...lines.map((line) => textWidth(line.text, FONTS[line.style]) + (line.style === 'timer' ? GLYPH : 0)));
  const height = lines.reduce((sum, line) => sum + LINE_HEIGHT[line.style], 0);
  return { width: Math.ceil(width + pad * 2), height: Math.ceil(height + Math.min(pad, 12) * 2) };
}

/** Transitions between the same two boxes share a line. */
function makeLines(chart: Chart, words: (guard: string) => string): Line[] {
  const groups = new Map<string, { from: string; to: string; transitions: ChartTransition[] }>();
  for (const transition of chart.transitions) {
    for (const target of staysPut(transition) ? [] : transition.targets) {
      const ends = endsOf(transition.source, target, chart);
      const key = `${ends.from}>${ends.to}`;
      const group = groups.get(key) ?? { ...ends, transitions: [] };
      group.transitions.push(transition);
      groups.set(key, group);
    }
  }
  const labelled = [...groups.values()].map((group, index): Line => {
    const lines = transitionLines(group.transitions, words);
    const size = lines.length === 0 ? { width: 0, height: 0 } : sizeOf(lines, 8);
    return { id: `t:${index}`, ...group, lines, hint: group.transitions.map((each) => transitionHint(each, chart, words)).join('\n'), ...size, begins: null };
  });
  return [...beginnings(chart), ...labelled];
}

function beginnings(chart: Chart): Line[] {
  return [...chart.states.values()].flatMap((state) =>
    state.initial === null || state.kind === 'parallel'
      ? []
      : [
          {
            id: `b:${state.path}`,
            from: initialId(state.path),
            to: stateId(state.initial),
            lines: [],
            hint: '',
            width: 0,
            height: 0,
            transitions: [],
            begins: state.initial,
          },
        ],
  );
}

/** In a parallel container such a line begins in the region it leads to, so that it does not cross between regions. */
function regionOf(target: string, source: string, chart: Chart): string {
  if (chart.states.get(source)?.kind !== 'parallel') return source;
  const region = chart.states.get(source)?.children.find((child) => isWithin(target, child.path) && target !== child.path);
  return region?.path ?? source;
}

/** A line between a container and something inside it starts (or ends) at a small box inside the container, for it cannot cross its own border. */
function endsOf(source: string, target: string, chart: Chart): { from: string; to: string } {
  if (isWithin(target, source)) return { from: anywhereId(source, regionOf(target, source, chart)), to: stateId(target) };
  if (isWithin(source, target)) {
    const again = chart.states.get(target)?.initial == null || chart.states.get(target)?.kind === 'parallel';
    return { from: stateId(source), to: again ? againId(target) : initialId(target) };
  }
  return { from: stateId(source), to: stateId(target) };
}
