/** What operators and tools ask of the server itself: is it alive, is it ready, its figures, the published schemas. Open to everyone. */
import { EngineError, publishedSchemas } from '../../engine/index.js';
import { anyone } from '../web/route.js';
import { metricsText } from './metrics.js';
import { type Answer, type Call, type Operation, operation } from './operation.js';
import { anyObject, health, readiness } from './shapes/service.js';

const about = { tag: 'Service', allow: anyone, method: 'get' } as const;
const well = { status: 200, body: { status: 'ok' } } as const;

/** 503 names the part that is wrong; whoever sends requests here should send them elsewhere for a while. */
async function ready({ visit }: Call<unknown, unknown>): Promise<Answer> {
  const { ready: well, parts } = await visit.services.health.check();
  const told = { status: well ? 'ok' : 'not ready', parts: Object.fromEntries(parts.map(({ part, reason }) => [part, reason ?? 'ok'])) };
  return well ? { status: 200, body: told } : { status: 503, body: told, headers: { 'Retry-After': '2' } };
}

function schema({ param }: Call<unknown, unknown>) {
  const name = param('name');
  const found = publishedSchemas().get(name);
  if (!found) throw new EngineError('NOT_FOUND', { schema: name, known: [...publishedSchemas().keys()] });
  return { status: 200, body: JSON.stringify(found, null, 2), type: 'application/schema+json', headers: { 'Cache-Control': 'public, max-age=300' } };
}

export function serviceOperations(): readonly Operation[] {
  return [
    operation({
      ...about,
      name: 'isAlive',
      path: '/healthz',
      summary: 'The process runs',
      answers: { 200: { description: 'It does', shape: health } },
      handle: () => well,
    }),
    operation({
      ...about,
      name: 'isReady',
      path: '/readyz',
      summary: 'Database, definitions and timers are well, and the server is not about to stop',
      answers: { 200: { description: 'All is well', shape: readiness }, 503: { description: 'The part that is wrong, and why', shape: readiness } },
      handle: ready,
    }),
    operation({
      ...about,
      name: 'readMetrics',
      path: '/metrics',
      summary: 'Figures for Prometheus',
      answers: { 200: { description: 'Prometheus text', type: 'text/plain' } },
      handle: metricsText,
    }),
    operation({
      ...about,
      name: 'readSchema',
      path: '/schemas/:name.json',
      summary: 'A published JSON Schema of a file',
      answers: { 200: { description: 'The schema', shape: anyObject, type: 'application/schema+json' } },
      handle: schema,
    }),
  ];
}
