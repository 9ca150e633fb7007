/** Signals: an event sent to linked records, each exactly once. */
import { EngineError } from '../../errors.js';
import type { RecordStore } from '../../store/types.js';
import type { Effect } from '../../types.js';
import { isId } from '../lookups.js';
import type { Steps } from '../steps.js';
import type { Deliver } from './deliver.js';

/** Signals in a row after which they are taken to go in a circle, even through many records. */
const LONGEST_TRAIL = 50;

interface SignalParts {
  readonly records: RecordStore;
  readonly steps: Steps;
  readonly now: () => number;
  /** Keeps a delivered signal from being delivered again after a crash between two targets. */
  readonly done: (scope: string) => Promise<boolean>;
}

export function createSignalDelivery(parts: SignalParts): Deliver {
  return async (effect, queued) => {
    if (effect.type !== 'signal') return;
    const targets = await targetsOf(parts.records, effect, queued.record);
    for (const target of targets) {
      const scope = `signal:${queued.key}:${target.id}`;
      if (await parts.done(scope)) continue;
      const times = effect.trail.filter((number) => number === target.number).length;
      if (times >= 2 || effect.trail.length > LONGEST_TRAIL) throw new EngineError('SIGNAL_CIRCULAR', { circle: [...effect.trail, target.number] });
      await deliver(parts, { effect, scope, target });
    }
  };
}

interface Delivery {
  readonly effect: Effect & { readonly type: 'signal' };
  readonly scope: string;
  readonly target: { readonly id: string; readonly number: string };
}

async function deliver({ steps, now }: SignalParts, { effect, scope, target }: Delivery): Promise<void> {
  const at = now();
  try {
    await steps.run(
      {
        kind: 'event',
        record: target.id,
        type: effect.event,
        data: effect.data,
        actor: { id: 'system', roles: [], teams: [] },
        origin: 'signal',
        internal: true,
        trail: effect.trail,
        at,
        recordedAt: at,
      },
      { idempotency: () => ({ scope, bodyHash: '', answer: '{}', expiresAt: at + 90 * 86_400_000 }) },
    );
  } catch (error) {
    if (error instanceof EngineError && (error.code === 'RECORD_FINISHED' || error.code === 'RECORD_NOT_FOUND')) return;
    throw error;
  }
}

async function targetsOf(records: RecordStore, effect: Effect & { type: 'signal' }, from: string): Promise<readonly { id: string; number: string }[]> {
  if (effect.record !== undefined) {
    const row = isId(effect.record) ? await records.byId(effect.record) : await records.byNumber(effect.record);
    return row ? [{ id: row.record.id, number: row.record.number }] : [];
  }
  const rows = await records.many(await linkedIds(records, effect, from));
  return rows.map(({ record }) => ({ id: record.id, number: record.number }));
}

/** Records a signal is told to at most. */
const MOST_TOLD = 10_000;

/** Both ends of a link of the sender's own name, or those that link to the sender under the name they have for it. */
async function linkedIds(records: RecordStore, { link = '', reverse }: Effect & { type: 'signal' }, from: string): Promise<readonly string[]> {
  const { name, processes } = reverse ?? { name: link, processes: [] };
  const linkingHere = await records.linkedIds({ record: from, name, direction: 'in', processes, limit: MOST_TOLD });
  if (reverse) return linkingHere;
  return [...new Set([...(await records.linkedIds({ record: from, name, direction: 'out', limit: MOST_TOLD })), ...linkingHere])];
}
