/**
 * Routes are data: each area exports `xRoutes(): readonly Route[]`, `server/routes.ts` lists them all, `mountRoutes` puts them in force.
 * `allow` is mandatory, and a test walks the list: no route without a rule, and each refuses the wrong person.
 */
import type { UserRow } from '../../engine/index.js';
import type { Visit } from './visit.js';

/** `yes`, or what stands in the way. */
export type Verdict = 'yes' | 'sign-in' | 'forbidden';

export interface Allow {
  readonly name: string;
  readonly test: (user: UserRow | null) => Verdict;
}

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  /** Who may come in at all; what they may see and do of a record is the engine's to say. */
  readonly allow: Allow;
  /**
   * `page`: session cookie, form bodies, CSRF check on every method but GET, errors as pages.
   * `api`: bearer token only, JSON bodies (`readJson`), errors as problem documents.
   */
  readonly kind?: 'page' | 'api';
  /** Asked by pages of themselves, by a clock: no sign that somebody is there, so it does not keep his session alive. */
  readonly unattended?: boolean;
  /** A multipart form with one file of at most this many bytes, under the name `file`. */
  readonly upload?: number;
  /** Largest body in bytes; default 256 KiB for forms, 2 MiB for JSON. */
  readonly limit?: number;
  readonly handle: (visit: Visit) => Promise<void> | void;
}

/** Everybody, signed in or not. */
export const anyone: Allow = { name: 'anyone', test: () => 'yes' };

/** Whoever is signed in. */
export const signedIn: Allow = { name: 'signed in', test: (user) => (user ? 'yes' : 'sign-in') };

/** Holders of one of the roles. An administrator does not pass by being one. */
export function holds(...roles: readonly string[]): Allow {
  return {
    name: `holds ${roles.join(' or ')}`,
    test: (user) => (!user ? 'sign-in' : user.roles.some((role) => roles.includes(role)) ? 'yes' : 'forbidden'),
  };
}
