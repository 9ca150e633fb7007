/**
 * express-session's store on the people of the engine. The id is stored as its SHA-256, so that who reads the table can not sign in with it.
 * A touch is written at most every few minutes: one for every page would cost more than the page. Nothing is remembered: a session that was
 * ended on any server is ended on all, and a request that had begun before does not bring it back.
 */
import { createHash } from 'node:crypto';
import session from 'express-session';
import type { PeopleStore } from '../../engine/index.js';

const IDLE_MS = 8 * 3_600_000;
export const ABSOLUTE_MS = 24 * 3_600_000;
const ANONYMOUS_MS = 30 * 60_000;
const TOUCH_MS = 5 * 60_000;

declare module 'express-session' {
  interface SessionData {
    user: string;
    /** When the person signed in, for the absolute limit. */
    since: number;
    notice: { readonly tone: 'good' | 'info' | 'warning' | 'danger'; readonly text: string };
    /** When what is in the store expires; tells whether a touch is worth a write. */
    stored: number;
  }
}

type Callback<T> = (error: unknown, value?: T) => void;

const keyOf = (sid: string): string => createHash('sha256').update(sid).digest('hex');

/** Of requests that no person made; express-session touches every session it has read. */
const untouched = new WeakSet<object>();

/** This reading of a session does not put off its end. */
export function leaveUntouched(data: object): void {
  untouched.add(data);
}

export class PeopleSessionStore extends session.Store {
  readonly #people: PeopleStore;
  readonly #wall: () => number;
  /** Sessions of requests under way that were stored before. */
  readonly #stored = new WeakSet<session.SessionData>();

  constructor(people: PeopleStore, wall: () => number) {
    super();
    this.#people = people;
    this.#wall = wall;
  }

  override get(sid: string, callback: Callback<session.SessionData | null>): void {
    const work = async (): Promise<session.SessionData | null> => {
      const row = await this.#people.session(keyOf(sid));
      if (!row || row.expiresAt <= this.#wall()) return null;
      return { ...(JSON.parse(row.data) as session.SessionData), stored: row.expiresAt };
    };
    work().then(
      (data) => callback(null, data),
      (error: unknown) => callback(error),
    );
  }

  override set(sid: string, data: session.SessionData, callback?: Callback<void>): void {
    this.#write(sid, data).then(
      () => callback?.(null),
      (error: unknown) => callback?.(error),
    );
  }

  override touch(sid: string, data: session.SessionData, callback?: () => void): void {
    if (untouched.has(data) || (data.stored ?? 0) > this.#expiry(data) - TOUCH_MS) callback?.();
    else
      this.#write(sid, data).then(
        () => callback?.(),
        () => callback?.(),
      );
  }

  override destroy(sid: string, callback?: Callback<void>): void {
    this.#people.dropSession(keyOf(sid)).then(
      () => callback?.(null),
      (error: unknown) => callback?.(error),
    );
  }

  #expiry(data: session.SessionData): number {
    const idle = this.#wall() + (data.user ? IDLE_MS : ANONYMOUS_MS);
    return data.since ? Math.min(idle, data.since + ABSOLUTE_MS) : idle;
  }

  async #write(sid: string, data: session.SessionData): Promise<void> {
    const { stored: _, ...kept } = data;
    const row = { id: keyOf(sid), user: data.user ?? null, data: JSON.stringify(kept), expiresAt: this.#expiry(data) };
    if (data.stored !== undefined || this.#stored.has(data)) await this.#people.renewSession(row);
    else await this.#people.saveSession(row);
    this.#stored.add(data);
  }
}
