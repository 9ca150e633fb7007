/**
 * The instants a five-field cron pattern names in a time zone. Where the clocks go forward, a time that is skipped comes when
 * they have; where they go back, a time that is repeated comes once. Patterns for every hour follow the hours as they pass.
 */
import { IANAZone } from 'luxon';
import { EngineError } from '../errors.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Occurrences {
  /** The first instant after `after` and at or before `until`, or null. */
  next(after: number, until: number): number | null;
}

interface Fields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  readonly everyHour: boolean;
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Takes a pattern that the checker has accepted. */
export function occurrencesOf(cron: string, timezone: string): Occurrences {
  const fields = fieldsOf(cron);
  const zone = IANAZone.create(timezone);
  return {
    next(after, until) {
      const last = Math.floor((until + zone.offset(until) * MINUTE) / DAY) * DAY;
      // A day earlier than the one shown: what is skipped or repeated at midnight belongs to it.
      for (let day = Math.floor((after + zone.offset(after) * MINUTE) / DAY) * DAY - DAY; day <= last; day += DAY) {
        if (!isDay(fields, day)) continue;
        const found = instantsOf(fields, zone, day).find((at) => at > after);
        if (found !== undefined) return found <= until ? found : null;
      }
      return null;
    },
  };
}

function isDay({ days, months, weekdays }: Fields, day: number): boolean {
  const date = new Date(day);
  return months.has(date.getUTCMonth() + 1) && days.has(date.getUTCDate()) && weekdays.has(date.getUTCDay());
}

/** All instants of one local date, in order. `day` is that date's midnight as if it were UTC. */
function instantsOf({ hours, minutes, everyHour }: Fields, zone: IANAZone, day: number): readonly number[] {
  const [before, after] = [zone.offset(day - DAY) * MINUTE, zone.offset(day + 2 * DAY) * MINUTE];
  const walls = hours.flatMap((hour) => minutes.map((minute) => day + hour * HOUR + minute * MINUTE));
  if (before === after) return walls.map((wall) => wall - before);
  const instants = walls.flatMap((wall) => {
    const real = [...new Set([wall - before, wall - after])].filter((at) => at + zone.offset(at) * MINUTE === wall).sort((a, b) => a - b);
    if (real.length === 0) return everyHour ? [] : [changeBetween(zone, wall - after - DAY, wall - before)];
    return everyHour ? real : real.slice(0, 1);
  });
  return [...new Set(instants)].sort((a, b) => a - b);
}

/** The first minute with the offset that holds at `to`. */
function changeBetween(zone: IANAZone, from: number, to: number): number {
  const wanted = zone.offset(to);
  let [low, high] = [from, to];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (zone.offset(middle) === wanted) high = middle;
    else low = middle;
  }
  return high;
}

function fieldsOf(cron: string): Fields {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().toLowerCase().split(/\s+/);
  return {
    minutes: valuesOf(minute, 0, 59),
    hours: valuesOf(hour, 0, 23),
    days: new Set(valuesOf(day, 1, 31)),
    months: new Set(valuesOf(named(month, monthNames, 1), 1, 12)),
    weekdays: new Set(valuesOf(named(weekday, weekdayNames, 0), 0, 7).map((value) => value % 7)),
    everyHour: hour.startsWith('*'),
  };
}

function named(text: string, names: readonly string[], first: number): string {
  return text.replaceAll(/[a-z]+/g, (name) => String(names.indexOf(name.slice(0, 3)) + first));
}

function valuesOf(text: string, least: number, most: number): readonly number[] {
  const values = text.split(',').flatMap((item) => {
    const [, from = '', to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(item) ?? [];
    if (from === '') throw new EngineError('RULE_FAILED', { rule: 'cron', reason: `“${text}” is not understood` });
    const first = from === '*' ? least : Number(from);
    const last = from === '*' || (to === undefined && step !== undefined) ? most : Number(to ?? from);
    const width = Number(step ?? 1);
    return Array.from({ length: Math.max(0, Math.floor((last - first) / width) + 1) }, (_, index) => first + index * width);
  });
  return [...new Set(values)].sort((a, b) => a - b);
}
