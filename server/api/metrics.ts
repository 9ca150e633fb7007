/** The figures as Prometheus reads them. */
import { readGauges } from '../monitoring/gauges.js';
import type { Answer, Call } from './operation.js';

export async function metricsText({ engine, visit }: Call<unknown, unknown>): Promise<Answer> {
  const { monitoring, health } = visit.services;
  await readGauges(monitoring.metrics, engine, health);
  const { registry } = monitoring.metrics;
  return { status: 200, body: await registry.metrics(), type: registry.contentType };
}
