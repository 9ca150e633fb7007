/** Reads instants written by another system: day, month, year, hour, minute and second in any order, in a named zone. */
import { DateTime } from 'luxon';

const TOKENS: Readonly<Record<string, readonly [unit: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', pattern: string]>> = {
  YYYY: ['year', '(\\d{4})'],
  MM: ['month', '(\\d{2})'],
  M: ['month', '(\\d{1,2})'],
  DD: ['day', '(\\d{2})'],
  D: ['day', '(\\d{1,2})'],
  HH: ['hour', '(\\d{2})'],
  H: ['hour', '(\\d{1,2})'],
  mm: ['minute', '(\\d{2})'],
  ss: ['second', '(\\d{2})'],
};

type Parts = Partial<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>>;

/**
 * Makes a reader for one format and zone. It gives milliseconds since the epoch, or null where the text is not of the
 * format or names no instant (31 February, an hour that a change of the clocks leaves out).
 */
export function createInstantReader(format: string, zone: string): (text: string) => number | null {
  const { pattern, units } = compileFormat(format);
  return (text) => {
    const match = pattern.exec(text);
    if (match === null) return null;
    const parts: Parts = {};
    units.forEach((unit, index) => {
      parts[unit] = Number(match[index + 1]);
    });
    return toInstant(parts, zone);
  };
}

/** True when the format names at least a whole date, each part once. */
export function formatIsUsable(format: string): boolean {
  const { units } = compileFormat(format);
  return new Set(units).size === units.length && ['year', 'month', 'day'].every((unit) => (units as string[]).includes(unit));
}

function compileFormat(format: string): { pattern: RegExp; units: (keyof Parts)[] } {
  const units: (keyof Parts)[] = [];
  const source = format.replaceAll(/YYYY|MM|M|DD|D|HH|H|mm|ss|[\s\S]/g, (piece) => {
    const token = Object.hasOwn(TOKENS, piece) ? TOKENS[piece] : undefined;
    if (token === undefined) return piece.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    units.push(token[0]);
    return token[1];
  });
  return { pattern: new RegExp(`^${source}$`), units };
}

function toInstant(parts: Parts, zone: string): number | null {
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(asUtc);
  const whole = back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!whole) return null;
  if (zone === 'UTC') return asUtc;
  const local = DateTime.fromObject({ year, month, day, hour, minute, second }, { zone });
  return local.isValid && local.hour === hour && local.minute === minute ? local.toMillis() : null;
}
