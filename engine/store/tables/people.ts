/** Users, teams, their tokens and sessions. */
import type { Reader } from '../database.js';
import type { PeopleStore, SessionRow, TeamRow, TokenRow, UserRow } from '../types.js';
import type { Writer } from '../writing/writer.js';

type StoredUser = Omit<UserRow, 'roles' | 'teams' | 'active'> & { readonly roles: string; readonly teams: string; readonly active: number };

const userColumns = `id, name, email, password_hash AS "passwordHash", roles, teams, zone, stand_in AS "standIn", absent_until AS "absentUntil", active, created_at AS "createdAt"`;
const userOf = (row: StoredUser): UserRow => ({
  ...row,
  roles: JSON.parse(row.roles) as string[],
  teams: JSON.parse(row.teams) as string[],
  active: row.active === 1,
});
const tokenColumns = 'id, user_id AS "user", title, hash, created_at AS "createdAt", expires_at AS "expiresAt"';

export function createPeople(reader: Reader, writer: Writer): PeopleStore {
  return { ...createUsers(reader, writer), ...createTokens(reader, writer), ...createSessions(reader, writer) };
}

type Users = Pick<PeopleStore, 'user' | 'users' | 'saveUser' | 'teams' | 'saveTeam' | 'revision'>;

function createUsers(reader: Reader, writer: Writer): Users {
  const bumped = (sql: string, params: readonly (string | number | null)[]): Promise<void> =>
    writer.transact(async (connection) => {
      await connection.run(sql, params);
      await connection.run("UPDATE revisions SET value = value + 1 WHERE name = 'people'");
    });
  return {
    async user(id) {
      const [row] = await reader.all<StoredUser>(`SELECT ${userColumns} FROM users WHERE id = ?`, [id]);
      return row ? userOf(row) : null;
    },
    users: async () => (await reader.all<StoredUser>(`SELECT ${userColumns} FROM users ORDER BY id`)).map(userOf),
    saveUser: (row) =>
      bumped(
        `INSERT INTO users (id, name, email, password_hash, roles, teams, zone, stand_in, absent_until, active, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, password_hash = excluded.password_hash, roles = excluded.roles, teams = excluded.teams,
           zone = excluded.zone, stand_in = excluded.stand_in, absent_until = excluded.absent_until, active = excluded.active`,
        [
          row.id,
          row.name,
          row.email,
          row.passwordHash,
          JSON.stringify(row.roles),
          JSON.stringify(row.teams),
          row.zone,
          row.standIn,
          row.absentUntil,
          row.active ? 1 : 0,
          row.createdAt,
        ],
      ),
    teams: () => reader.all<TeamRow>('SELECT id, title, email FROM teams ORDER BY id'),
    saveTeam: (row) =>
      bumped('INSERT INTO teams (id, title, email) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, email = excluded.email', [
        row.id,
        row.title,
        row.email,
      ]),
    async revision() {
      const [row] = await reader.all<{ value: number }>("SELECT value FROM revisions WHERE name = 'people'");
      return row?.value ?? 0;
    },
  };
}

function createTokens(reader: Reader, writer: Writer): Pick<PeopleStore, 'token' | 'tokens' | 'saveToken' | 'dropToken'> {
  return {
    token: async (hash) => (await reader.all<TokenRow>(`SELECT ${tokenColumns} FROM tokens WHERE hash = ?`, [hash]))[0] ?? null,
    tokens: (user) => reader.all<TokenRow>(`SELECT ${tokenColumns} FROM tokens WHERE user_id = ? ORDER BY created_at, id`, [user]),
    async saveToken(row) {
      await writer.run(
        `INSERT INTO tokens (id, user_id, title, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET title = excluded.title, hash = excluded.hash, expires_at = excluded.expires_at`,
        [row.id, row.user, row.title, row.hash, row.createdAt, row.expiresAt],
      );
    },
    async dropToken(id) {
      await writer.run('DELETE FROM tokens WHERE id = ?', [id]);
    },
  };
}

function createSessions(reader: Reader, writer: Writer): Pick<PeopleStore, 'session' | 'saveSession' | 'renewSession' | 'dropSession' | 'dropSessionsOf'> {
  return {
    async session(id) {
      const [row] = await reader.all<SessionRow>('SELECT id, user_id AS "user", data, expires_at AS "expiresAt" FROM sessions WHERE id = ?', [id]);
      return row ?? null;
    },
    async saveSession(row) {
      await writer.run(
        `INSERT INTO sessions (id, user_id, data, expires_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, data = excluded.data, expires_at = excluded.expires_at`,
        [row.id, row.user, row.data, row.expiresAt],
      );
    },
    async renewSession({ id, user, data, expiresAt }) {
      return (await writer.run('UPDATE sessions SET user_id = ?, data = ?, expires_at = ? WHERE id = ?', [user, data, expiresAt, id])) > 0;
    },
    async dropSession(id) {
      await writer.run('DELETE FROM sessions WHERE id = ?', [id]);
    },
    async dropSessionsOf(user) {
      await writer.run('DELETE FROM sessions WHERE user_id = ?', [user]);
    },
  };
}
