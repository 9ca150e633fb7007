/** Puts routes in force: who is it, may they, what did they send, was it our form; then the handler. */
import type { Express, Request, Response } from 'express';
import { EngineError } from '../../engine/index.js';
import { refuseForeign } from '../auth/crossSite.js';
import { sessionUser, tokenUser } from '../auth/identity.js';
import { leaveAsItIs } from '../auth/sessions.js';
import { mostBytes, readApiBody, readForm } from './bodies.js';
import type { BodyRoom } from './bodyRoom.js';
import type { FormBody } from './formBody.js';
import { makeVisit } from './makeVisit.js';
import type { Pressure } from './pressure.js';
import type { Renderer } from './render.js';
import type { Route } from './route.js';
import type { Services } from './services.js';

/** @throws EngineError NOT_SIGNED_IN or FORBIDDEN unless the route's rule says yes. */
async function admit(route: Route, request: Request, services: Services) {
  const user = route.kind === 'api' ? await tokenUser(request, services) : await sessionUser(request, services);
  const verdict = route.allow.test(user);
  if (verdict === 'sign-in') throw new EngineError('NOT_SIGNED_IN');
  if (verdict === 'forbidden') throw new EngineError('FORBIDDEN', { rule: route.allow.name });
  return user;
}

async function readPageForm(route: Route, request: Request, response: Response, services: Services): Promise<FormBody> {
  const form = await readForm(route, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') refuseForeign(request, form, services.config.publicUrl);
  return form;
}

interface MountParts {
  readonly services: Services;
  readonly renderer: Renderer;
  readonly pressure: Pressure;
  readonly bodies: BodyRoom;
}

export function mountRoutes(app: Express, routes: readonly Route[], { services, renderer, pressure, bodies }: MountParts): void {
  for (const route of routes) {
    app[route.method](route.path, async (request: Request, response: Response) => {
      if (route.unattended) leaveAsItIs(request);
      const user = await pressure.working(route, () => admit(route, request, services));
      const who = user?.id ?? `address ${request.ip}`;
      // How long a client takes to send is his affair, and no work.
      const read = () => (route.kind === 'api' ? readApiBody(route, request, response) : readPageForm(route, request, response, services));
      await bodies.holding({ request, who, most: mostBytes(route) }, read, (form) =>
        pressure.working(route, async () => route.handle(makeVisit({ request, response, services, renderer, user, form }))),
      );
    });
  }
  refuseOtherMethods(app, routes);
}

/** A known path with another method is 405 with `Allow`, not 404. */
function refuseOtherMethods(app: Express, routes: readonly Route[]): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of routes) methods.set(path, (methods.get(path) ?? new Set()).add(method.toUpperCase()));
  for (const [path, allowed] of methods) {
    app.all(path, (request, response) => {
      if (allowed.has('GET')) allowed.add('HEAD');
      response.setHeader('Allow', [...allowed].join(', '));
      throw new EngineError('NOT_FOUND', { method: request.method, allowed: [...allowed] });
    });
  }
}
