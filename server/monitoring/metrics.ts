/** Figures in Prometheus' form. Labels come from definitions, routes and the catalogue of errors only: nobody who sends something can make one. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Observation } from '../../engine/index.js';

export interface RequestFigure {
  readonly method: string;
  /** The route's pattern, or `none` for an address that leads nowhere. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

export interface Metrics {
  readonly registry: Registry;
  observe(observation: Observation): void;
  request(figure: RequestFigure): void;
  /** Sets a gauge, which `gauges.ts` describes. */
  set(name: string, help: string, value: number, labels?: Readonly<Record<string, string>>): void;
}

const SHORT = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const TINY = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05];
const LONG = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LAG = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128];

/** Counters and histograms of a server, each with its own registry, so that two servers in one process (as in tests) do not mix. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = new Map<string, Gauge>();
  const requests = histogram(registry, LONG, ['charter_http_request_seconds', 'Time to answer requests, by route', 'method', 'route', 'status']);
  return {
    registry,
    observe: engineFigures(registry),
    request: ({ method, route, status, ms }) => requests.observe({ method, route, status: String(status) }, ms / 1000),
    set(name, help, value, labels = {}) {
      const gauge = gauges.get(name) ?? new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] });
      gauges.set(name, gauge);
      gauge.set(labels, value);
    },
  };
}

/** Name, words and labels of a figure. */
type Named = readonly [name: string, help: string, ...labels: string[]];

function histogram(registry: Registry, buckets: readonly number[], [name, help, ...labelNames]: Named): Histogram {
  return new Histogram({ name, help, buckets: [...buckets], labelNames, registers: [registry] });
}

function counter(registry: Registry, ...[name, help, ...labelNames]: Named): Counter {
  return new Counter({ name, help, labelNames, registers: [registry] });
}

type Tellers = { readonly [K in Observation['kind']]: (observation: Extract<Observation, { kind: K }>) => void };

function engineFigures(registry: Registry): (observation: Observation) => void {
  const tellers: Tellers = { ...stepFigures(registry), ...backgroundFigures(registry) };
  return (observation) => (tellers[observation.kind] as (one: Observation) => void)(observation);
}

function stepFigures(registry: Registry): Pick<Tellers, 'step' | 'refusal' | 'batch'> {
  const steps = counter(
    registry,
    'charter_steps_total',
    'Steps asked for, by process, origin and outcome (taken, or the code of the refusal)',
    'process',
    'origin',
    'outcome',
  );
  const phases = histogram(registry, SHORT, ['charter_step_seconds', 'Time of steps that were taken, by phase', 'phase']);
  const rules = histogram(registry, TINY, ['charter_rule_seconds', 'Time that rules took in one step, measured in one step of sixteen']);
  const repeats = counter(registry, 'charter_step_repeats_total', 'Decisions made again because another step came first');
  const commits = histogram(registry, SHORT, ['charter_commit_seconds', 'Time of one commit']);
  const sizes = histogram(registry, SIZES, ['charter_commit_jobs', 'Steps and other writes that shared a commit']);
  const failed = counter(registry, 'charter_commits_failed_total', 'Commits that failed as a whole');
  return {
    step({ process, origin, times, tries }) {
      steps.inc({ process: process ?? 'none', origin, outcome: 'taken' });
      phases.observe({ phase: 'load' }, times.load / 1000);
      phases.observe({ phase: 'decide' }, times.decide / 1000);
      phases.observe({ phase: 'commit' }, times.commit / 1000);
      if (times.rules !== null) rules.observe(times.rules / 1000);
      if (tries > 1) repeats.inc(tries - 1);
    },
    refusal: ({ process, origin, code }) => steps.inc({ process: process ?? 'none', origin, outcome: code }),
    batch({ jobs, ms, failed: lost }) {
      commits.observe(ms / 1000);
      sizes.observe(jobs);
      if (lost) failed.inc();
    },
  };
}

function backgroundFigures(registry: Registry): Pick<Tellers, 'timer' | 'delivery' | 'job'> {
  const timers = counter(registry, 'charter_timers_total', 'Timers taken up, by what became of them', 'outcome');
  const lag = histogram(registry, LAG, ['charter_timer_lag_seconds', 'Between the instant a timer was due and the one at which it was taken up']);
  const deliveries = counter(registry, 'charter_deliveries_total', 'Tries to deliver effects', 'effect', 'outcome');
  const taking = histogram(registry, LONG, ['charter_delivery_seconds', 'Time of one try to deliver', 'effect']);
  const jobs = counter(registry, 'charter_jobs_total', 'Runs of background jobs', 'name', 'outcome');
  return {
    timer({ outcome, lagMs }) {
      timers.inc({ outcome });
      lag.observe(Math.max(0, lagMs) / 1000);
    },
    delivery({ effect, outcome, ms }) {
      deliveries.inc({ effect, outcome });
      taking.observe({ effect }, ms / 1000);
    },
    job: ({ job, code }) => jobs.inc({ name: job, outcome: code === null ? 'done' : 'failed' }),
  };
}
