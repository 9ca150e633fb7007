/** From boxes and lines with a place to SVG. What is current, taken or never reached is said by classes; colours are the stylesheet's. */
import type { ChartTransition } from './chart.js';
import { type Box, type Figure, LINE_HEIGHT, type Line } from './figure.js';
import type { Area, Placed } from './layout.js';
import { centreOf, circle, element, escaped, group, inset, rectangle, route, textLines } from './svg.js';

/** What is known of one record; null throughout when the process itself is drawn. */
export interface Standing {
  readonly current: ReadonlySet<string>;
  readonly visited: ReadonlySet<string>;
  readonly taken: ReadonlyMap<ChartTransition, number>;
  readonly begun: ReadonlySet<string>;
}

export interface Caption {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export function paint(figure: Figure, placed: Placed, options: { readonly standing: Standing | null; readonly caption: Caption }): string {
  const { caption, standing } = options;
  const order = [...figure.lines].sort((one, other) => weight(one, standing) - weight(other, standing));
  const boxes = figure.root.children.map((box) => paintBox(box, placed, standing));
  const lines = order.map((line) => paintLine(line, placed, standing));
  const labels = order.map((line) => paintLabel(line, placed, standing));
  const { width, height } = placed;
  const heads = containersOf(figure.root).map((box) => paintHead(box, placed, standing));
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: standing ? 'statechart statechart-of-record' : 'statechart',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${caption.id}-title ${caption.id}-description`,
    },
    [
      element('title', { id: `${caption.id}-title` }, escaped(caption.title)),
      element('desc', { id: `${caption.id}-description` }, escaped(caption.description)),
      ...boxes,
      ...lines,
      ...heads,
      ...labels,
    ].join(''),
  );
}

function paintBox(box: Box, placed: Placed, standing: Standing | null): string {
  const area = placed.areas.get(box.id);
  if (!area) return '';
  const inner = box.children.map((child) => paintBox(child, placed, standing)).join('');
  const className = ['drawing-box', `drawing-${box.kind}`, ...standingOf(box, standing)].join(' ');
  return group(className, box.hint, shape(box, area)) + inner;
}

function standingOf(box: Box, standing: Standing | null): string[] {
  if (!standing) return [];
  const { path } = box.state;
  if (box.kind === 'initial') return standing.begun.has(box.state.initial ?? '') ? [] : ['drawing-never'];
  if (box.kind === 'anywhere' || box.kind === 'again' || box.kind === 'history')
    return standing.visited.has(box.state.parent ?? '') || path === '' ? [] : ['drawing-never'];
  if (standing.current.has(path)) return ['drawing-current'];
  return standing.visited.has(path) ? ['drawing-visited'] : ['drawing-never'];
}

function shape(box: Box, area: Area): string {
  const { x, y } = centreOf(area);
  switch (box.kind) {
    case 'initial':
      return circle({ x, y }, area.width / 2, 'drawing-dot');
    case 'history':
      return (
        circle({ x, y }, area.width / 2 - 1, 'drawing-shape') +
        element('text', { class: 'drawing-text drawing-title', x, y: y + 5, 'text-anchor': 'middle' }, box.state.deep ? 'H*' : 'H')
      );
    case 'compound':
    case 'parallel':
    case 'region':
      return box.children.length > 0 ? container(box, area) : leaf(box, area);
    case 'anywhere':
    case 'again':
      return rectangle(area, 13, 'drawing-shape') + textLines(box.lines, { x, top: y - textHeight(box) / 2, align: 'middle' });
    default:
      return leaf(box, area);
  }
}

function leaf(box: Box, area: Area): string {
  const { x, y } = centreOf(area);
  const border = box.kind === 'final' ? rectangle(inset(area, 3.5), 7, 'drawing-inner') : '';
  const marker = circle({ x: area.x + area.width - 2, y: area.y + 2 }, 6, 'drawing-here');
  return rectangle(area, 10, 'drawing-shape') + border + textLines(box.lines, { x, top: y - textHeight(box) / 2, align: 'middle' }) + marker;
}

function container(box: Box, area: Area): string {
  const parallel = box.kind === 'parallel' ? element('path', { class: 'drawing-glyph', d: `M${area.x + area.width - 22} ${area.y + 14}v12m5 -12v12` }) : '';
  return rectangle(area, 12, 'drawing-shape') + parallel;
}

/** What is written at the top of a container lies above the lines that cross it. */
function paintHead(box: Box, placed: Placed, standing: Standing | null): string {
  const area = placed.areas.get(box.id);
  const text = area ? textLines(box.lines, { x: area.x + 16, top: area.y + (box.height - textHeight(box)) / 2, align: 'start' }) : '';
  return group(['drawing-head', `drawing-${box.kind}-head`, ...standingOf(box, standing)].join(' '), '', text);
}

function containersOf(box: Box): Box[] {
  return box.children.filter((child) => child.children.length > 0).flatMap((child) => [child, ...containersOf(child)]);
}

function textHeight(box: Box): number {
  return box.lines.reduce((sum, line) => sum + LINE_HEIGHT[line.style], 0);
}

/** Taken lines are painted last, so that they lie on top. */
function weight(line: Line, standing: Standing | null): number {
  return isTaken(line, standing) ? 1 : 0;
}

function isTaken(line: Line, standing: Standing | null): boolean {
  if (!standing) return false;
  return line.begins === null ? line.transitions.some((each) => standing.taken.has(each)) : standing.begun.has(line.begins);
}

function lineClass(name: string, line: Line, standing: Standing | null): string {
  const timed = line.transitions.length > 0 && line.transitions.every((each) => each.trigger.kind === 'after' || each.trigger.kind === 'clock');
  return [
    name,
    standing ? (isTaken(line, standing) ? 'drawing-taken' : 'drawing-never') : '',
    timed ? 'drawing-timed' : '',
    line.begins === null ? '' : 'drawing-begins',
  ]
    .filter(Boolean)
    .join(' ');
}

function paintLine(line: Line, placed: Placed, standing: Standing | null): string {
  const points = placed.routes.get(line.id)?.points ?? [];
  return group(lineClass('drawing-line', line, standing), line.hint, route(points, 'drawing-route'));
}

function paintLabel(line: Line, placed: Placed, standing: Standing | null): string {
  const area = placed.routes.get(line.id)?.label;
  if (!area) return '';
  const height = line.lines.reduce((sum, each) => sum + LINE_HEIGHT[each.style], 0);
  const { x, y } = centreOf(area);
  const text = textLines(line.lines, { x, top: y - height / 2, align: 'middle' });
  return group(
    lineClass('drawing-label', line, standing),
    line.hint,
    rectangle({ ...area, y: y - height / 2 - 4, height: height + 8 }, 8, 'drawing-plate') + text,
  );
}
