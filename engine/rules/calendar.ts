/**
 * Working calendars. A minute is open when the wall clock of the zone shows a time within an opening interval of that date:
 * so the hour that is skipped in spring does not count, and one that is repeated in autumn counts twice.
 */
import { IANAZone } from 'luxon';
import type { CalendarFile } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import { checkCalendar, holidaysOf, type LocalInterval, weekOf } from './calendarFile.js';

/** Open from `start` up to, not including, `end`; milliseconds since the epoch. */
interface Opening {
  readonly start: number;
  readonly end: number;
}

export interface Calendar {
  readonly name: string;
  readonly zone: string;
  /** Openings that begin on a local date, given as days since the epoch; in order, without overlap. */
  readonly openings: (day: number) => readonly Opening[];
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** So many closed days in a row mean that the calendar never opens. */
const closedForGood = 3660;
const cachedDays = 50_000;
/**
 * Local dates whose openings can touch an instant lie this many days around its date in UTC: one for the zone's offset, one
 * for an opening that reaches past midnight. Asking the zone for its offset would cost more than looking at two more days.
 */
const REACH = 2;

function utcDay(instant: number): number {
  return Math.floor(instant / dayMs);
}

/** Makes a calendar ready for use. @throws EngineError DEFINITION_FAULTY `{calendar, reason}` for a file with errors. */
export function compileCalendar(name: string, file: CalendarFile): Calendar {
  const fault = checkCalendar(file).find((problem) => problem.severity === 'error');
  if (fault !== undefined) throw new EngineError('DEFINITION_FAULTY', { calendar: name, pointer: fault.pointer, reason: fault.message });
  const zone = IANAZone.create(file.zone);
  const week = weekOf(file);
  const holidays = holidaysOf(file);
  const cache = new Map<number, readonly Opening[]>();
  const openings = (day: number): readonly Opening[] => {
    const known = cache.get(day);
    if (known !== undefined) return known;
    if (cache.size > cachedDays) cache.clear();
    // Day 0, 1 January 1970, was a Thursday; weeks here begin on Monday.
    const local = holidays.get(day) ?? week[(((day + 3) % 7) + 7) % 7] ?? [];
    const made = toOpenings(zone, day, local);
    cache.set(day, made);
    return made;
  };
  return { name, zone: file.zone, openings };
}

/** The first instant at which `ms` of open time have passed since `from`. @throws EngineError RULE_FAILED when the calendar never opens. */
export function businessPlus(calendar: Calendar, from: number, ms: number): number {
  if (!(ms > 0)) return from;
  let left = ms;
  let closed = 0;
  for (let day = utcDay(from) - REACH; closed < closedForGood; day += 1) {
    closed += 1;
    for (const { start, end } of calendar.openings(day)) {
      if (end <= from) continue;
      const begin = Math.max(start, from);
      if (end - begin >= left) return begin + left;
      left -= end - begin;
      closed = 0;
    }
  }
  throw new EngineError('RULE_FAILED', { rule: calendar.name, reason: `The calendar ${calendar.name} does not open for ten years` });
}

/** Milliseconds of open time between two instants; negative when `to` is before `from`. */
export function businessBetween(calendar: Calendar, from: number, to: number): number {
  if (to < from) return 0 - businessBetween(calendar, to, from);
  let sum = 0;
  const last = utcDay(to) + REACH;
  for (let day = utcDay(from) - REACH; day <= last; day += 1) {
    for (const { start, end } of calendar.openings(day)) {
      const overlap = Math.min(end, to) - Math.max(start, from);
      if (overlap > 0) sum += overlap;
    }
  }
  return sum;
}

/** Whether the calendar is open at an instant. */
export function isOpen(calendar: Calendar, at: number): boolean {
  const day = utcDay(at);
  return [day - 2, day - 1, day, day + 1, day + 2].some((near) => calendar.openings(near).some(({ start, end }) => start <= at && at < end));
}

function toOpenings(zone: IANAZone, day: number, local: readonly LocalInterval[]): readonly Opening[] {
  if (local.length === 0) return [];
  const midnight = day * dayMs;
  const found: Opening[] = [];
  for (const piece of offsetsAround(zone, midnight)) {
    for (const { from, to } of local) {
      const start = Math.max(midnight + (from - piece.offset) * minuteMs, piece.start);
      const end = Math.min(midnight + (to - piece.offset) * minuteMs, piece.end);
      if (start < end) found.push({ start, end });
    }
  }
  return joined(found.sort((a, b) => a.start - b.start));
}

interface Stretch extends Opening {
  readonly offset: number;
}

/** The stretches of constant offset that a local date can touch; zones lie between -12 and +14 hours. */
function offsetsAround(zone: IANAZone, midnight: number): readonly Stretch[] {
  const start = midnight - 15 * 60 * minuteMs;
  const end = midnight + dayMs + 13 * 60 * minuteMs;
  const [before, after] = [zone.offset(start), zone.offset(end)];
  if (before === after) return [{ start, end, offset: before }];
  let [low, high] = [start, end];
  while (high - low > minuteMs) {
    const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs;
    if (zone.offset(middle) === before) low = middle;
    else high = middle;
  }
  return [
    { start, end: high, offset: before },
    { start: high, end, offset: after },
  ];
}

function joined(openings: readonly Opening[]): readonly Opening[] {
  const result: Opening[] = [];
  for (const opening of openings) {
    const last = result.at(-1);
    if (last !== undefined && opening.start <= last.end) result[result.length - 1] = { start: last.start, end: Math.max(last.end, opening.end) };
    else result.push(opening);
  }
  return result;
}
