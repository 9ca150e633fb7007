/** Time and delivery: what is due runs, whoever notices; node-cron and an interval only wake. */
import cron from 'node-cron';
import { type Clock, every, type ManualClock } from '../clock.js';
import type { Engine } from '../engine.js';
import { EngineError } from '../errors.js';
import type { Observer } from '../observing.js';
import type { EngineContext } from './context.js';
import { advance, doDue, tookTimersUp } from './dueWork.js';
import { createDeliveries, type Deliverers } from './effects/deliver.js';
import type { Jobs } from './jobs.js';
import type { Schedules } from './schedules.js';

type TimeVerbs = Pick<Engine, 'now' | 'wake' | 'advanceTo' | 'start' | 'stop'>;

interface TimeParts {
  readonly context: EngineContext;
  readonly schedules: Schedules;
  readonly deliverers: Deliverers;
  readonly observer: Observer;
  readonly jobs: Jobs;
  /** Makes the day's checkpoint if it is due. */
  readonly seal: () => Promise<void>;
}

/** Milliseconds between looks at what is due. */
const HEARTBEAT = 1_000;
/** Milliseconds between clearings of kept answers, sessions and delivered effects that have expired. */
const CLEAN_EVERY = 600_000;
/** Milliseconds for which others leave it to a server that may have died over it. */
const CLEARING = 60_000;

/** `nudge`: something may be due, so that a look need not wait for the next beat. */
export function timeVerbs(parts: TimeParts): TimeVerbs & { readonly nudge: () => void } {
  const { context, jobs, schedules, observer } = parts;
  const { clock, store } = context;
  const stops: (() => void)[] = [];
  const deliveries = createDeliveries({
    queue: store.queue,
    deliverers: parts.deliverers,
    now: () => clock.now(),
    observer,
    mayNote: () => !store.readOnly(),
    // It made room for more, or made due what waited behind it.
    ended: () => lookByItself(),
  });
  const due = { context, schedules, deliveries, observer };
  const { turn, look, lookWaits, turnsEnded } = takingTurns(() => doDue(due, false));
  /** By itself the engine waits for no other system: what is slow there holds up nothing here. */
  const lookByItself = (): void => {
    if (stops.length > 0 && !lookWaits()) void jobs.run('waking', look);
  };
  const tidy = tidying(parts);
  const beat = (): void => {
    tidy();
    lookByItself();
  };
  tookTimersUp(context);
  jobs.offer('waking', look);

  return {
    nudge: lookByItself,
    now: () => clock.now(),
    wake: () => turn(() => doDue(due, true)),
    async advanceTo(instant) {
      const manual = manualClock(clock);
      if (instant < manual.now()) throw new EngineError('QUERY_INVALID', { parameter: 'set', reason: 'the clock goes forward only' });
      await turn(() => advance(due, manual, instant));
    },
    start() {
      // A clock that stands still beats too: signals and mail are due at once.
      if (stops.length > 0) return;
      // Two wakers: cron follows the wall clock, the interval goes on when that is set back.
      const task = cron.schedule('* * * * *', beat, { noOverlap: true, suppressMissedWarning: true, unref: true });
      stops.push(() => void task.destroy(), every(HEARTBEAT, beat));
      beat();
    },
    async stop() {
      for (const stop of stops.splice(0)) stop();
      await turnsEnded();
      await deliveries.allEnded();
    },
  };
}

interface Turns {
  /** Does it when everything asked for before has ended. */
  turn<T>(work: () => Promise<T>): Promise<T>;
  /** Looks once for all who ask before that look has begun. */
  look(): Promise<unknown>;
  readonly lookWaits: () => boolean;
  turnsEnded(): Promise<unknown>;
}

function takingTurns(lookNow: () => Promise<unknown>): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<unknown> | null = null;
  const turn: Turns['turn'] = (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    turn,
    look: () =>
      (next ??= turn(() => {
        next = null;
        return lookNow();
      })),
    lookWaits: () => next !== null,
    turnsEnded: () => last,
  };
}

/** Clears what has expired, and then seals the day; to be called often. */
function tidying({ context: { clock, store }, jobs, seal }: TimeParts): () => void {
  let tidied = Number.NEGATIVE_INFINITY;
  const clear = (): Promise<unknown> => store.queue.withLease('clearing', CLEARING, () => store.queue.dropExpired(clock.now()));
  return () => {
    // Either way: a clock that was ahead may be set back.
    if (Math.abs(clock.now() - tidied) <= CLEAN_EVERY) return;
    tidied = clock.now();
    void jobs.run('clearing', clear).then(() => jobs.run('sealing', seal));
  };
}

function manualClock(clock: Clock): ManualClock {
  if (clock.kind !== 'manual') throw new EngineError('NOT_FOUND', { reason: 'the clock can be set only with CHARTER_CLOCK=manual' });
  return clock as ManualClock;
}
