/** Every route of Charter, area by area. */
import { operationRoutes } from './admin/operations.js';
import { teamRoutes } from './admin/teams.js';
import { userRoutes } from './admin/users.js';
import { apiRoutes } from './api/operations.js';
import { auditorRoutes } from './auditor/routes.js';
import { settingsRoutes } from './auth/settings.js';
import { setUpRoutes } from './auth/setUp.js';
import { signInRoutes } from './auth/signIn.js';
import { ownerRoutes } from './owner/routes.js';
import { createRoutes } from './staff/create.js';
import { figureRoutes } from './staff/figures.js';
import { listRoutes } from './staff/list.js';
import { recordRoutes } from './staff/records.js';
import { searchRoutes } from './staff/search.js';
import { standingRoutes } from './staff/standing.js';
import { stepRoutes } from './staff/steps.js';
import { workRoutes } from './staff/work.js';
import type { Route } from './web/route.js';
import type { Services } from './web/services.js';

/** Order matters only within one path pattern: `/process/:key/new` is another path than `/process/:key`. */
export function allRoutes(services: Services): readonly Route[] {
  return [
    ...workRoutes(),
    ...searchRoutes(),
    ...listRoutes(),
    ...figureRoutes(),
    ...createRoutes(),
    ...recordRoutes(),
    ...standingRoutes(),
    ...stepRoutes(),
    ...signInRoutes(services),
    ...setUpRoutes(services),
    ...settingsRoutes(),
    ...userRoutes(),
    ...teamRoutes(),
    ...operationRoutes(),
    ...ownerRoutes(),
    ...auditorRoutes(services),
    ...apiRoutes(services),
  ];
}
