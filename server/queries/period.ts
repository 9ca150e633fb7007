/** The period of a page of figures: named ones, or two days. Days are those of UTC, as the engine's months are. */
import { DateTime } from 'luxon';
import { EngineError } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';

export interface Period {
  /** Name of the period that was chosen; empty when days were given. */
  readonly name: string;
  /** First and last day, such as `2026-03-01`; empty: no limit. */
  readonly from: string;
  readonly to: string;
  /** The same as instants, the end not included. */
  readonly span: { readonly from?: number; readonly to?: number };
  /** What could not be read, by field. */
  readonly problems: { readonly [field: string]: string };
}

type Days = readonly [from: DateTime | null, to: DateTime | null];

const periods: { readonly [name: string]: { readonly title: string; readonly days: (today: DateTime) => Days } } = {
  'this-month': { title: 'This month', days: (today) => [today.startOf('month'), today.endOf('month')] },
  'last-month': { title: 'Last month', days: (today) => around(today.minus({ months: 1 }), 'month') },
  'this-quarter': { title: 'This quarter', days: (today) => around(today, 'quarter') },
  'last-quarter': { title: 'Last quarter', days: (today) => around(today.minus({ quarters: 1 }), 'quarter') },
  'this-year': { title: 'This year', days: (today) => around(today, 'year') },
  'twelve-months': { title: 'Twelve months', days: (today) => [today.minus({ months: 11 }).startOf('month'), today.endOf('month')] },
  all: { title: 'Everything', days: () => [null, null] },
};
const USUAL = 'twelve-months';

function around(day: DateTime, unit: 'month' | 'quarter' | 'year'): Days {
  return [day.startOf(unit), day.endOf(unit)];
}

/** The periods to choose from, as links. */
export function periodTabs(path: string, chosen: string): readonly { readonly title: string; readonly href: string; readonly current: boolean }[] {
  return Object.entries(periods).map(([name, { title }]) => ({
    title,
    href: name === USUAL ? path : `${path}?period=${name}`,
    current: name === chosen,
  }));
}

/** Reads `period`, or `from` and `to`, of the address. @throws QUERY_INVALID for a period that there is not. */
export function readPeriod(visit: Visit): Period {
  const [from, to] = [visit.query('from') ?? '', visit.query('to') ?? ''];
  if (from === '' && to === '') return namedPeriod(visit.query('period') ?? USUAL, visit.services.engine.now());
  const problems: Record<string, string> = {};
  const day = (name: string, text: string): DateTime | null => {
    const read = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? DateTime.fromISO(text, { zone: 'utc' }) : null;
    if (text !== '' && !read?.isValid) problems[name] = 'Choose a day.';
    return read?.isValid ? read : null;
  };
  const days: Days = [day('from', from), day('to', to)];
  if (days[0] && days[1] && days[0] > days[1]) problems.to = 'This must not be before “From”.';
  return { name: '', from: from.slice(0, 40), to: to.slice(0, 40), span: spanOf(days), problems };
}

function namedPeriod(name: string, now: number): Period {
  const chosen = Object.hasOwn(periods, name) ? periods[name] : undefined;
  if (!chosen) throw new EngineError('QUERY_INVALID', { parameter: 'period', allowed: Object.keys(periods) });
  const days = chosen.days(DateTime.fromMillis(now, { zone: 'utc' }));
  const [from, to] = days.map((day) => day?.toISODate() ?? '') as [string, string];
  return { name, from, to, span: spanOf(days), problems: {} };
}

function spanOf([from, to]: Days): Period['span'] {
  const end = to?.startOf('day').plus({ days: 1 });
  return { ...(from ? { from: from.startOf('day').toMillis() } : {}), ...(end ? { to: end.toMillis() } : {}) };
}
