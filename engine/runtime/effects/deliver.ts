/** Delivers what steps decided should happen outside: at least once, under a key that makes it once; failures back off, then park. */
import { monotonic } from '../../clock.js';
import { EngineError } from '../../errors.js';
import { type Carried, codeOf, type Observer } from '../../observing.js';
import type { QueuedEffect, QueueStore } from '../../store/types.js';
import type { Effect } from '../../types.js';
import { reasonOf } from '../jobs.js';

/** Waits between tries, in milliseconds; after the last the effect is parked. */
const BACK_OFF = [1_000, 10_000, 60_000, 600_000, 3_600_000] as const;

/** Delivers one kind of effect; throws to have it tried again. */
export type Deliver = (effect: Effect, queued: QueuedEffect, carried: Carried) => Promise<void>;

export type Deliverers = { readonly [kind in Effect['type']]: Deliver };

interface Delivering {
  readonly queue: QueueStore;
  readonly deliverers: Deliverers;
  readonly now: () => number;
  readonly observer: Observer;
}

/** Delivers everything due now. Returns how many were taken up. */
export async function deliverDue(parts: Delivering): Promise<number> {
  const due = await parts.queue.dueEffects(parts.now(), 100);
  const lanes = new Map<string, QueuedEffect[]>();
  for (const queued of due) lanes.set(queued.record, [...(lanes.get(queued.record) ?? []), queued]);
  await Promise.all([...lanes.values()].map((lane) => deliverLane(parts, lane)));
  return due.length;
}

/** Effects of one record go out in their order; one that fails holds back those behind it. */
async function deliverLane({ queue, deliverers, now, observer }: Delivering, lane: readonly QueuedEffect[]): Promise<void> {
  for (const queued of lane) {
    const { key, record, sequence, effect } = queued;
    const began = monotonic();
    const told = (outcome: 'done' | 'again' | 'parked', code: string | null): void =>
      observer.happened({
        kind: 'delivery',
        key,
        record,
        sequence,
        effect: effect.type,
        outcome,
        attempt: queued.attempts + 1,
        ms: monotonic() - began,
        code,
      });
    try {
      await observer.within({ kind: 'delivery', effect: effect.type, key, record }, (carried) => deliverers[effect.type](effect, queued, carried));
      await queue.effectDone(key);
      told('done', null);
    } catch (error) {
      const wait = BACK_OFF[queued.attempts];
      const final = wait === undefined || (error instanceof EngineError && error.code === 'SIGNAL_CIRCULAR');
      await queue.effectFailed(key, reasonOf(error), now() + (wait ?? 0), final);
      told(final ? 'parked' : 'again', codeOf(error));
      if (!final) return;
    }
  }
}
