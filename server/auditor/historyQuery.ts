/** The address of the history across records: filters and page, read strictly and written back for every link. */
import { DateTime } from 'luxon';
import { type Engine, EngineError, type Origin, type UserRow } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';

export const origins: { readonly [origin in Origin]: string } = {
  person: 'A person',
  api: 'A program',
  import: 'An import',
  timer: 'A timer or clock',
  signal: 'Another record’s signal',
  record: 'Another record’s step',
  schedule: 'A schedule',
  system: 'Charter itself',
};

export interface HistoryAddress {
  readonly process: string;
  readonly record: string;
  readonly actor: string;
  readonly event: string;
  readonly origin: string;
  readonly from: string;
  readonly before: string;
  readonly order: 'newest' | 'oldest';
  readonly cursor: string;
}

export type EntryQuery = Parameters<Engine['entries']>[0];

const PATH = '/audit/history';
const names = ['process', 'record', 'actor', 'event', 'origin', 'from', 'before', 'order', 'cursor'] as const;

function read(visit: Visit, name: string): string {
  const given = visit.query(name) ?? '';
  if (given.length > 500) throw new EngineError('QUERY_INVALID', { parameter: name, reason: 'It is too long.' });
  return given.trim();
}

export function readAddress(visit: Visit): HistoryAddress {
  const order = read(visit, 'order') || 'newest';
  if (order !== 'newest' && order !== 'oldest') throw new EngineError('QUERY_INVALID', { parameter: 'order', allowed: ['newest', 'oldest'] });
  const origin = read(visit, 'origin');
  if (origin !== '' && !Object.hasOwn(origins, origin)) throw new EngineError('QUERY_INVALID', { parameter: 'origin', allowed: Object.keys(origins) });
  const [process, record, actor, event, from, before, cursor] = (['process', 'record', 'actor', 'event', 'from', 'before', 'cursor'] as const).map((name) =>
    read(visit, name),
  ) as [string, string, string, string, string, string, string];
  return { process, record: record.toUpperCase(), actor, event, origin, from, before, order, cursor };
}

/** Any change starts at the first page unless it names a cursor. */
export function writeAddress(address: HistoryAddress, change: Partial<HistoryAddress> = {}, path = PATH): string {
  const whole = { ...address, cursor: '', ...change };
  const query = new URLSearchParams(
    names.flatMap((name): [string, string][] => (whole[name] === '' || (name === 'order' && whole.order === 'newest') ? [] : [[name, whole[name]]])),
  );
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export const isFiltered = (address: HistoryAddress): boolean =>
  [address.process, address.record, address.actor, address.event, address.origin, address.from, address.before].some((value) => value !== '');

/** An instant as typed, in the reader's zone unless it names one. Null when it is none. */
export function readInstant(text: string, zone: string): number | null {
  const at = DateTime.fromISO(text, { zone });
  return at.isValid ? at.toMillis() : null;
}

/** `2026-03-02T10:05`, for a field of the browser. */
export function fieldInstant(at: number, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
}

export interface ReadQuery {
  readonly query: Omit<EntryQuery, 'limit'>;
  /** What could not be read, by field. */
  readonly problems: { readonly [field: string]: string };
}

/** A person may be named by id or by full name. */
function actorId(text: string, users: readonly UserRow[]): string {
  if (users.some(({ id }) => id === text)) return text;
  const named = users.filter(({ name }) => name.toLowerCase() === text.toLowerCase());
  return named.length === 1 ? (named[0]?.id ?? text) : text;
}

/** The engine's query. What was typed wrongly is named beside its field, and nothing is shown for it. */
export function toQuery(address: HistoryAddress, zone: string, users: readonly UserRow[]): ReadQuery {
  const problems: Record<string, string> = {};
  const instant = (name: 'from' | 'before'): number | undefined => {
    if (address[name] === '') return undefined;
    const at = readInstant(address[name], zone);
    if (at === null) problems[name] = 'Choose a date and a time.';
    return at ?? undefined;
  };
  const [from, to] = [instant('from'), instant('before')];
  if (from !== undefined && to !== undefined && from >= to) problems.before = 'This must be later than “From”.';
  const query = {
    direction: address.order === 'newest' ? ('desc' as const) : ('asc' as const),
    ...(address.process ? { process: address.process } : {}),
    ...(address.record ? { record: address.record } : {}),
    ...(address.actor ? { actorId: actorId(address.actor, users) } : {}),
    ...(address.event ? { event: address.event } : {}),
    ...(address.origin ? { origin: address.origin as Origin } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(address.cursor ? { cursor: address.cursor } : {}),
  };
  return { query, problems };
}
