/** The session middleware and the two moments that change whose it is. */
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Services } from '../web/services.js';
import { leaveUntouched, PeopleSessionStore } from './sessionStore.js';

/** `__Host-` binds the cookie to this very host and to https; browsers refuse that name over plain http. */
export function createSessions(services: Services): RequestHandler {
  const { config, engine, wall } = services;
  return session({
    name: config.secure ? '__Host-charter' : 'charter',
    secret: config.secretKey,
    resave: false,
    saveUninitialized: false,
    rolling: false,
    // Only decides whether the cookie may be sent as Secure behind a proxy that ends TLS; the client's address is `trust proxy`'s.
    proxy: config.secure,
    store: new PeopleSessionStore(engine.people, wall),
    cookie: { httpOnly: true, sameSite: 'lax', secure: config.secure, path: '/' },
  });
}

const settle = (work: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));

/** A new session id for a person who just proved who they are; resolves once it is stored. */
export async function beginSession(request: Request, user: string, now: number): Promise<void> {
  await settle((done) => request.session.regenerate(done));
  request.session.user = user;
  request.session.since = now;
  await settle((done) => request.session.save(done));
}

/** Whatever comes of this request, the session ends when it would have ended without it. */
export function leaveAsItIs(request: Request): void {
  if (request.session) leaveUntouched(request.session);
}

/** Ends the session here and in the store. */
export async function endSession(request: Request): Promise<void> {
  await settle((done) => request.session.destroy(done));
}
