/** The outbox: effects decided by steps, delivered at least once, in order for each record and target. */
import type { Clock } from '../../clock.js';
import type { Effect } from '../../types.js';
import type { Reader } from '../database.js';
import type { QueuedEffect, QueueStore } from '../types.js';
import type { Writer } from '../writing/writer.js';

type StoredEffect = Omit<QueuedEffect, 'effect'> & { readonly effect: string };

const columns =
  'o.key, o.record, o.sequence, o.effect, o.created_at AS "createdAt", o.attempts, o.available_at AS "availableAt", o.last_error AS "lastError", o.status';
const effectOf = (row: StoredEffect): QueuedEffect => ({ ...row, effect: JSON.parse(row.effect) as Effect });

type Effects = Pick<QueueStore, 'dueEffects' | 'nextEffectDue' | 'effectDone' | 'effectFailed' | 'parkedEffects' | 'retryEffect'>;

/** An effect waits until no earlier one of its record to the same target waits; parked ones hold up nobody. */
const first = `NOT EXISTS (SELECT 1 FROM outbox e WHERE e.status = 'waiting' AND e.record = o.record AND e.target = o.target AND e.position < o.position)`;

export function createEffects(reader: Reader, writer: Writer, clock: Clock): Effects {
  return {
    async dueEffects(now, limit) {
      const rows = await reader.all<StoredEffect>(
        `SELECT ${columns} FROM outbox o WHERE o.status = 'waiting' AND o.available_at <= ? AND ${first} ORDER BY o.available_at, o.position LIMIT ?`,
        [now, limit],
      );
      return rows.map(effectOf);
    },
    async nextEffectDue() {
      const [row] = await reader.all<{ at: number | null }>(`SELECT min(o.available_at) AS at FROM outbox o WHERE o.status = 'waiting' AND ${first}`);
      return row?.at ?? null;
    },
    async effectDone(key) {
      await writer.run("UPDATE outbox SET status = 'done', done_at = ?, last_error = NULL WHERE key = ? AND status <> 'done'", [clock.now(), key]);
    },
    async effectFailed(key, error, availableAt, parked) {
      await writer.run("UPDATE outbox SET attempts = attempts + 1, last_error = ?, available_at = ?, status = ? WHERE key = ? AND status <> 'done'", [
        error,
        availableAt,
        parked ? 'parked' : 'waiting',
        key,
      ]);
    },
    async parkedEffects() {
      return (await reader.all<StoredEffect>(`SELECT ${columns} FROM outbox o WHERE o.status = 'parked' ORDER BY o.position`)).map(effectOf);
    },
    async retryEffect(key, at) {
      await writer.run("UPDATE outbox SET status = 'waiting', available_at = ? WHERE key = ? AND status <> 'done'", [at, key]);
    },
  };
}
