/** Does what is due, until nothing is left of it: timers, effects, schedules, and deadlines that other rules changed. */
import { type ManualClock, monotonic, pause } from '../clock.js';
import type { Engine } from '../engine.js';
import type { Observer } from '../observing.js';
import type { EngineContext } from './context.js';
import { fireDueTimers } from './dueTimers.js';
import type { Deliveries } from './effects/deliver.js';
import { retime } from './retiming.js';
import type { Schedules } from './schedules.js';

export interface DueParts {
  readonly context: EngineContext;
  readonly schedules: Schedules;
  readonly deliveries: Deliveries;
  readonly observer: Observer;
}

/** Milliseconds after which who waits for what is on its way outside looks again. */
const LOOK_AGAIN = 1_000;

/** When each engine last took timers up, by the monotonic clock. */
const takenUp = new WeakMap<EngineContext, number>();

/** Notes that timers are taken up as of now. */
export function tookTimersUp(context: EngineContext): void {
  takenUp.set(context, monotonic());
}

/** Milliseconds since timers were last taken up, or since the engine was opened. */
export function timersLeft(context: EngineContext): number {
  return monotonic() - (takenUp.get(context) ?? monotonic());
}

/** Does everything due now, and what that makes due. `patient`: waits for what is on its way outside too, and for what follows from it. */
export async function doDue(parts: DueParts, patient: boolean): ReturnType<Engine['wake']> {
  const { context, deliveries, observer } = parts;
  const ran = { timers: 0, effects: 0, schedules: 0 };
  const fired = new Map<string, number>();
  await Promise.all([context.directory.refresh(), context.library.refresh()]);
  const retimed = await Promise.allSettled([observer.within({ kind: 'retiming' }, () => retime(context))]);
  for (;;) {
    const found = await doOnce(parts, fired);
    ran.timers += found.timers;
    ran.effects += found.effects;
    ran.schedules += found.schedules;
    if (found.timers + found.effects + found.schedules > 0) continue;
    if (!patient || deliveries.underWay() === 0) break;
    // What hangs is kept from other servers by looking.
    await Promise.race([deliveries.oneEnded(), pause(LOOK_AGAIN)]);
  }
  // Deadlines that could not be computed anew keep nothing else from its time.
  if (retimed[0].status === 'rejected') throw retimed[0].reason;
  return ran;
}

/** One that fails keeps none of the others from its time. */
async function doOnce({ context, schedules, deliveries, observer }: DueParts, fired: Map<string, number>): ReturnType<Engine['wake']> {
  const { clock, latest, steps, store } = context;
  const now = () => clock.now();
  const due = { queue: store.queue, records: store.records, latest, steps, now, observer, fired };
  const failures: unknown[] = [];
  const attempt = (kind: 'timers' | 'effects' | 'schedules', work: () => Promise<number>): Promise<number> =>
    observer.within({ kind }, work).catch((error: unknown) => {
      failures.push(error);
      return 0;
    });
  const timers = await attempt('timers', async () => {
    const taken = await fireDueTimers(due);
    tookTimersUp(context);
    return taken;
  });
  const effects = await attempt('effects', () => deliveries.deliverDue());
  const opened = await attempt('schedules', () => schedules.run(now()));
  // Not once more at once: what failed is still due.
  if (failures.length > 0) throw failures[0];
  return { timers, effects, schedules: opened };
}

/** Moves the clock from due instant to due instant, so that each thing happens at its own time. */
export async function advance(parts: DueParts, clock: ManualClock, until: number): Promise<void> {
  await doDue(parts, true);
  for (;;) {
    const next = await nextDue(parts, clock.now(), until);
    if (next === null || next > until) break;
    clock.set(Math.max(next, clock.now()));
    await doDue(parts, true);
  }
  // Nothing is due up to then, so nothing is looked for again.
  clock.set(until);
}

async function nextDue({ context, schedules }: DueParts, from: number, until: number): Promise<number | null> {
  const { queue } = context.store;
  const found = [await queue.nextTimerDue(), await queue.nextEffectDue(), schedules.next(from, until)].filter((instant): instant is number => instant !== null);
  return found.length === 0 ? null : Math.min(...found);
}
