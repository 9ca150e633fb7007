import type { DelaySpec, Json } from '../../../engine/index.js';
import { counted, humanise, uncapital } from './words.js';

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/(\d+(?:\.\d+)?)Y/, 'year'],
  [/^[^T]*?(\d+(?:\.\d+)?)M/, 'month'],
  [/(\d+(?:\.\d+)?)W/, 'week'],
  [/(\d+(?:\.\d+)?)D/, 'day'],
  [/T.*?(\d+(?:\.\d+)?)H/, 'hour'],
  [/T.*?(\d+(?:\.\d+)?)M/, 'minute'],
  [/T.*?(\d+(?:\.\d+)?)S/, 'second'],
];
const STEPS: readonly (readonly [number, string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
];

/** An ISO 8601 duration in words (`P1DT4H`: `1 day 4 hours`); null when it is not one. */
export function durationWords(text: string): string | null {
  if (!/^P(?=.)[\d.YMWDTHS]+$/.test(text)) return null;
  const parts = UNITS.flatMap(([pattern, unit]) => {
    const amount = pattern.exec(text)?.[1];
    return amount === undefined ? [] : [counted(Number(amount), unit)];
  });
  return parts.length === 0 ? null : parts.join(' ');
}

/** Milliseconds in words, the largest unit that divides them. */
export function millisecondWords(ms: number): string {
  const unit = STEPS.find(([size]) => ms >= size && ms % size === 0);
  return unit ? counted(ms / unit[0], unit[1]) : `${ms} ms`;
}

/** When a timer is due, as a phrase with its preposition. `described` is its author's sentence, said where only a rule knows. */
export function delayWords(spec: DelaySpec | undefined, name: string, described?: string): string {
  const own = uncapital((described ?? humanise(name)).trim().replace(/\.$/, ''));
  if (spec === undefined) return `after ${/^\d+$/.test(name) ? millisecondWords(Number(name)) : own}`;
  if (typeof spec === 'number') return `after ${millisecondWords(spec)}`;
  if (typeof spec === 'string') return `after ${durationWords(spec) ?? own}`;
  if ('business' in spec) return `after ${businessWords(spec.business) ?? own}`;
  if ('until' in spec) return `at ${described === undefined ? (fieldWords(spec.until) ?? own) : own}`;
  return `after ${own}`;
}

function businessWords(amount: Json): string | null {
  const words = typeof amount === 'string' ? durationWords(amount) : null;
  return words === null ? null : `${words} of working time`;
}

/** `{"var": "record.dueAt"}` reads `due at`. */
function fieldWords(rule: Json): string | null {
  const path = typeof rule === 'object' && rule !== null && !Array.isArray(rule) ? (rule as { var?: Json }).var : undefined;
  return typeof path === 'string' ? uncapital(humanise(path.replace(/^(record|event)\./, ''))) : null;
}
