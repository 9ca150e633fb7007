/** Instants and durations as people read them. Instants are milliseconds since the epoch; zones are IANA names. */

export interface ToldInstant {
  readonly iso: string;
  readonly text: string;
  readonly date: string;
  readonly relative: string;
  /** With weekday, seconds and zone, for a tooltip. */
  readonly long: string;
}

const MINUTE = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${kind}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options });
  formats.set(key, made);
  return made;
}

/** Whether the platform knows a time zone by this name. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** "3 h ago", "in 2 d", "now"; never more than one unit. */
export function describeRelative(instant: number, now: number): string {
  const distance = Math.abs(instant - now);
  if (distance < MINUTE) return 'now';
  const text = describeDuration(distance, 1);
  return instant > now ? `in ${text}` : `${text} ago`;
}

/** The instant as the reader's zone shows it. */
export function describeInstant(instant: number, zone: string, now: number): ToldInstant {
  const at = new Date(instant);
  const date = format(zone, 'date', { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
  const clock = format(zone, 'clock', { hour: '2-digit', minute: '2-digit' }).format(at);
  return {
    iso: at.toISOString(),
    text: `${date}, ${clock}`,
    date,
    relative: describeRelative(instant, now),
    long: `${format(zone, 'long', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at)} (${zone})`,
  };
}

/** "2 d 3 h", "45 min", "12 s"; at most `parts` units, the smaller ones cut off. The sign is dropped. */
export function describeDuration(ms: number, parts = 2): string {
  let rest = Math.floor(Math.abs(ms) / 1000);
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const told: string[] = [];
  for (const [size, name] of units) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) told.push(`${amount} ${name}`);
    else if (told.length > 0) break;
    if (told.length === parts) break;
  }
  return told.length > 0 ? told.join(' ') : '0 s';
}
