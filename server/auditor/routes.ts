/** The auditor's pages at `/audit`. They read everything and write nothing; only an administrator adds a checkpoint. */
import type { Allow, Route } from '../web/route.js';
import type { Services } from '../web/services.js';
import { compareKept, KEPT_LIMIT, listCheckpoints, seal, sendCheckpoint } from './checkpoints.js';
import { coverageRoutes } from './coverage.js';
import { sendDefinition, showDefinitions } from './definitions.js';
import { exportHistory } from './exports.js';
import { looker, sealer } from './frame.js';
import { showHistory } from './history.js';
import { showOverview } from './overview.js';
import { showRecordAt } from './recordAt.js';
import { showDifference } from './recordDifference.js';
import { createVerifications } from './verifications.js';
import { askVerification, sendReport, showVerification, startVerification } from './verifyPages.js';

export function auditorRoutes({ engine, wall, log }: Pick<Services, 'engine' | 'wall' | 'log'>): readonly Route[] {
  const verifications = createVerifications({ engine, wall, failed: (error) => log.error({ err: error }, 'verification failed') });
  const look = (path: string, handle: Route['handle']): Route => ({ method: 'get', path, allow: looker, handle });
  const start = (path: string, handle: Route['handle'], allow: Allow = looker): Route => ({ method: 'post', path, allow, handle });
  return [
    look('/audit', showOverview(verifications)),
    look('/audit/history', showHistory),
    look('/audit/history/export', exportHistory),
    look('/audit/records/:number', showRecordAt),
    look('/audit/records/:number/differences', showDifference),
    look('/audit/verify', askVerification(verifications)),
    start('/audit/verify', startVerification(verifications)),
    look('/audit/verify/:id', showVerification(verifications)),
    look('/audit/verify/:id/report', sendReport(verifications)),
    look('/audit/checkpoints', listCheckpoints),
    start('/audit/checkpoints', seal, sealer),
    { ...start('/audit/kept-checkpoint', compareKept(verifications)), upload: KEPT_LIMIT },
    look('/audit/checkpoints/:sequence', sendCheckpoint),
    ...coverageRoutes(),
    look('/audit/definitions', showDefinitions),
    look('/audit/definitions/:key/:hash', sendDefinition),
  ];
}
