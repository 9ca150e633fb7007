/** Makes the people and teams that rows name, so that a record can name them: users without a password, each once. */
import type { TeamRow, UserRow } from '../../engine/index.js';
import type { Mapping } from './mapping.js';
import { type SourceRow, RowProblem } from './source.js';
import { personId, teamId } from './values.js';

/** What of the engine's keeping of people an import needs. */
export interface PeopleDoor {
  user(id: string): Promise<UserRow | null>;
  users(): Promise<readonly UserRow[]>;
  saveUser(row: UserRow): Promise<void>;
  teams(): Promise<readonly TeamRow[]>;
  saveTeam(row: TeamRow): Promise<void>;
}

export interface KnownPeople {
  /** Sees to it that everyone these rows name is there. What can not be named is left for the row itself to tell. */
  ensure(rows: readonly SourceRow[]): Promise<void>;
}

export async function knowPeople(mapping: Mapping, door: PeopleDoor, now: () => number): Promise<KnownPeople> {
  const users = new Map<string, Promise<void>>((await door.users()).map((user) => [user.id, Promise.resolve()]));
  const teams = new Map<string, Promise<void>>((await door.teams()).map((team) => [team.id, Promise.resolve()]));
  const once = (known: Map<string, Promise<void>>, id: string, make: () => Promise<void>): Promise<void> => {
    const making = known.get(id) ?? make();
    known.set(id, making);
    return making;
  };
  const others = [mapping.file.actor, mapping.file.create.actor].flatMap((actor) => (actor.otherwise === undefined ? [] : [{ id: actor.otherwise, roles: actor.roles }]));
  for (const other of others) await once(users, other.id, () => door.saveUser(toUser({ ...other, name: other.id, active: false, now: now() })));
  return {
    async ensure(rows) {
      const makings = new Set<Promise<void>>();
      for (const row of rows) {
        for (const { column, people } of peopleColumns(mapping)) {
          const named = nameIn(mapping, column, row, personId);
          if (named) makings.add(once(users, named.id, () => door.saveUser(toUser({ ...named, roles: people.roles ?? [], active: people.active ?? false, now: now() }))));
        }
        for (const column of mapping.file.teams?.flatMap((entry) => entry.columns) ?? []) {
          const named = nameIn(mapping, column, row, teamId);
          if (named) makings.add(once(teams, named.id, () => door.saveTeam({ id: named.id, title: named.name, email: null })));
        }
      }
      await Promise.all(makings);
    },
  };
}

function peopleColumns(mapping: Mapping) {
  return (mapping.file.people ?? []).flatMap((people) => people.columns.map((column) => ({ column, people })));
}

function nameIn(mapping: Mapping, column: string, row: SourceRow, idOf: typeof personId): { id: string; name: string } | null {
  const cell = row.cells[column] ?? '';
  if (mapping.isUnknown(cell)) return null;
  try {
    return { id: idOf(mapping, column, cell), name: cell.replaceAll(/\s+/g, ' ').trim() };
  } catch (error) {
    if (error instanceof RowProblem) return null;
    throw error;
  }
}

function toUser(person: { id: string; name: string; roles: readonly string[]; active: boolean; now: number }): UserRow {
  const { id, name, roles, active, now } = person;
  return { id, name, email: null, passwordHash: null, roles, teams: [], zone: null, standIn: null, absentUntil: null, active, createdAt: now };
}
