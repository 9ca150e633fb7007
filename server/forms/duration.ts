/** Durations as people type them ("4h 30m", "2 days", "PT4H") and as ISO 8601. */
import { Duration } from 'luxon';

const units: { readonly [name: string]: string } = {
  w: 'W',
  week: 'W',
  weeks: 'W',
  d: 'D',
  day: 'D',
  days: 'D',
  h: 'H',
  hour: 'H',
  hours: 'H',
  m: 'M',
  min: 'M',
  minute: 'M',
  minutes: 'M',
  s: 'S',
  second: 'S',
  seconds: 'S',
};

/** The ISO 8601 duration meant, or null when it is none. */
export function readDuration(text: string): string | null {
  const trimmed = text.trim();
  if (/^P(?=.)/iu.test(trimmed)) {
    const parsed = Duration.fromISO(trimmed.toUpperCase());
    return parsed.isValid && /\d/u.test(trimmed) ? trimmed.toUpperCase() : null;
  }
  if (!/^(?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*)+$/iu.test(trimmed)) return null;
  let date = '';
  let time = '';
  for (const [, amount, name] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/giu)) {
    const unit = units[(name ?? '').toLowerCase()];
    if (!unit) return null;
    if (unit === 'W' || unit === 'D') date += amount + unit;
    else time += amount + unit;
  }
  const iso = `P${date}${time && `T${time}`}`;
  return Duration.fromISO(iso).isValid ? iso : null;
}

/** "PT4H30M" as "4 h 30 min"; what is not a duration comes back as it is. */
export function tellDuration(iso: string): string {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/u.exec(iso);
  if (!match) return iso;
  const names = ['y', 'mo', 'w', 'd', 'h', 'min', 's'];
  const told = names.flatMap((name, index) => (match[index + 1] ? [`${match[index + 1]} ${name}`] : []));
  return told.join(' ') || '0 s';
}
