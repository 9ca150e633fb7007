/** What an administrator sees of the work that happens by itself, and how he has it tried again. Each retry is kept with his name. */
import type { Clock } from '../clock.js';
import type { Engine, Retried, RetryWhat } from '../engine.js';
import { EngineError } from '../errors.js';
import type { Store } from '../store/types.js';
import type { Actor } from '../types.js';
import { newId } from './ids.js';
import type { Jobs } from './jobs.js';

/** Parked timers and effects that are listed; how many there are in all the depth says. */
const LISTED = 1_000;
const LISTED_LATE = 100;
const LISTED_RETRIES = 50;
/** Timers that are due are taken up within seconds; one that has waited longer is late. */
const LATE = 60_000;
const RETRIES = 'retry:';

interface OperationParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly definitionVersions: () => Promise<number>;
  /** Milliseconds since timers were last taken up. */
  readonly timersLeft: () => number;
}

export function operationVerbs(parts: OperationParts): Pick<Engine, 'parked' | 'retry' | 'operations' | 'standing' | 'timersStalled'> {
  const { queue } = parts.store;
  const parked: Engine['parked'] = async () => ({ timers: await queue.parkedTimers(LISTED), effects: await queue.parkedEffects(LISTED) });
  // A storm that is being worked off is no standstill, and neither is what fell due while no server ran.
  const stalled = (oldest: number | null): number => (oldest === null ? 0 : Math.min(Math.max(0, parts.clock.now() - oldest), parts.timersLeft()));
  return {
    parked,
    timersStalled: async () => stalled(await queue.nextTimerDue()),
    async operations(actor) {
      mustAdminister(actor);
      const now = parts.clock.now();
      const [waiting, depth, lateTimers, failedJobs, retries] = await Promise.all([
        parked(),
        queue.depth(now),
        queue.lateTimers(now - LATE, LISTED_LATE),
        parts.jobs.failed(),
        parts.store.metas(RETRIES, LISTED_RETRIES),
      ]);
      return {
        ...waiting,
        depth,
        lateTimers,
        failedJobs,
        retries: retries.map(({ value }) => JSON.parse(value) as Retried),
        writerWaiting: parts.store.waiting(),
      };
    },
    async standing() {
      const now = parts.clock.now();
      const [depth, failed, definitionVersions] = await Promise.all([queue.depth(now), parts.jobs.failed(), parts.definitionVersions()]);
      return {
        depth,
        definitionVersions,
        failedJobs: failed.length,
        writerWaiting: parts.store.waiting(),
        timersStalledMs: stalled(depth.oldestTimer),
      };
    },
    async retry(what, actor) {
      mustAdminister(actor);
      const at = parts.clock.now();
      const tried = await tryAgain(parts, what, at);
      const kept: Retried = { at, by: actor.id, what, tried };
      await parts.store.setMeta(RETRIES + newId(at), JSON.stringify(kept));
      return tried;
    },
  };
}

function mustAdminister(actor: Actor): void {
  if (!actor.roles.includes('administrator')) throw new EngineError('FORBIDDEN', { needed: ['administrator'] });
}

/** Returns how many were set going. */
async function tryAgain({ store: { queue }, jobs }: OperationParts, what: RetryWhat, at: number): Promise<number> {
  if ('effect' in what) return queue.retryEffect(what.effect, at);
  if ('timer' in what) return queue.retryTimer(what.record, what.timer);
  if ('all' in what) return what.all === 'effects' ? queue.retryEffects(at) : queue.retryTimers();
  if ('dismiss' in what) return (await jobs.dismiss(what.dismiss)) ? 1 : 0;
  const ran = jobs.again(what.job);
  if (ran === null) throw new EngineError('NOT_FOUND', { job: what.job });
  return (await ran) ? 1 : 0;
}
