/** The address of a list: filters, sorting, page. Reads it strictly and writes it back for every link on the page. */
import { EngineError, type RecordQuery } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';

export type Query = Omit<RecordQuery, 'scope'>;
export type Sort = NonNullable<RecordQuery['sort']>;

export interface ListAddress {
  /** `open`, `mine`, `unassigned`, `teams`, `done`, `all`. */
  readonly view: string;
  readonly q: string;
  readonly state: string;
  readonly assignee: string;
  readonly team: string;
  readonly priority: string;
  readonly sort: Sort;
  readonly direction: 'asc' | 'desc';
  readonly cursor: string;
}

export const views = ['open', 'mine', 'unassigned', 'teams', 'done', 'all'] as const;
const sorts: readonly Sort[] = ['created', 'updated', 'due', 'priority', 'title', 'number'];
const LIMIT = 50;

function oneOf<T extends string>(visit: Visit, name: string, allowed: readonly T[], fallback: T): T {
  const given = visit.query(name);
  if (given === null) return fallback;
  const found = allowed.find((value) => value === given);
  if (!found) throw new EngineError('QUERY_INVALID', { parameter: name, allowed });
  return found;
}

function short(visit: Visit, name: string): string {
  const given = visit.query(name) ?? '';
  if (given.length > 500) throw new EngineError('QUERY_INVALID', { parameter: name, reason: 'It is too long.' });
  return given.trim();
}

export function readAddress(visit: Visit): ListAddress {
  return {
    view: oneOf(visit, 'view', views, 'open'),
    q: short(visit, 'q'),
    state: short(visit, 'state'),
    assignee: short(visit, 'assignee'),
    team: short(visit, 'team'),
    priority: short(visit, 'priority'),
    sort: oneOf(visit, 'sort', sorts, 'created'),
    direction: oneOf(visit, 'direction', ['asc', 'desc'] as const, 'desc'),
    cursor: visit.query('cursor') ?? '',
  };
}

const defaults: Partial<ListAddress> = { view: 'open', sort: 'created', direction: 'desc' };

/** The path with only what differs from the default; any change starts at the first page unless it names a cursor. */
export function writeAddress(path: string, address: ListAddress, change: Partial<ListAddress> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...address, cursor: '', ...change })) {
    if (value !== '' && value !== defaults[name as keyof ListAddress]) query.set(name, value);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** The engine's query for one process. */
export function toQuery(visit: Visit, process: string, address: ListAddress): Query {
  const { view } = address;
  return {
    processes: [process],
    limit: LIMIT,
    sort: address.sort,
    direction: address.direction,
    ...(view === 'done' ? { status: 'done' } : view === 'all' ? {} : { open: true }),
    ...(view === 'mine' ? { assignee: visit.actor.id } : address.assignee ? { assignee: address.assignee } : {}),
    ...(view === 'unassigned' ? { unassigned: true } : {}),
    ...(view === 'teams' ? { teams: visit.actor.teams } : {}),
    ...(address.q ? { q: address.q } : {}),
    ...(address.state ? { state: address.state } : {}),
    ...(address.team ? { team: address.team } : {}),
    ...(address.priority ? { priority: address.priority } : {}),
    ...(address.cursor ? { cursor: address.cursor } : {}),
  };
}
