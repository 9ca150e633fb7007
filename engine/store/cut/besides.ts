/** What no step of a record wrote, brought back to the instant as far as it says when it came about. */
import type { SqlValue } from '../driver/contract.js';

const DAY = 86_400_000;
/** How long what is remembered of signals, schedules and requests is kept; tells when it was made. */
const keptFor = { signal: 90 * DAY, request: 7 * DAY };

/** Statements that follow the cut of the history. */
export function after(at: number): readonly (readonly [sql: string, ...params: SqlValue[]])[] {
  return [
    // A signal counts as received where its step is still in the history; else it is delivered again.
    [
      `DELETE FROM idempotency WHERE scope LIKE 'signal:%' AND NOT EXISTS
         (SELECT 1 FROM history h WHERE h.record = idempotency.record AND h.origin = 'signal' AND h.recorded_at = idempotency.expires_at - ?)`,
      keptFor.signal,
    ],
    ["DELETE FROM idempotency WHERE scope LIKE 'schedule:%' AND NOT EXISTS (SELECT 1 FROM history h WHERE h.record = idempotency.record)"],
    // An answer to a step that is gone must not be given again.
    [
      `DELETE FROM idempotency WHERE answer ->> '$.entry.hash' IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM history h WHERE h.record = idempotency.record AND h.hash = answer ->> '$.entry.hash')`,
    ],
    ['DELETE FROM idempotency WHERE record IS NULL AND expires_at - ? > ?', keptFor.request, at],
    // Mail and calls of other systems went out and stay so; what was done within the store is to be done again.
    [
      `UPDATE outbox SET status = 'waiting', available_at = created_at, attempts = 0, done_at = NULL
         WHERE status = 'done' AND done_at > ? AND target IN ('signal', 'measure') AND effect <> 'null'`,
      at,
    ],
    ["DELETE FROM outbox WHERE target = '' AND created_at > ?", at],
    ['UPDATE timers SET parked_at = NULL, reason = NULL WHERE parked_at > ?', at],
    ['UPDATE schedules SET last_at = ? WHERE last_at > ?', at, at],
    ['DELETE FROM activations WHERE at > ?', at],
    ['DELETE FROM reference_versions WHERE at > ? AND hash NOT IN (SELECT reference FROM history)', at],
    ["UPDATE revisions SET value = value + 1 WHERE name = 'definitions'"],
    // Nobody should find himself signed in after a restore.
    ['DELETE FROM sessions'],
    ['DELETE FROM leases'],
    ['DELETE FROM limits'],
  ];
}
