/** The web application, as a table of contents. */
import express, { type Express } from 'express';
import { EngineError } from '../engine/index.js';
import { createSessions } from './auth/sessions.js';
import { allRoutes } from './routes.js';
import { attendRequests } from './web/attend.js';
import { BODY_BYTES, createBodyRoom } from './web/bodyRoom.js';
import { createFailureHandler } from './web/failures.js';
import { mountRoutes } from './web/mount.js';
import { isForPrograms } from './web/paths.js';
import { createPressure } from './web/pressure.js';
import { createRenderer } from './web/render.js';
import type { Route } from './web/route.js';
import { perMinute, securityHeaders } from './web/security.js';
import type { Services } from './web/services.js';

/** Builds the application; listens to nothing. `routes` are all of Charter's unless a test brings its own. */
export function createApp(services: Services, routes: readonly Route[] = allRoutes(services)): Express {
  const { config, assets } = services;
  const renderer = createRenderer(assets, true);
  const pressure = createPressure(config.maxRequests);
  const app = express();

  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('env', 'production');
  app.set('query parser', 'simple');
  app.set('trust proxy', config.trustProxy);

  app.use(attendRequests(services));
  app.use(securityHeaders(config));
  app.use(assets.serve);
  app.use(pressure.atTheDoor);
  app.use(['/sign-in', '/set-up'], perMinute(services, 'signing-in', 120));
  app.use(exceptApi(createSessions(services)));
  mountRoutes(app, routes, { services, renderer, pressure, bodies: createBodyRoom(BODY_BYTES) });
  app.use(() => {
    throw new EngineError('NOT_FOUND');
  });
  app.use(createFailureHandler(services, renderer));
  return app;
}

/** Programs bring a token with every request; a cookie must mean nothing there. */
function exceptApi(sessions: express.RequestHandler): express.RequestHandler {
  return (request, response, next) => (isForPrograms(request.path) ? next() : sessions(request, response, next));
}
