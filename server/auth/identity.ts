/** Who is asking: the user of a session or of a token, read for every request so that a change of roles takes effect at once. */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { type Actor, EngineError, type UserRow } from '../../engine/index.js';
import type { Services } from '../web/services.js';
import { ABSOLUTE_MS } from './sessionStore.js';

/** The actor the engine sees. */
export function actorOf(user: UserRow): Actor {
  return { id: user.id, roles: user.roles, teams: user.teams };
}

/** SHA-256 under which a bearer token is stored. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The active user of the session, or null. */
export async function sessionUser(request: Request, services: Services): Promise<UserRow | null> {
  const { user, since } = request.session ?? {};
  if (!user || !since || since + ABSOLUTE_MS <= services.wall()) return null;
  const row = await services.engine.people.user(user);
  return row?.active ? row : null;
}

/**
 * The active user of the bearer token, or null when none was sent.
 * @throws EngineError NOT_SIGNED_IN for a token that is unknown or has expired.
 */
export async function tokenUser(request: Request, services: Services): Promise<UserRow | null> {
  const header = request.get('authorization');
  if (header === undefined) return null;
  const token = /^Bearer ([A-Za-z0-9_-]{20,200})$/u.exec(header)?.[1];
  const row = token ? await services.engine.people.token(tokenHash(token)) : null;
  const live = row !== null && (row.expiresAt === null || row.expiresAt > services.wall());
  const user = live ? await services.engine.people.user(row.user) : null;
  if (!user?.active) throw new EngineError('NOT_SIGNED_IN', { reason: 'The bearer token is unknown, has expired, or belongs to somebody who left.' });
  return user;
}
