/** What is to happen by itself: timers, effects, idempotent answers, leases, schedules. */
import type { Clock } from '../../clock.js';
import type { Reader } from '../database.js';
import type { Dialect } from '../dialect/dialect.js';
import type { DueTimer, IdempotencyRow, QueueDepth, QueueStore } from '../types.js';
import type { Writer } from '../writing/writer.js';
import { type Claims, createClaims, type StoredDueTimer } from './claims.js';
import { createEffects } from './effects.js';
import { createLeases } from './leases.js';
import { timerColumns, timerOf } from './records.js';

const dueTimer = (row: StoredDueTimer): DueTimer => ({ ...timerOf(row), record: row.record });

/** Delivered effects and their keys are kept as long as a repeated delivery is thinkable: seven days. */
const keepDelivered = 7 * 24 * 3_600_000;

interface QueueSources {
  readonly reader: Reader;
  readonly beside: Reader | null;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly dialect: Dialect;
}

export function createQueue({ reader, beside, writer, clock, dialect }: QueueSources): QueueStore {
  const claims = beside && createClaims(beside);
  return {
    ...createTimers({ reader, writer, claims }),
    ...createEffects({ reader, writer, clock, dialect, claims }),
    ...createLeases({ writer, dialect }),
    ...createServed(reader, writer),
    releaseClaims: async () => claims?.release(),
    async depth(now) {
      const [row] = await reader.all<QueueDepth>(
        `SELECT (SELECT count(*) FROM outbox WHERE status = 'waiting') AS effects,
          (SELECT count(*) FROM timers WHERE held = 0 AND parked_at IS NULL) AS timers,
          (SELECT count(*) FROM timers WHERE held = 0 AND parked_at IS NULL AND due_at <= ?) AS "timersDue",
          (SELECT count(*) FROM outbox WHERE status = 'parked') AS "parkedEffects",
          (SELECT count(*) FROM timers WHERE parked_at IS NOT NULL) AS "parkedTimers",
          (SELECT min(created_at) FROM outbox WHERE status = 'waiting') AS "oldestEffect",
          (SELECT min(due_at) FROM timers WHERE held = 0 AND parked_at IS NULL) AS "oldestTimer"`,
        [now],
      );
      return row ?? { effects: 0, timers: 0, timersDue: 0, parkedEffects: 0, parkedTimers: 0, oldestEffect: null, oldestTimer: null };
    },
    async idempotency(scope, now) {
      const [row] = await reader.all<IdempotencyRow>(
        'SELECT scope, body_hash AS "bodyHash", answer, expires_at AS "expiresAt" FROM idempotency WHERE scope = ? AND expires_at > ?',
        [scope, now],
      );
      return row ?? null;
    },
    async keepAnswer({ scope, bodyHash, answer, expiresAt }, now) {
      await writer.transact(async (connection) => {
        await connection.run('DELETE FROM idempotency WHERE scope = ? AND expires_at <= ?', [scope, now]);
        await connection.run('INSERT INTO idempotency (scope, record, body_hash, answer, expires_at) VALUES (?, NULL, ?, ?, ?)', [
          scope,
          bodyHash,
          answer,
          expiresAt,
        ]);
      });
    },
    async dropExpired(now) {
      await writer.transact(async (connection) => {
        await connection.run('DELETE FROM idempotency WHERE expires_at <= ?', [now]);
        await connection.run('DELETE FROM sessions WHERE expires_at <= ?', [now]);
        await connection.run('DELETE FROM limits WHERE expires_at <= ?', [now]);
        await connection.run("DELETE FROM outbox WHERE status = 'done' AND done_at <= ?", [now - keepDelivered]);
      });
    },
  };
}

function createTimers({
  reader,
  writer,
  claims,
}: Pick<QueueSources, 'reader' | 'writer'> & { readonly claims: Claims | null }): Pick<
  QueueStore,
  'dueTimers' | 'lateTimers' | 'nextTimerDue' | 'parkTimer' | 'dropTimer' | 'parkedTimers' | 'retryTimer' | 'retryTimers'
> {
  const dueBefore = async (instant: number, limit: number): Promise<readonly DueTimer[]> => {
    const rows = await reader.all<StoredDueTimer>(
      `SELECT t.record, ${timerColumns} FROM timers t WHERE t.held = 0 AND t.parked_at IS NULL AND t.due_at <= ? ORDER BY t.due_at, t.record, t.key LIMIT ?`,
      [instant, limit],
    );
    return rows.map(dueTimer);
  };
  return {
    dueTimers: claims ? async (now, limit) => (await claims.timers(now, limit)).map(dueTimer) : dueBefore,
    lateTimers: dueBefore,
    async nextTimerDue() {
      const [row] = await reader.all<{ due: number | null }>('SELECT min(due_at) AS due FROM timers WHERE held = 0 AND parked_at IS NULL');
      return row?.due ?? null;
    },
    parkTimer: ({ record, key, dueAt }, reason, at) =>
      writer.run('UPDATE timers SET parked_at = ?, reason = ? WHERE record = ? AND key = ? AND due_at = ?', [at, reason, record, key, dueAt]),
    async dropTimer(record, key, dueAt) {
      await writer.run('DELETE FROM timers WHERE record = ? AND key = ? AND due_at = ?', [record, key, dueAt]);
    },
    async parkedTimers(limit) {
      const rows = await reader.all<StoredDueTimer & { reason: string; parkedAt: number }>(
        `SELECT t.record, ${timerColumns}, coalesce(t.reason, '') AS reason, t.parked_at AS "parkedAt" FROM timers t WHERE t.parked_at IS NOT NULL ORDER BY t.parked_at, t.record, t.key LIMIT ?`,
        [limit],
      );
      return rows.map((row) => ({ ...dueTimer(row), reason: row.reason, parkedAt: row.parkedAt }));
    },
    retryTimer: (record, key) =>
      writer.run('UPDATE timers SET parked_at = NULL, reason = NULL WHERE record = ? AND key = ? AND parked_at IS NOT NULL', [record, key]),
    retryTimers: () => writer.run('UPDATE timers SET parked_at = NULL, reason = NULL WHERE parked_at IS NOT NULL'),
  };
}

function createServed(reader: Reader, writer: Writer): Pick<QueueStore, 'scheduleLast' | 'beginSchedule' | 'setScheduleLast'> {
  return {
    async scheduleLast(key) {
      const [row] = await reader.all<{ at: number }>('SELECT last_at AS at FROM schedules WHERE key = ?', [key]);
      return row?.at ?? null;
    },
    async beginSchedule(key, at) {
      await writer.run('INSERT INTO schedules (key, last_at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING', [key, at]);
    },
    async setScheduleLast(key, at) {
      await writer.run(
        `INSERT INTO schedules (key, last_at) VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET last_at = excluded.last_at WHERE schedules.last_at < excluded.last_at`,
        [key, at],
      );
    },
  };
}
