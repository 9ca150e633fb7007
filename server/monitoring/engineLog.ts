/**
 * Lines of the log about what the engine does. Steps, refusals and deliveries that went well are told at `debug`: history keeps every step
 * anyway, and a busy server would write more log than data. What a person may have to look at is told at `info` and above.
 */
import type { Logger } from 'pino';
import type { Observation } from '../../engine/index.js';
import { currentCause } from './cause.js';

type Of<K extends Observation['kind']> = Extract<Observation, { kind: K }>;

export function createEngineLog(log: Logger): (observation: Observation) => void {
  const failing = new Set<string>();
  return (observation) => {
    switch (observation.kind) {
      case 'step':
        return logStep(log, observation);
      case 'refusal':
        return logRefusal(log, observation);
      case 'timer':
        return logTimer(log, observation);
      case 'delivery':
        return logDelivery(log, observation);
      case 'job':
        return logJob(log, failing, observation);
      case 'batch':
        if (observation.failed) log.error({ jobs: observation.jobs, ms: round(observation.ms) }, 'commit failed');
    }
  };
}

/** Who caused it: ids of the request and of the run, whichever there are. */
function because(): { readonly request?: string; readonly run?: string; readonly by?: string } {
  const cause = currentCause();
  if (!cause) return {};
  return { ...(cause.request ? { request: cause.request } : {}), ...(cause.run ? { run: cause.run } : {}), by: cause.kind };
}

function logStep(log: Logger, { process, record, number, event, origin, sequence, hash, times, tries }: Of<'step'>): void {
  if (!log.isLevelEnabled('debug')) return;
  const { load, decide, commit } = times;
  log.debug({ ...because(), process, record, number, event, origin, sequence, entry: hash, tries, ms: round(load + decide + commit) }, 'step');
}

function logRefusal(log: Logger, { process, record, event, origin, code, ms }: Of<'refusal'>): void {
  if (log.isLevelEnabled('debug')) log.debug({ ...because(), process, record, event, origin, code, ms: round(ms) }, 'step refused');
}

function logTimer(log: Logger, { record, event, outcome, code, lagMs }: Of<'timer'>): void {
  const level = outcome === 'parked' ? 'warn' : 'debug';
  if (log.isLevelEnabled(level)) log[level]({ ...because(), record, event, outcome, code, lagMs }, 'timer');
}

function logDelivery(log: Logger, { key, record, sequence, effect, outcome, attempt, code, ms }: Of<'delivery'>): void {
  const level = outcome === 'parked' ? 'warn' : outcome === 'again' ? 'info' : 'debug';
  if (log.isLevelEnabled(level)) log[level]({ ...because(), record, sequence, key, effect, outcome, attempt, code, ms: round(ms) }, 'delivery');
}

/** The first failure and the end of it; not each of the failures between. */
function logJob(log: Logger, failing: Set<string>, { job, code, first, ms }: Of<'job'>): void {
  const line = { ...because(), job, code, ms: round(ms) };
  if (code !== null) {
    failing.add(job);
    if (first) log.error(line, 'background job failed');
    else log.debug(line, 'background job failed again');
  } else if (failing.delete(job)) log.info(line, 'background job works again');
}

const round = (ms: number): number => Math.round(ms * 100) / 100;
