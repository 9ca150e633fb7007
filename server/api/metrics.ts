/** Figures in Prometheus' text format: requests by route, the process, and what the engine counts. */
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { monotonic, type RunningEngine } from '../../engine/index.js';
import type { Answer, Call } from './operation.js';

interface Figures {
  readonly registry: Registry;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
}

/** Of each engine its own, so that two servers in one process (as in tests) do not mix. */
const figures = new WeakMap<RunningEngine, Figures>();

function figuresOf(engine: RunningEngine): Figures {
  const known = figures.get(engine);
  if (known) return known;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'charter_http_request_seconds',
    help: 'Time to answer requests',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  });
  const made = { registry, requests };
  figures.set(engine, made);
  return made;
}

/** Times every request under its route's pattern; addresses that lead nowhere count as one, so that nobody can make labels. */
export function measureRequests(engine: RunningEngine): RequestHandler {
  const { requests } = figuresOf(engine);
  return (request, response, next) => {
    const began = monotonic();
    response.on('finish', () => {
      const route = (request.route as { path?: unknown } | undefined)?.path;
      requests.observe(
        { method: request.method, route: typeof route === 'string' ? route : 'none', status: String(response.statusCode) },
        (monotonic() - began) / 1000,
      );
    });
    next();
  };
}

export async function metricsText({ engine }: Call<unknown, unknown>): Promise<Answer> {
  const { registry } = figuresOf(engine);
  for (const [name, value] of Object.entries({ ...engine.metrics(), read_only: engine.store.readOnly() ? 1 : 0 }))
    gaugeOf(registry, `charter_${snake(name)}`).set(value);
  return { status: 200, body: await registry.metrics(), type: registry.contentType };
}

function gaugeOf(registry: Registry, name: string): Gauge {
  const known = registry.getSingleMetric(name) as Gauge | undefined;
  return known ?? new Gauge({ name, help: `${name.slice('charter_'.length).replaceAll('_', ' ')} as the engine counts them`, registers: [registry] });
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`).replaceAll(/[^a-z0-9_]/gu, '_');
