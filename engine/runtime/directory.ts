/** People and teams as rules and approvals see them, kept in memory and read again when the store says they changed. */
import type { Clock } from '../clock.js';
import type { KnownUser } from '../core/step.js';
import type { PeopleStore, TeamRow, UserRow } from '../store/types.js';
import type { Actor } from '../types.js';
import { inTurn } from './inTurn.js';

export interface Directory {
  user(id: string): KnownUser | null;
  team(id: string): boolean;
  holders(role: string): readonly string[];
  members(team: string): readonly string[];
  name(id: string): string;
  email(id: string): string | null;
  teamEmail(id: string): string | null;
  users(): readonly UserRow[];
  teams(): readonly TeamRow[];
  /** The actor a user is, with roles and teams as they are now; null when unknown or inactive. */
  actor(id: string): Actor | null;
  /** Reads again if anything changed. */
  refresh(): Promise<void>;
}

export function createDirectory(people: PeopleStore, clock: Clock): Directory {
  let users = new Map<string, UserRow>();
  let teams = new Map<string, TeamRow>();
  let revision = -1;
  const active = () => [...users.values()].filter((user) => user.active);
  return {
    user(id) {
      const row = users.get(id);
      return row
        ? {
            id: row.id,
            roles: row.roles,
            teams: row.teams,
            standIn: row.standIn,
            absent: row.absentUntil !== null && row.absentUntil > clock.now(),
            active: row.active,
          }
        : null;
    },
    team: (id) => teams.has(id),
    holders: (role) =>
      active()
        .filter((user) => user.roles.includes(role))
        .map((user) => user.id),
    members: (team) =>
      active()
        .filter((user) => user.teams.includes(team))
        .map((user) => user.id),
    name: (id) => users.get(id)?.name ?? id,
    email: (id) => users.get(id)?.email ?? null,
    teamEmail: (id) => teams.get(id)?.email ?? null,
    users: () => [...users.values()],
    teams: () => [...teams.values()],
    actor(id) {
      const row = users.get(id);
      return row?.active ? { id: row.id, roles: row.roles, teams: row.teams } : null;
    },
    refresh: inTurn(async () => {
      const current = await people.revision();
      if (current === revision) return;
      const [allUsers, allTeams] = await Promise.all([people.users(), people.teams()]);
      users = new Map(allUsers.map((user) => [user.id, user]));
      teams = new Map(allTeams.map((team) => [team.id, team]));
      revision = current;
    }),
  };
}
