/** Everything that is seen from outside, in one hand: what is told of the engine goes to the log, the figures and the traces. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Carried, Observation, Observer, Undertaking } from '../../engine/index.js';
import { type Cause, currentCause, withCause } from './cause.js';
import { createEngineLog } from './engineLog.js';
import { createMetrics, type Metrics } from './metrics.js';
import type { Span, Tracing } from './spans.js';
import { createStepSpans, type StepSpans } from './stepSpans.js';

export interface Monitoring {
  /** For `createEngine`. */
  readonly observer: Observer;
  readonly metrics: Metrics;
  /** Null when nobody asked for traces. */
  readonly tracing: Tracing | null;
}

export function createMonitoring({ log, tracing }: { readonly log: Logger; readonly tracing: Tracing | null }): Monitoring {
  const metrics = createMetrics();
  const tellLog = createEngineLog(log);
  const spans = tracing ? createStepSpans(tracing) : null;
  const happened = (observation: Observation): void => {
    metrics.observe(observation);
    tellLog(observation);
    spans?.tell(observation);
  };
  return { metrics, tracing, observer: { happened, within: (undertaking, run) => within(undertaking, run, tracing && spans ? { tracing, spans } : null) } };
}

interface Traced {
  readonly tracing: Tracing;
  readonly spans: StepSpans;
}

async function within<T>(undertaking: Undertaking, run: (carried: Carried) => Promise<T>, traced: Traced | null): Promise<T> {
  if (undertaking.kind === 'delivery' && traced) return delivery(undertaking, run, traced);
  // A delivery belongs to the run that took it up.
  const own = undertaking.kind === 'delivery' ? (currentCause()?.run ?? randomUUID()) : randomUUID();
  const cause = causeOf(undertaking.kind, own, traced?.tracing ?? null);
  try {
    return await withCause(cause, () => run({ headers: {} }));
  } finally {
    cause.end();
  }
}

async function delivery<T>(undertaking: Undertaking & { kind: 'delivery' }, run: (carried: Carried) => Promise<T>, { tracing, spans }: Traced): Promise<T> {
  const { effect, key, record } = undertaking;
  const span = tracing.begin({
    name: `deliver ${effect}`,
    kind: 'client',
    parent: spans.parentOf(key),
    attributes: { 'charter.effect': effect, 'charter.key': key, 'charter.record': record },
  });
  const above = currentCause();
  const cause: Cause = { request: above?.request ?? null, run: above?.run ?? randomUUID(), kind: 'delivery', span: () => span };
  try {
    const result = await withCause(cause, () => run({ headers: { traceparent: span.traceparent } }));
    span.end();
    return result;
  } catch (error) {
    span.end({ failed: error instanceof Error ? error.name : 'failed' });
    throw error;
  }
}

/** Most runs find nothing to do: the span of a run begins when something happens in it. */
function causeOf(kind: string, run: string, tracing: Tracing | null): Cause & { end(): void } {
  const above = currentCause();
  let span: Span | null = null;
  return {
    request: above?.request ?? null,
    run,
    kind,
    span() {
      if (tracing) span ??= tracing.begin({ name: `run ${kind}`, kind: 'internal', parent: above?.kind === 'request' ? above.span() : null });
      return span;
    },
    end: () => span?.end(),
  };
}
