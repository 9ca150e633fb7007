/** Builds what a handler is given. */
import type { Request, Response } from 'express';
import { EngineError, type UserRow } from '../../engine/index.js';
import { actorOf } from '../auth/identity.js';
import { isZone } from '../presenters/time.js';
import type { FormBody } from './formBody.js';
import { isWellFormed } from './formBody.js';
import { ownPath } from './ownPath.js';
import { type Renderer, sendPage } from './render.js';
import type { Services } from './services.js';
import { frameOf } from './ui.js';
import type { PageSpec, Visit } from './visit.js';

interface Parts {
  readonly request: Request;
  readonly response: Response;
  readonly services: Services;
  readonly renderer: Renderer;
  readonly user: UserRow | null;
  readonly form: FormBody;
}

function queryOf(request: Request, name: string): string | null {
  const value: unknown = (request.query as Record<string, unknown>)[name];
  if (value === undefined || value === '') return null;
  if (typeof value !== 'string' || !isWellFormed(value) || value.includes('\u0000')) throw new EngineError('QUERY_INVALID', { parameter: name });
  return value;
}

/** Of the machine the server stands on; asked once, since asking takes a quarter of a millisecond. */
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** Of the reader's settings, else the machine's. */
function zoneOf(user: UserRow | null): string {
  return user?.zone && isZone(user.zone) ? user.zone : ownZone;
}

export function makeVisit(parts: Parts): Visit {
  const { request, response, services, renderer, user, form } = parts;
  const visit: Visit = {
    request,
    response,
    services,
    user,
    form,
    get zone() {
      return zoneOf(user);
    },
    get actor() {
      if (!user) throw new EngineError('NOT_SIGNED_IN');
      return actorOf(user);
    },
    param: (name) => {
      const value = request.params[name];
      if (typeof value !== 'string' || !isWellFormed(value)) throw new EngineError('NOT_FOUND');
      return value;
    },
    query: (name) => queryOf(request, name),
    page: async (spec: PageSpec) => {
      const ui = await frameOf(visit, spec, services);
      sendPage(response, spec.status ?? 200, await renderer(spec.view, spec.layout ?? (user ? 'main' : 'bare'), { ...spec.model, ui }));
    },
    redirect: (path, notice) => {
      if (notice) request.session.notice = notice;
      response.setHeader('Cache-Control', 'no-store');
      // Saved first: the browser follows at once, and would else find the session as it was.
      request.session.save((error) => {
        if (error) services.log.warn({ err: error }, 'session not saved');
        response.redirect(303, ownPath(path));
      });
    },
  };
  return visit;
}
