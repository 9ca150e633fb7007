/** Makes the people and teams that the file names before its first row is taken, so that records can name them: users without a password, each once. */
import { pause, type TeamRow, type UserRow } from '../../engine/index.js';
import { columnsOf } from './columnsUsed.js';
import type { Mapping } from './mapping.js';
import type { ValueSpec } from './mappingFile.js';
import { RowProblem, type SourceRow } from './source.js';
import { personId, teamId } from './values.js';

/** What of the engine's keeping of people an import needs. */
export interface PeopleDoor {
  readonly people: { saveUser(row: UserRow): Promise<void>; saveTeam(row: TeamRow): Promise<void> };
  /** As the engine knows them now; asking makes it look whether they changed. */
  users(): Promise<readonly UserRow[]>;
  teams(): Promise<readonly TeamRow[]>;
  now(): number;
}

export interface NamedPeople {
  readonly users: ReadonlyMap<string, { readonly name: string; readonly roles: readonly string[]; readonly active: boolean }>;
  readonly teams: ReadonlyMap<string, string>;
}

export interface PeopleGathering extends NamedPeople {
  /** What can not be named is left for the row itself to tell. */
  add(row: SourceRow): void;
}

/** Gathers everyone the rows name, by the ids they will have. */
export function gatherPeople(mapping: Mapping): PeopleGathering {
  const users = new Map<string, { name: string; roles: readonly string[]; active: boolean }>();
  const teams = new Map<string, string>();
  const { file } = mapping;
  for (const actor of [file.actor, file.create.actor])
    if (actor.otherwise !== undefined) users.set(actor.otherwise, { name: actor.otherwise, roles: actor.roles, active: false });
  for (const id of standInTeams(mapping)) teams.set(id, id);
  return {
    users,
    teams,
    add(row) {
      for (const { columns, roles = [], active = false } of file.people ?? []) {
        for (const column of columns) {
          const named = nameIn(mapping, { row, column, idOf: personId });
          if (named !== null && !users.has(named.id)) users.set(named.id, { name: named.name, roles, active });
        }
      }
      for (const column of (file.teams ?? []).flatMap((entry) => entry.columns)) {
        const named = nameIn(mapping, { row, column, idOf: teamId });
        if (named !== null && !teams.has(named.id)) teams.set(named.id, named.name);
      }
    },
  };
}

/** Saves who is not known yet; whoever is known stays as he is. */
export async function makePeople(door: PeopleDoor, named: NamedPeople): Promise<void> {
  const users = new Set((await door.users()).map((user) => user.id));
  const teams = new Set((await door.teams()).map((team) => team.id));
  const newUsers = [...named.users].filter(([id]) => !users.has(id));
  const newTeams = [...named.teams].filter(([id]) => !teams.has(id));
  if (newUsers.length + newTeams.length === 0) return;
  const now = door.now();
  for (const [id, user] of newUsers)
    await door.people.saveUser({ id, ...user, email: null, passwordHash: null, teams: [], zone: null, standIn: null, absentUntil: null, createdAt: now });
  for (const [id, title] of newTeams) await door.people.saveTeam({ id, title, email: null });
  // The engine keeps people in memory; a reading that began before the last was saved may still be under way.
  for (let reading = 0; reading < 2; reading += 1) {
    await door.users();
    await pause(100);
  }
  await door.users();
}

/** Teams that stand in for unknown ones. */
function standInTeams(mapping: Mapping): string[] {
  const specs = [
    mapping.file.create.data,
    ...mapping.file.steps.flatMap((group) => group.rules.flatMap((rule) => rule.send.flatMap((send) => [send.data ?? {}, send.changed ?? {}]))),
  ];
  return specs
    .flatMap((data) => Object.values(data))
    .flatMap((spec: ValueSpec) =>
      columnsOf(spec).length > 0 && typeof spec === 'object' && 'as' in spec && spec.as === 'team' && typeof spec.otherwise === 'string'
        ? [spec.otherwise]
        : [],
    );
}

function nameIn(mapping: Mapping, place: { row: SourceRow; column: string; idOf: typeof personId }): { id: string; name: string } | null {
  const { row, column, idOf } = place;
  const cell = row.cells[column] ?? '';
  if (mapping.isUnknown(cell)) return null;
  try {
    return { id: idOf(mapping, column, cell), name: cell.replaceAll(/\s+/g, ' ').trim() };
  } catch (error) {
    if (error instanceof RowProblem) return null;
    throw error;
  }
}
