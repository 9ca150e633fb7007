/** Patterns of schedules: five fields, each within its range. Stricter than the library, which takes 5-1 and every 100th minute. */
import { validate } from 'node-cron';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const monthNames = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const weekdayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

interface Field {
  readonly what: string;
  readonly least: number;
  readonly most: number;
  readonly names: ReadonlyMap<string, number>;
}

const none: ReadonlyMap<string, number> = new Map();
const named = (lists: readonly (readonly string[])[], first: number): ReadonlyMap<string, number> =>
  new Map(lists.flatMap((list) => list.map((name, index): [string, number] => [name, index + first])));
const fields: readonly Field[] = [
  { what: 'minute', least: 0, most: 59, names: none },
  { what: 'hour', least: 0, most: 23, names: none },
  { what: 'day of month', least: 1, most: 31, names: none },
  { what: 'month', least: 1, most: 12, names: named([months, monthNames], 1) },
  { what: 'day of week', least: 0, most: 7, names: named([weekdays, weekdayNames], 0) },
];
const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Why a pattern says no times, or null when it is good. */
export function cronFault(cron: string): string | null {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== 5) return `it has ${parts.length} fields, not five`;
  const values: (ReadonlySet<number> | null)[] = [];
  for (const [index, field] of fields.entries()) {
    const read = readField(parts[index] as string, field);
    if (typeof read === 'string') return read;
    values.push(read);
  }
  const [, , days, ofMonths] = values;
  if (days && parts[4] === '*') {
    const possible = [...(ofMonths ?? longest.map((_, index) => index + 1))].some((month) => [...days].some((day) => day <= (longest[month - 1] ?? 31)));
    if (!possible) return 'that day never comes';
  }
  return validate(cron) ? null : 'it is not understood';
}

/** The values a field names (null: all of them), or what is wrong. */
function readField(text: string, field: Field): ReadonlySet<number> | null | string {
  if (text === '*') return null;
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const match = /^(\*|[^-/]+)(?:-([^-/]+))?(?:\/(\d+))?$/.exec(item);
    if (!match) return `${item || 'nothing'} is no ${field.what}`;
    const [, from = '', to, step] = match;
    const first = from === '*' ? field.least : numberOf(from, field);
    const last = from === '*' ? field.most : to === undefined ? (step === undefined ? first : field.most) : numberOf(to, field);
    if (first === null || last === null) return `${item} is no ${field.what} (${field.least} to ${field.most})`;
    if (first > last) return `${item} runs backwards`;
    const width = step === undefined ? 1 : Number(step);
    if (width < 1 || width > field.most - field.least) return `${item} steps by ${width}, which is no step of a ${field.what}`;
    for (let value = first; value <= last; value += width) values.add(value);
  }
  return values;
}

function numberOf(text: string, { least, most, names }: Field): number | null {
  const value = names.get(text.toLowerCase()) ?? (/^\d{1,2}$/.test(text) ? Number(text) : null);
  return value !== null && value >= least && value <= most ? value : null;
}
