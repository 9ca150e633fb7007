/** Instants as ISO 8601 text with a zone, strictly: `Date.parse` makes 2 March of 30 February and 2001 of "1". */

const dateForm = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantForm = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Milliseconds since the epoch, or null when the text is not an instant.
 * Takes a date with time and zone (`2026-03-02T09:00:00Z`, `…+01:00`; seconds may be left out), or a date alone, which is its midnight UTC.
 */
export function parseInstant(text: string): number | null {
  const day = dateForm.exec(text);
  if (day !== null) return dayStart(Number(day[1]), Number(day[2]), Number(day[3]));
  const match = instantForm.exec(text);
  if (match === null) return null;
  const start = dayStart(Number(match[1]), Number(match[2]), Number(match[3]));
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  const [zoneHour, zoneMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (start === null || hour > 23 || minute > 59 || second > 59 || zoneHour > 14 || zoneMinute > 59) return null;
  const millisecond = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const offset = (zoneHour * 60 + zoneMinute) * (match[8] === '-' ? -1 : 1);
  return start + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond;
}

/** Whether the text is a date alone. */
export function isDateOnly(text: string): boolean {
  return dateForm.test(text) && parseInstant(text) !== null;
}

/** ISO text in UTC, with milliseconds: the one form in which instants are written. */
export function formatInstant(instant: number): string {
  return new Date(instant).toISOString();
}

/** The date in UTC, `2026-03-02`. */
export function formatDate(instant: number): string {
  return formatInstant(instant).slice(0, 10);
}

function dayStart(year: number, month: number, day: number): number | null {
  const start = Date.UTC(year, month - 1, day);
  const date = new Date(start);
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? start : null;
}
