/** Reads and checks the authored form of a calendar. */
import { IANAZone } from 'luxon';
import type { CalendarFile } from '../definitions/authored.js';
import { isDateOnly, parseInstant } from './instants.js';
import { problem } from './problems.js';
import type { RuleProblem } from './types.js';

/** Minutes since local midnight; `to` is not included. */
export interface LocalInterval {
  readonly from: number;
  readonly to: number;
}

type AuthoredInterval = { readonly from: string; readonly to: string };

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const dayMs = 86_400_000;

/** Intervals by weekday, Monday first. */
export function weekOf(file: CalendarFile): readonly (readonly LocalInterval[])[] {
  return weekdays.map((day) => intervals(file.week[day] ?? []));
}

/** Intervals of the dates that differ from the week, by days since the epoch. */
export function holidaysOf(file: CalendarFile): ReadonlyMap<number, readonly LocalInterval[]> {
  return new Map((file.holidays ?? []).map(({ date, open }) => [(parseInstant(date) ?? 0) / dayMs, intervals(open ?? [])]));
}

/** What is wrong with a calendar; pointers are relative to the file. */
export function checkCalendar(file: CalendarFile): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  if (typeof file.zone !== 'string' || !IANAZone.isValidZone(file.zone)) problems.push(problem('CALENDAR_ZONE', '/zone', `"${file.zone}" is not a time zone.`));
  for (const day of weekdays) checkIntervals(file.week[day] ?? [], `/week/${day}`, problems);
  const dates = new Set<string>();
  for (const [index, holiday] of (file.holidays ?? []).entries()) {
    if (!isDateOnly(holiday.date)) problems.push(problem('CALENDAR_DATE', `/holidays/${index}/date`, `"${holiday.date}" is not a date.`));
    if (dates.has(holiday.date)) problems.push(problem('CALENDAR_DATE_TWICE', `/holidays/${index}/date`, `${holiday.date} is listed twice.`));
    dates.add(holiday.date);
    checkIntervals(holiday.open ?? [], `/holidays/${index}/open`, problems);
  }
  const byDates = (file.holidays ?? []).some((holiday) => (holiday.open ?? []).length > 0);
  if (!byDates && weekdays.every((day) => (file.week[day] ?? []).length === 0))
    problems.push(problem('CALENDAR_CLOSED', '/week', 'The calendar is never open.'));
  return problems;
}

function checkIntervals(authored: readonly AuthoredInterval[], pointer: string, problems: RuleProblem[]): void {
  const read: LocalInterval[] = [];
  for (const [index, { from, to }] of authored.entries()) {
    const [begin, end] = [parseTime(from), parseTime(to)];
    if (begin === null || begin === 1440) problems.push(problem('CALENDAR_TIME', `${pointer}/${index}/from`, `"${from}" is not a time of day.`));
    else if (end === null) problems.push(problem('CALENDAR_TIME', `${pointer}/${index}/to`, `"${to}" is not a time of day.`));
    else if (end <= begin) problems.push(problem('CALENDAR_ORDER', `${pointer}/${index}`, `The opening ends at ${to}, not after its beginning at ${from}.`));
    else if (read.some((other) => begin < other.to && other.from < end))
      problems.push(problem('CALENDAR_OVERLAP', `${pointer}/${index}`, `${from} to ${to} overlaps another opening of the day.`));
    else read.push({ from: begin, to: end });
  }
}

function intervals(authored: readonly AuthoredInterval[]): readonly LocalInterval[] {
  return authored.map(({ from, to }) => ({ from: parseTime(from) ?? 0, to: parseTime(to) ?? 0 })).sort((a, b) => a.from - b.from);
}

/** Minutes since midnight of `09:30`; `24:00` is the end of the day. */
function parseTime(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return null;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minutes <= 1440 ? minutes : null;
}
