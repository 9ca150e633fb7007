/** The outbox: effects decided by steps, delivered at least once, in order for each record and target. */
import type { Clock } from '../../clock.js';
import type { Effect } from '../../types.js';
import type { Reader } from '../database.js';
import type { Dialect } from '../dialect/dialect.js';
import type { EffectRoom, QueuedEffect, QueueStore } from '../types.js';
import { targetOf } from '../writing/rows.js';
import type { Writer } from '../writing/writer.js';
import type { Claims } from './claims.js';

export type StoredEffect = Omit<QueuedEffect, 'effect'> & { readonly effect: string };

export const effectColumns =
  'o.key, o.record, o.sequence, o.effect, o.created_at AS "createdAt", o.attempts, o.available_at AS "availableAt", o.last_error AS "lastError", o.status';
const effectOf = (row: StoredEffect): QueuedEffect => ({ ...row, effect: JSON.parse(row.effect) as Effect });

type Effects = Pick<
  QueueStore,
  'dueEffects' | 'keepEffects' | 'nextEffectDue' | 'effectDone' | 'effectFailed' | 'parkedEffects' | 'retryEffect' | 'retryEffects'
>;

/** An effect waits until no earlier one of its record to the same target waits; parked ones hold up nobody. */
export const firstOfItsTarget = `NOT EXISTS (SELECT 1 FROM outbox e WHERE e.status = 'waiting' AND e.record = o.record AND e.target = o.target AND e.position < o.position)`;

/** Condition: it was not begun, and its target has places; two parameters, from `beginning`. */
export const mayBegin = ({ listed }: Dialect): string => `o.key NOT IN ${listed} AND o.target NOT IN ${listed}`;
export const beginning = ({ begun, places }: EffectRoom): readonly [string, string] => [
  JSON.stringify(begun),
  JSON.stringify(Object.keys(places).filter((target) => (places[target] ?? 0) <= 0)),
];

/** As many of each target as it has places. */
function within({ places, elsewhere }: EffectRoom, effects: readonly QueuedEffect[]): readonly QueuedEffect[] {
  const left = new Map(Object.entries(places));
  return effects.filter(({ effect }) => {
    const target = targetOf(effect);
    const free = left.get(target) ?? elsewhere;
    left.set(target, free - 1);
    return free > 0;
  });
}

interface EffectSources {
  readonly reader: Reader;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly claims: Claims | null;
}

export function createEffects({ reader, writer, clock, dialect, claims }: EffectSources): Effects {
  return {
    async dueEffects(now, limit, room = { begun: [], places: {}, elsewhere: limit }) {
      if (claims) {
        return (await claims.effects(now, limit, room)).map(effectOf);
      }
      const rows = await reader.all<StoredEffect>(
        `SELECT ${effectColumns} FROM outbox o WHERE o.status = 'waiting' AND o.available_at <= ? AND ${firstOfItsTarget}
           AND ${mayBegin(dialect)} ORDER BY o.available_at, o.position LIMIT ?`,
        [now, ...beginning(room), limit],
      );
      return within(room, rows.map(effectOf));
    },
    keepEffects: async (keys) => claims?.keep(keys),
    async nextEffectDue() {
      const [row] = await reader.all<{ at: number | null }>(
        `SELECT min(o.available_at) AS at FROM outbox o WHERE o.status = 'waiting' AND ${firstOfItsTarget}`,
      );
      return row?.at ?? null;
    },
    async effectDone(key) {
      await writer.run(`UPDATE outbox SET status = 'done', done_at = ?, last_error = NULL${dialect.unclaimed} WHERE key = ? AND status <> 'done'`, [
        clock.now(),
        key,
      ]);
    },
    async effectFailed(key, error, availableAt, parked) {
      await writer.run(
        `UPDATE outbox SET attempts = attempts + 1, last_error = ?, available_at = ?, status = ?${dialect.unclaimed} WHERE key = ? AND status <> 'done'`,
        [error, availableAt, parked ? 'parked' : 'waiting', key],
      );
    },
    async parkedEffects(limit) {
      return (await reader.all<StoredEffect>(`SELECT ${effectColumns} FROM outbox o WHERE o.status = 'parked' ORDER BY o.position LIMIT ?`, [limit])).map(
        effectOf,
      );
    },
    retryEffect: (key, at) => writer.run("UPDATE outbox SET status = 'waiting', available_at = ? WHERE key = ? AND status = 'parked'", [at, key]),
    retryEffects: (at) => writer.run("UPDATE outbox SET status = 'waiting', available_at = ? WHERE status = 'parked'", [at]),
  };
}
