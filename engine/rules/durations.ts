/** ISO 8601 durations, strictly. A day is a calendar day when added in a zone, 24 hours when counted. */
import { DateTime } from 'luxon';

export interface Duration {
  readonly years: number;
  readonly months: number;
  readonly weeks: number;
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const fraction = '(\\d{1,9}(?:[.,]\\d{1,9})?)';
const whole = '(\\d{1,9})';
const weeksForm = new RegExp(`^P${whole}W$`);
const fullForm = new RegExp(`^P(?=.)(?:${whole}Y)?(?:${whole}M)?(?:${whole}D)?(?:T(?=.)(?:${fraction}H)?(?:${fraction}M)?(?:${fraction}S)?)?$`);

/** The parts of a duration, or null. Refused: `PT`, `P1Y1W` (weeks stand alone), signs, a fraction anywhere but in the last time part. */
export function parseDuration(text: string): Duration | null {
  const weeks = weeksForm.exec(text);
  if (weeks !== null) return { years: 0, months: 0, weeks: Number(weeks[1]), days: 0, hours: 0, minutes: 0, seconds: 0 };
  const match = fullForm.exec(text);
  if (match === null) return null;
  const given = match.slice(1).filter((part) => part !== undefined);
  if (given.slice(0, -1).some((part) => /[.,]/.test(part))) return null;
  const part = (index: number): number => Number((match[index] ?? '0').replace(',', '.'));
  return { years: part(1), months: part(2), weeks: 0, days: part(3), hours: part(4), minutes: part(5), seconds: part(6) };
}

/**
 * `instant` plus the duration, in milliseconds since the epoch: years to days on the calendar of `zone` (default UTC), the rest exactly.
 * @throws RangeError when the text is no duration or the zone unknown.
 */
export function addDuration(instant: number, text: string, zone = 'UTC'): number {
  return shift(instant, text, { zone, sign: 1 });
}

/** `instant` minus the duration; else as `addDuration`. */
export function subtractDuration(instant: number, text: string, zone = 'UTC'): number {
  return shift(instant, text, { zone, sign: -1 });
}

/** The duration in milliseconds, a day being 24 hours. @throws RangeError for no duration, and for months and years, whose length varies. */
export function durationMs(text: string): number {
  const parts = required(text);
  if (parts.years !== 0 || parts.months !== 0) throw new RangeError(`"${text}" has no fixed length: months and years vary`);
  return (parts.weeks * 7 + parts.days) * day + timeMs(parts);
}

/** ISO 8601 in days (of 24 hours), hours, minutes and seconds: `P1DT2H`, `PT0S`. A negative amount has a minus before it, for people to read. */
export function formatDuration(ms: number): string {
  const amount = Math.abs(Math.round(ms));
  const days = Math.floor(amount / day);
  const hours = Math.floor((amount % day) / hour);
  const minutes = Math.floor((amount % hour) / minute);
  const seconds = (amount % minute) / second;
  const time = [hours > 0 ? `${hours}H` : '', minutes > 0 ? `${minutes}M` : '', seconds > 0 ? `${seconds}S` : ''].join('');
  if (amount === 0) return 'PT0S';
  return `${ms < 0 ? '-' : ''}P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}

function shift(instant: number, text: string, { zone, sign }: { zone: string; sign: 1 | -1 }): number {
  const parts = required(text);
  const calendar = { years: parts.years, months: parts.months, days: parts.weeks * 7 + parts.days };
  if (calendar.years === 0 && calendar.months === 0 && (calendar.days === 0 || zone === 'UTC')) {
    return within(instant + sign * (calendar.days * day + timeMs(parts)), text);
  }
  const start = DateTime.fromMillis(instant, { zone });
  if (!start.isValid) throw new RangeError(`"${zone}" is not a time zone`);
  const moved = sign === 1 ? start.plus(calendar) : start.minus(calendar);
  return within(moved.toMillis() + sign * timeMs(parts), text);
}

/** The years 1 to 9999: beyond them ISO text changes its form. */
const firstInstant = -62_135_596_800_000;
const lastInstant = 253_402_300_799_999;

function within(instant: number, text: string): number {
  if (!(instant >= firstInstant && instant <= lastInstant)) throw new RangeError(`"${text}" leads beyond the years 1 to 9999`);
  return instant;
}

function timeMs(parts: Duration): number {
  return Math.round(parts.hours * hour + parts.minutes * minute + parts.seconds * second);
}

function required(text: string): Duration {
  const parts = parseDuration(text);
  if (parts === null) throw new RangeError(`"${text}" is not an ISO 8601 duration`);
  return parts;
}
