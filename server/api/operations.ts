/** Every operation of the API; routes and document come from this one list. */

import { anyone, type Route } from '../web/route.js';
import type { Services } from '../web/services.js';
import { clockOperations } from './clock.js';
import { connectionOperations } from './connections.js';
import { noteOperations } from './notes.js';
import { openApiDocument } from './openApi.js';
import { type Operation, operation } from './operation.js';
import { processOperations } from './processes.js';
import { recordOperations } from './records.js';
import { serviceOperations } from './service.js';
import { anyObject } from './shapes/service.js';

/** Operations of an installation: the clock's exist only where it is set by hand. */
export function allOperations(clock: 'system' | 'manual'): readonly Operation[] {
  const operations: Operation[] = [
    ...serviceOperations(),
    ...processOperations(),
    ...recordOperations(),
    ...connectionOperations(),
    ...noteOperations(),
    ...(clock === 'manual' ? clockOperations() : []),
  ];
  let document: object | null = null;
  const describe = operation({
    name: 'describe',
    method: 'get',
    path: '/api/v1/openapi.json',
    tag: 'Service',
    summary: 'This document',
    allow: anyone,
    answers: { 200: { description: 'OpenAPI 3.1', shape: anyObject } },
    handle: () => {
      document ??= openApiDocument(operations);
      return { status: 200, body: document };
    },
  });
  operations.push(describe);
  return operations;
}

export function apiRoutes({ config }: Services): readonly Route[] {
  return allOperations(config.clock).map(({ route }) => route);
}
