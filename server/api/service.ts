/** What operators and tools ask of the server itself: is it alive, is it ready, its figures, the published schemas. Open to everyone. */
import { EngineError, publishedSchemas } from '../../engine/index.js';
import { anyone } from '../web/route.js';
import { metricsText } from './metrics.js';
import { type Call, type Operation, operation } from './operation.js';
import { anyObject, health } from './shapes/service.js';

const about = { tag: 'Service', allow: anyone, method: 'get' } as const;
const well = { status: 200, body: { status: 'ok' } } as const;

/** Ready when the store can be read and written. */
async function ready({ engine }: Call<unknown, unknown>) {
  if (engine.store.readOnly()) throw new EngineError('READ_ONLY');
  try {
    await engine.people.revision();
  } catch (error) {
    throw new EngineError('STORE_UNUSABLE', { reason: 'It can not be read at the moment.' }, { cause: error });
  }
  return well;
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
      summary: 'The store can be read and written',
      answers: { 200: { description: 'It can', shape: health } },
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
