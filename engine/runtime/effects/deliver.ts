/** Delivers what steps decided should happen outside: at least once, under a key that makes it once; failures back off, then park. */
import { EngineError } from '../../errors.js';
import type { QueuedEffect, QueueStore } from '../../store/types.js';
import type { Effect } from '../../types.js';

/** Waits between tries, in milliseconds; after the last the effect is parked. */
const BACK_OFF = [1_000, 10_000, 60_000, 600_000, 3_600_000] as const;

/** Delivers one kind of effect; throws to have it tried again. */
export type Deliver = (effect: Effect, queued: QueuedEffect) => Promise<void>;

export type Deliverers = { readonly [kind in Effect['type']]: Deliver };

/** Delivers everything due now. Returns how many were taken up. */
export async function deliverDue(queue: QueueStore, deliverers: Deliverers, now: () => number): Promise<number> {
  const due = await queue.dueEffects(now(), 100);
  const lanes = new Map<string, QueuedEffect[]>();
  for (const queued of due) lanes.set(queued.record, [...(lanes.get(queued.record) ?? []), queued]);
  await Promise.all([...lanes.values()].map((lane) => deliverLane(queue, deliverers, { lane, now })));
  return due.length;
}

/** Effects of one record go out in their order; one that fails holds back those behind it. */
async function deliverLane(queue: QueueStore, deliverers: Deliverers, { lane, now }: { lane: readonly QueuedEffect[]; now: () => number }): Promise<void> {
  for (const queued of lane) {
    try {
      await deliverers[queued.effect.type](queued.effect, queued);
      await queue.effectDone(queued.key);
    } catch (error) {
      const wait = BACK_OFF[queued.attempts];
      const final = wait === undefined || (error instanceof EngineError && error.code === 'SIGNAL_CIRCULAR');
      await queue.effectFailed(queued.key, reasonOf(error), now() + (wait ?? 0), final);
      if (!final) return;
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof EngineError) return `${error.code}: ${error.message} ${JSON.stringify(error.facts)}`.slice(0, 2_000);
  return (error instanceof Error ? error.message : String(error)).slice(0, 2_000);
}
