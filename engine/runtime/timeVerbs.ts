/** Time and delivery: what is due runs, whoever notices; node-cron and an interval only wake. */
import cron from 'node-cron';
import { type Clock, every, type ManualClock, monotonic, pause } from '../clock.js';
import type { Engine } from '../engine.js';
import { EngineError } from '../errors.js';
import type { Observer } from '../observing.js';
import type { EngineContext } from './context.js';
import { fireDueTimers } from './dueTimers.js';
import { createDeliveries, type Deliverers, type Deliveries } from './effects/deliver.js';
import type { Jobs } from './jobs.js';
import { retime } from './retiming.js';
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

export function timeVerbs(parts: TimeParts): TimeVerbs & { readonly nudge: () => void } {
  const { context, jobs } = parts;
  const { clock, store } = context;
  const stops: (() => void)[] = [];
  let waking: Promise<unknown> = Promise.resolve();
  let asked = false;
  const deliveries = createDeliveries({
    queue: store.queue,
    deliverers: parts.deliverers,
    now: () => clock.now(),
    observer: parts.observer,
    mayNote: () => !store.readOnly(),
    ended: () => lookAgain(),
  });

  const run = (patient: boolean): ReturnType<Engine['wake']> => {
    const mine = waking.then(() => runDue({ ...parts, deliveries, patient }));
    waking = mine.catch(() => undefined);
    return mine;
  };
  const wake = (): ReturnType<Engine['wake']> => run(true);
  takenUp.set(context, monotonic());
  jobs.offer('waking', wake);
  /** By itself the engine waits for no other system: what is slow there holds up nothing here. */
  const wakeByItself = (): Promise<unknown> => jobs.run('waking', () => run(false));
  /** What went out made room for more; once is enough for many. */
  const lookAgain = (): void => {
    if (stops.length === 0 || asked) return;
    asked = true;
    void wakeByItself().finally(() => {
      asked = false;
    });
  };
  let cleaned = Number.NEGATIVE_INFINITY;
  const clear = (): Promise<unknown> => store.queue.withLease('clearing', CLEARING, () => store.queue.dropExpired(clock.now()));
  const beat = (): void => {
    if (clock.now() - cleaned > CLEAN_EVERY) {
      cleaned = clock.now();
      void jobs.run('clearing', clear).then(() => jobs.run('sealing', parts.seal));
    }
    void wakeByItself();
  };

  return {
    nudge: nudging(
      () => stops.length > 0,
      (look) => waking.then(() => jobs.run('waking', () => look(wake))),
    ),
    now: () => clock.now(),
    wake,
    async advanceTo(instant) {
      const manual = manualClock(clock);
      if (instant < manual.now()) throw new EngineError('QUERY_INVALID', { parameter: 'set', reason: 'the clock goes forward only' });
      const mine = waking.then(() => advance({ ...parts, deliveries, patient: true }, manual, instant));
      waking = mine.catch(() => undefined);
      await mine;
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
      await waking;
      await deliveries.allEnded();
    },
  };
}

/** Does not wait for the next beat, once time runs; who nudges before it has come to that is heard with the one before. */
function nudging(runs: () => boolean, wakeNext: (look: <T>(wake: () => T) => T) => Promise<unknown>): () => void {
  let nudged = false;
  return () => {
    if (nudged || !runs()) return;
    nudged = true;
    void wakeNext((wake) => {
      nudged = false;
      return wake();
    });
  };
}

/** When each engine last took timers up, by the monotonic clock. */
const takenUp = new WeakMap<EngineContext, number>();

/** Milliseconds since timers were last taken up, or since the engine was opened. */
export function timersLeft(context: EngineContext): number {
  return monotonic() - (takenUp.get(context) ?? monotonic());
}

interface Due extends TimeParts {
  readonly deliveries: Deliveries;
  /** Wait for what is on its way outside, and for what follows from it. */
  readonly patient: boolean;
}

/** Runs everything due now, and what that makes due, until nothing is left. */
async function runDue(parts: Due): ReturnType<Engine['wake']> {
  const { context, schedules, deliveries, observer, patient } = parts;
  const { clock, latest, steps } = context;
  const { queue, records } = context.store;
  const now = () => clock.now();
  const ran = { timers: 0, effects: 0, schedules: 0 };
  const fired = new Map<string, number>();
  await Promise.all([context.directory.refresh(), context.library.refresh()]);
  await observer.within({ kind: 'retiming' }, () => retime(context));
  for (;;) {
    const timers = await observer.within({ kind: 'timers' }, () => fireDueTimers({ queue, records, latest, steps, now, observer, fired }));
    takenUp.set(context, monotonic());
    const effects = await observer.within({ kind: 'effects' }, () => deliveries.deliverDue());
    const opened = await observer.within({ kind: 'schedules' }, () => schedules.run(now()));
    ran.timers += timers;
    ran.effects += effects;
    ran.schedules += opened;
    if (timers + effects + opened > 0) continue;
    if (!patient || deliveries.underWay() === 0) return ran;
    // What hangs must still be kept from other servers: see `deliverDue`.
    await Promise.race([deliveries.oneEnded(), pause(HEARTBEAT)]);
  }
}

/** Moves the clock from due instant to due instant, so that each thing happens at its own time. */
async function advance(parts: Due, clock: ManualClock, until: number): Promise<void> {
  await runDue(parts);
  for (;;) {
    const next = await nextDue(parts, clock.now(), until);
    if (next === null || next > until) break;
    clock.set(Math.max(next, clock.now()));
    await runDue(parts);
  }
  // Nothing is due up to then, so nothing is looked for again.
  clock.set(until);
}

async function nextDue({ context, schedules }: Due, from: number, until: number): Promise<number | null> {
  const { queue } = context.store;
  const found = [await queue.nextTimerDue(), await queue.nextEffectDue(), schedules.next(from, until)].filter((instant): instant is number => instant !== null);
  return found.length === 0 ? null : Math.min(...found);
}

function manualClock(clock: Clock): ManualClock {
  if (clock.kind !== 'manual') throw new EngineError('NOT_FOUND', { reason: 'the clock can be set only with CHARTER_CLOCK=manual' });
  return clock as ManualClock;
}
