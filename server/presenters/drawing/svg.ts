/** Writes SVG as text. Everything that comes from a definition passes through `escaped`. */
import { FONTS, GLYPH, LINE_HEIGHT, type TextLine } from './figure.js';
import type { Area, Point } from './layout.js';
import { textWidth } from './measure.js';

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const RADIUS = 7;
const ARROW = { length: 9, half: 4.5 } as const;

/** Text safe in SVG content and quoted attributes; control characters and half characters, which XML forbids, are dropped. */
export function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must go
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Cs}/gu, '');
  return clean.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

export function element(name: string, attributes: { readonly [name: string]: string | number | null }, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? Math.round(value * 10) / 10 : escaped(String(value))}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export function group(className: string, hint: string, content: string): string {
  return element('g', { class: className }, (hint === '' ? '' : element('title', {}, escaped(hint))) + content);
}

export function rectangle(area: Area, radius: number, className: string): string {
  return element('rect', { class: className, x: area.x, y: area.y, width: area.width, height: area.height, rx: radius });
}

export function circle(centre: Point, radius: number, className: string): string {
  return element('circle', { class: className, cx: centre.x, cy: centre.y, r: radius });
}

export function inset(area: Area, by: number): Area {
  return { x: area.x + by, y: area.y + by, width: area.width - by * 2, height: area.height - by * 2 };
}

export function centreOf(area: Area): Point {
  return { x: area.x + area.width / 2, y: area.y + area.height / 2 };
}

/** Lines of text from `top` on, centred on or starting at `x`. */
export function textLines(lines: readonly TextLine[], place: { readonly x: number; readonly top: number; readonly align: 'middle' | 'start' }): string {
  let y = place.top;
  return lines
    .map((line) => {
      const height = LINE_HEIGHT[line.style];
      const baseline = y + height / 2 + FONTS[line.style].size * 0.35;
      const middle = y + height / 2;
      y += height;
      const timer = line.style === 'timer';
      const left = place.align === 'start' ? place.x : place.x - (textWidth(line.text, FONTS[line.style]) + GLYPH) / 2;
      const x = timer ? left + GLYPH : place.x;
      const anchor = timer || place.align === 'start' ? null : 'middle';
      return (
        (timer ? clock({ x: left + 6, y: middle }) : '') +
        element('text', { class: `drawing-text drawing-${line.style}`, x, y: baseline, 'text-anchor': anchor }, escaped(line.text))
      );
    })
    .join('');
}

function clock(centre: Point): string {
  const { x, y } = centre;
  return circle(centre, 5.5, 'drawing-glyph') + element('path', { class: 'drawing-glyph', d: `M${round(x)} ${round(y - 3.2)}V${round(y)}H${round(x + 2.6)}` });
}

/** An orthogonal line with rounded corners that ends where its arrowhead begins. */
export function route(points: readonly Point[], className: string): string {
  const last = points.at(-1);
  const before = points.at(-2);
  if (!last || !before) return '';
  const end = towards(last, before, ARROW.length - 1);
  const path = [...points.slice(0, -1), end];
  const commands = path.map((point, index) => corner(point, path[index - 1], path[index + 1]));
  return element('path', { class: className, d: commands.join('') }) + arrow(last, before);
}

function corner(point: Point, before: Point | undefined, after: Point | undefined): string {
  if (!before) return `M${at(point)}`;
  if (!after) return `L${at(point)}`;
  const size = Math.min(RADIUS, distance(point, before) / 2, distance(point, after) / 2);
  return `L${at(towards(point, before, size))}Q${at(point)} ${at(towards(point, after, size))}`;
}

function arrow(tip: Point, from: Point): string {
  const base = towards(tip, from, ARROW.length);
  const length = distance(tip, from) || 1;
  const across = { x: ((tip.y - from.y) / length) * ARROW.half, y: ((from.x - tip.x) / length) * ARROW.half };
  return element('path', {
    class: 'drawing-arrow',
    d: `M${at(tip)}L${at({ x: base.x + across.x, y: base.y + across.y })}L${at({ x: base.x - across.x, y: base.y - across.y })}Z`,
  });
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) / length) * by, y: from.y + ((to.y - from.y) / length) * by };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function at(point: Point): string {
  return `${round(point.x)} ${round(point.y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
