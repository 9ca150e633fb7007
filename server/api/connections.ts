/** What a record is connected with, and who suffers when it fails. */
import { z } from 'zod';
import { signedIn } from '../web/route.js';
import { type Operation, operation } from './operation.js';
import { impactShape, neighbourhoodShape } from './shapes/connections.js';

const about = { tag: 'Records', allow: signedIn } as const;
const FARTHEST = 4;

export function connectionOperations(): readonly Operation[] {
  return [
    operation({
      ...about,
      name: 'readNeighbourhood',
      method: 'get',
      path: '/api/v1/records/:record/neighbourhood',
      summary: 'What the record is linked with and names, and what that is linked with, as far as you may see it',
      query: z.strictObject({ distance: z.coerce.number().int().min(1).max(FARTHEST, `It must be a number from 1 to ${FARTHEST}.`).default(2) }),
      answers: { 200: { description: 'Records and connections', shape: neighbourhoodShape } },
      handle: async (call) => ({ status: 200, body: await call.engine.neighbourhood(call.param('record'), call.actor, { distance: call.query.distance }) }),
    }),
    operation({
      ...about,
      name: 'readImpact',
      method: 'get',
      path: '/api/v1/records/:record/impact',
      summary: 'Open records that suffer when this one fails, the nearest first',
      answers: { 200: { description: 'Records, each with the way that leads to it', shape: impactShape } },
      handle: async (call) => ({ status: 200, body: await call.engine.impact(call.param('record'), call.actor) }),
    }),
  ];
}
