/** Figures that are read when somebody asks for them: what waits, what is parked, how the server stands. */
import { monotonic, type RunningEngine } from '../../engine/index.js';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

/** Reading takes the database some work: it is not repeated for everybody who asks at once. */
const READ_EVERY = 2_000;

const readings = new WeakMap<Metrics, { readonly at: number; readonly done: Promise<void> }>();

/** Brings the gauges up to date. When the store can not be read they keep their last value, and readiness says why. */
export function readGauges(metrics: Metrics, engine: RunningEngine, health: Health): Promise<void> {
  const last = readings.get(metrics);
  if (last && monotonic() - last.at < READ_EVERY) return last.done;
  const done = read(metrics, engine, health);
  readings.set(metrics, { at: monotonic(), done });
  return done;
}

async function read(metrics: Metrics, engine: RunningEngine, health: Health): Promise<void> {
  const { ready, parts } = await health.check();
  metrics.set('charter_ready', 'Whether this server is ready for requests', ready ? 1 : 0);
  for (const { part, ok } of parts) metrics.set('charter_ready_part', 'Whether this part of readiness is well', ok ? 1 : 0, { part });
  metrics.set('charter_read_only', 'Whether nothing can be written at the moment', engine.store.readOnly() ? 1 : 0);
  metrics.set('charter_writer_waiting', 'Writes that wait for the next commit', engine.store.waiting());
  const { open, inUse, waiting } = engine.store.connections?.() ?? { open: 0, inUse: 0, waiting: 0 };
  for (const [state, count] of Object.entries({ open, in_use: inUse, waiting }))
    metrics.set('charter_database_connections', 'Connections to the database that are open or in use, and calls that wait for one', count, { state });
  metrics.set('charter_http_requests_under_way', 'Requests that are being answered', health.underWay());
  const { users, processes } = engine.metrics();
  metrics.set('charter_users', 'People who are known', users ?? 0);
  metrics.set('charter_processes', 'Processes in force', processes ?? 0);
  await engine.standing().then(
    (standing) => readStanding(metrics, standing, engine.now()),
    () => undefined,
  );
}

function readStanding(metrics: Metrics, standing: Awaited<ReturnType<RunningEngine['standing']>>, now: number): void {
  const { depth } = standing;
  const seconds = (since: number | null): number => (since === null ? 0 : Math.max(0, now - since) / 1000);
  metrics.set('charter_definition_versions', 'Versions of processes that were ever published', standing.definitionVersions);
  metrics.set('charter_jobs_failed', 'Background jobs whose last run failed', standing.failedJobs);
  metrics.set('charter_timers_waiting', 'Timers that are set', depth.timers);
  metrics.set('charter_timers_due', 'Timers that are due and not taken up yet', depth.timersDue);
  metrics.set('charter_timers_lag_seconds', 'How long the timer that was due first has been waiting', seconds(depth.oldestTimer));
  metrics.set('charter_timers_stalled_seconds', 'How long timers that are due have been left alone', standing.timersStalledMs / 1000);
  metrics.set('charter_outbox_depth', 'Effects that wait to be delivered', depth.effects);
  metrics.set('charter_outbox_oldest_seconds', 'How long the oldest effect has been waiting', seconds(depth.oldestEffect));
  metrics.set('charter_parked', 'What failed too often and waits for a person', depth.parkedEffects, { kind: 'effect' });
  metrics.set('charter_parked', 'What failed too often and waits for a person', depth.parkedTimers, { kind: 'timer' });
}
