/** Delivers what steps decided should happen outside: at least once, under a key that makes it once; failures back off, then park. */
import { monotonic } from '../../clock.js';
import { EngineError } from '../../errors.js';
import { type Carried, codeOf, type Observer } from '../../observing.js';
import { targetOf } from '../../store/index.js';
import type { QueuedEffect, QueueStore } from '../../store/types.js';
import type { Effect } from '../../types.js';
import { allEnded } from '../failures.js';
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
  /** What is delivered while that can not be noted would be delivered again and again. */
  readonly mayNote: () => boolean;
  /** Something went out and made room, or made what waited behind it due. */
  readonly ended: () => void;
}

export interface Deliveries {
  /** Takes up what is due. What stays within the store has happened then; what goes outside goes on by itself. Returns how many were taken up. @throws when one could not be noted, once the others have ended */
  deliverDue(): Promise<number>;
  /** How many are on their way outside. */
  readonly underWay: () => number;
  /** Resolves when one of those has ended, or at once. */
  oneEnded(): Promise<void>;
  /** Resolves when all have ended. */
  allEnded(): Promise<void>;
}

const TAKEN_UP = 100;
/** On their way to one target at once: one that hangs holds up neither others nor everything else. */
const TO_ONE_TARGET = 16;
/** What happens within the store; other systems must answer for everything else. */
const inside: ReadonlySet<Effect['type']> = new Set(['signal', 'measure']);

export function createDeliveries(parts: Delivering): Deliveries {
  const underWay = new Map<string, { readonly target: string; readonly ended: Promise<void> }>();
  const begin = (queued: QueuedEffect): void => {
    const ended = deliverOne(parts, queued).then(
      () => undefined,
      // Could not be noted: it stays due, and the next look at what is due finds it.
      () => undefined,
    );
    underWay.set(queued.key, {
      target: targetOf(queued.effect),
      ended: ended.then(() => {
        underWay.delete(queued.key);
        parts.ended();
      }),
    });
  };
  return {
    async deliverDue() {
      const begun = [...underWay.keys()];
      if (begun.length > 0) await parts.queue.keepEffects(begun);
      const due = await parts.queue.dueEffects(parts.now(), TAKEN_UP, { begun, places: placesLeft(underWay.values()), elsewhere: TO_ONE_TARGET });
      const within = due.filter(({ effect }) => inside.has(effect.type));
      const leaving = parts.mayNote() ? due.filter(({ effect }) => !inside.has(effect.type)) : [];
      for (const queued of leaving) begin(queued);
      const lanes = new Map<string, QueuedEffect[]>();
      for (const queued of within) lanes.set(queued.record, [...(lanes.get(queued.record) ?? []), queued]);
      await allEnded([...lanes.values()].map((lane) => deliverLane(parts, lane)));
      return within.length + leaving.length;
    },
    underWay: () => underWay.size,
    oneEnded: async () => void (await Promise.race([...underWay.values()].map(({ ended }) => ended))),
    allEnded: async () => void (await Promise.all([...underWay.values()].map(({ ended }) => ended))),
  };
}

/** How many more may be begun, by target. */
function placesLeft(underWay: Iterable<{ readonly target: string }>): { readonly [target: string]: number } {
  const places: { [target: string]: number } = {};
  for (const type of inside) places[type] = TAKEN_UP;
  for (const { target } of underWay) places[target] = (places[target] ?? TO_ONE_TARGET) - 1;
  return places;
}

/** Effects of one record happen in their order; one that fails holds back those behind it. */
async function deliverLane(parts: Delivering, lane: readonly QueuedEffect[]): Promise<void> {
  for (const queued of lane) if (!(await deliverOne(parts, queued))) return;
}

/** False when it failed and is to be tried again. */
async function deliverOne({ queue, deliverers, now, observer }: Delivering, queued: QueuedEffect): Promise<boolean> {
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
    return true;
  } catch (error) {
    const wait = BACK_OFF[queued.attempts];
    const final = wait === undefined || (error instanceof EngineError && error.code === 'SIGNAL_CIRCULAR');
    await queue.effectFailed(key, reasonOf(error), now() + (wait ?? 0), final);
    told(final ? 'parked' : 'again', codeOf(error));
    return final;
  }
}
