/** A figure from month to month as small bars, with its target as a line. Colours are the style sheet's. */
import { element, escaped } from './svg.js';

export interface TrendPoint {
  /** Such as `2026-03`. */
  readonly month: string;
  readonly value: number | null;
  readonly met: boolean | null;
  readonly count: number;
}

/** Months drawn: few stand at the right in the width of twelve, of many the last are shown. */
const FEWEST = 12;
const MOST = 24;
const SLOT = 26;
const HEIGHT = 72;
const FOOT = 16;

/** `told`: what is said of a bar when it is pointed at. */
export function drawTrend({
  months,
  target,
  told,
}: {
  readonly months: readonly TrendPoint[];
  readonly target: number | null;
  readonly told: (point: TrendPoint) => string;
}): string {
  const points = gapless(months).slice(-MOST);
  const slots = Math.max(FEWEST, points.length);
  const offset = slots - points.length;
  const y = scaleOf(points, target);
  const width = slots * SLOT;
  const bars = points.map((point, index) => bar(point, { x: (offset + index) * SLOT, y, title: told(point) })).join('');
  const goal = target === null ? '' : element('line', { class: 'trend-target', x1: 0, x2: width, y1: y(target), y2: y(target) });
  const labels = [points[0], points.length > 1 ? points.at(-1) : undefined].flatMap((point, end) => {
    const [x, anchor] = end === 0 && points.length > 1 ? [offset * SLOT + 4, 'start'] : [width - 4, 'end'];
    return point ? [element('text', { class: 'trend-label', x, y: HEIGHT + FOOT - 3, 'text-anchor': anchor }, escaped(labelOf(point.month)))] : [];
  });
  const base = element('line', { class: 'trend-base', x1: 0, x2: width, y1: y(0), y2: y(0) });
  return element(
    'svg',
    { class: 'trend', viewBox: `0 0 ${width} ${HEIGHT + FOOT}`, 'aria-hidden': 'true', focusable: 'false' },
    base + bars + goal + labels.join(''),
  );
}

function bar(point: TrendPoint, { x, y, title }: { readonly x: number; readonly y: (value: number) => number; readonly title: string }): string {
  if (point.value === null) return '';
  const [end, zero] = [y(point.value), y(0)];
  const height = Math.max(Math.abs(zero - end), 1.5);
  const tone = point.met === null ? '' : point.met ? ' met' : ' missed';
  const area = { x: x + 4, y: Math.min(end, zero - (end <= zero ? 1.5 : 0)), width: SLOT - 8, height, rx: 2 };
  return element('rect', { class: `trend-bar${tone}`, ...area }, element('title', {}, escaped(title)));
}

/** From a value to its height from the top; nought and the target are always in sight. */
function scaleOf(points: readonly TrendPoint[], target: number | null): (value: number) => number {
  const values = [0, ...(target === null ? [] : [target]), ...points.flatMap(({ value }) => (value === null ? [] : [value]))];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  return (value) => 4 + ((high - value) / span) * (HEIGHT - 8);
}

/** Months without a record stand as gaps. */
function gapless(months: readonly TrendPoint[]): readonly TrendPoint[] {
  const byMonth = new Map(months.map((point) => [point.month, point]));
  const all: TrendPoint[] = [];
  const last = months.at(-1)?.month ?? '';
  for (let month = months[0]?.month ?? ''; month !== '' && month <= last && all.length < 1_200; month = after(month))
    all.push(byMonth.get(month) ?? { month, value: null, met: null, count: 0 });
  return all;
}

function after(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}

const SHORT = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function labelOf(month: string): string {
  const [year = '', number = ''] = month.split('-');
  return `${SHORT[Number(number) - 1] ?? ''} ${year.slice(2)}`;
}
