/** Names of people, teams and records that ids stand for. */
import type { RecordView, TeamRow, UserRow } from '../../engine/index.js';

export interface Names {
  user(id: string): string;
  team(id: string): string;
  /** Number and title of a record that was loaded; null when the reader may not see it or it was not asked for. */
  record(id: string): { readonly number: string; readonly title: string } | null;
}

const engines: { readonly [id: string]: string } = { system: 'Charter', timer: 'Charter', schedule: 'Charter' };

/** An actor that is no person: the engine itself, or what brought records in. */
function otherActor(id: string): string {
  if (engines[id]) return engines[id];
  return id.startsWith('import:') ? `Import (${id.slice('import:'.length)})` : id;
}

export function createNames(users: readonly UserRow[], teams: readonly TeamRow[], records: readonly RecordView[] = []): Names {
  const people = new Map(users.map(({ id, name }) => [id, name]));
  const groups = new Map(teams.map(({ id, title }) => [id, title]));
  const loaded = new Map(records.map((record) => [record.id, { number: record.number, title: record.columns.title ?? record.number }]));
  return {
    user: (id) => people.get(id) ?? otherActor(id),
    team: (id) => groups.get(id) ?? id,
    record: (id) => loaded.get(id) ?? null,
  };
}
