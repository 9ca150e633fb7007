/** People, teams and records that the fields of a form may point at, loaded once for a page. */
import type { AskedField, RecordView, TeamRow, UserRow } from '../../engine/index.js';
import type { Visit } from '../web/visit.js';
import { widgetOf } from './widget.js';

export interface References {
  readonly users: readonly UserRow[];
  readonly teams: readonly TeamRow[];
  /** Records offered for a process (key, or `*` for any), newest first. */
  readonly records: ReadonlyMap<string, readonly RecordView[]>;
  /** Records that values on this page point at, by id. */
  readonly named: ReadonlyMap<string, RecordView>;
}

const OFFERED = 60;

/** The process whose records a field points at: its key, `*` for any, null when it points at no record. */
export function referencedProcess(schema: AskedField['schema']): string | null {
  const reference = schema['x-charter']?.reference ?? schema.items?.['x-charter']?.reference;
  return reference?.kind === 'record' ? (reference.process ?? '*') : null;
}

async function offered(visit: Visit, process: string, q: string | null): Promise<readonly RecordView[]> {
  const query = { limit: OFFERED, status: 'active' as const, ...(process === '*' ? {} : { processes: [process] }), ...(q ? { q } : {}) };
  const page = await visit.services.engine.list(query, visit.actor).catch(() => null);
  return page?.items ?? [];
}

async function recordsNamed(visit: Visit, ids: readonly string[]): Promise<Map<string, RecordView>> {
  const found = await Promise.all([...new Set(ids)].slice(0, 50).map((id) => visit.services.engine.record(id, visit.actor).catch(() => null)));
  return new Map(found.filter((record) => record !== null).map((record) => [record.id, record]));
}

/** Loads what the fields need. `find` narrows the records offered for one process. */
export async function loadReferences(
  visit: Visit,
  fields: readonly AskedField[],
  find: { readonly process: string; readonly text: string } | null = null,
): Promise<References> {
  const pointing = fields.filter(({ schema, choices }) => widgetOf(schema, choices !== null) === 'record' || referencedProcess(schema) !== null);
  const processes = [...new Set(pointing.map(({ schema }) => referencedProcess(schema) ?? '*'))];
  const lists = await Promise.all(processes.map(async (key) => [key, await offered(visit, key, find?.process === key ? find.text : null)] as const));
  const values = pointing.flatMap(({ value }) => (Array.isArray(value) ? value : [value])).filter((value): value is string => typeof value === 'string');
  const [users, teams, named] = await Promise.all([visit.services.engine.users(), visit.services.engine.teams(), recordsNamed(visit, values)]);
  const byTitle =
    <T extends { readonly id: string }>(title: (row: T) => string) =>
    (a: T, b: T) =>
      title(a).localeCompare(title(b), 'en');
  return {
    users: users.filter(({ active }) => active).sort(byTitle((user) => user.name)),
    teams: [...teams].sort(byTitle((team) => team.title)),
    records: new Map(lists),
    named,
  };
}
