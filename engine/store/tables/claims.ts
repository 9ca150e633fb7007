/**
 * What is due, shared among servers: each claims what it is about to do and passes over what another has claimed (SKIP LOCKED). A claim runs out,
 * so what a server that died had claimed is done by another. That a thing happens once does not rest on this: steps are guarded by their
 * record's version and effects by their key.
 */
import { randomUUID } from 'node:crypto';
import type { Reader } from '../database.js';
import { postgres } from '../dialect/postgres.js';
import type { EffectRoom } from '../types.js';
import { beginning, effectColumns, firstOfItsTarget, mayBegin, type StoredEffect } from './effects.js';
import { type StoredTimer, timerColumns } from './records.js';

export type StoredDueTimer = StoredTimer & { readonly record: string };

/**
 * What one server has claimed; each has its own. Whatever is claimed holds for half a minute by the clock of the database. A claim ends when what
 * was claimed is done, put off or parked, when it is given back, or when it has run out. Who claims again gets his own again too: what he could not
 * note as done is still due.
 */
export interface Claims {
  /** Claims timers due at or before `now`, in the order of their due instants. They are fired at once, so nothing prolongs the claim. */
  timers(now: number, limit: number): Promise<readonly StoredDueTimer[]>;
  /** Claims effects due at or before `now`, in the order they are due, no more than there is room to begin. */
  effects(now: number, limit: number, room: EffectRoom): Promise<readonly StoredEffect[]>;
  /** Prolongs the claim on what is under way, by key, where half of its time is over; not on what another server has taken over since. */
  keep(effects: readonly string[]): Promise<void>;
  /** Gives back all that is claimed and not done: for a server that stops. */
  release(): Promise<void>;
}

/** Milliseconds for which a claim holds: longer than a delivery usually takes, short enough to wait for when its server has died. */
const lease = 30_000;

/** Nobody's, this server's own, or one that ran out; one parameter. Clocks of servers differ and jump: claims run by the one of the database. */
const free = (table: string): string => `(${table}.claimed_until IS NULL OR ${table}.claimed_until <= ${postgres.now} OR ${table}.claimed_by = ?)`;

export function createClaims(beside: Reader): Claims {
  const holder = randomUUID();
  return {
    async timers(now, limit) {
      const rows = await beside.all<StoredDueTimer>(
        `WITH due AS (
           SELECT record, key FROM timers c WHERE c.held = 0 AND c.parked_at IS NULL AND c.due_at <= ? AND ${free('c')}
             ORDER BY c.due_at, c.record, c.key LIMIT ? FOR UPDATE SKIP LOCKED)
         UPDATE timers t SET claimed_by = ?, claimed_until = ${postgres.now} + ${lease} FROM due WHERE t.record = due.record AND t.key = due.key
           RETURNING t.record, ${timerColumns}`,
        [now, holder, limit, holder],
      );
      return rows.sort((a, b) => a.dueAt - b.dueAt || compare(a.record, b.record) || compare(a.key, b.key));
    },
    async effects(now, limit, room) {
      const rows = await beside.all<StoredEffect & { readonly position: number }>(
        `WITH found AS (
           SELECT position, target, available_at FROM outbox o WHERE o.status = 'waiting' AND o.available_at <= ? AND ${free('o')} AND ${firstOfItsTarget}
             AND ${mayBegin(postgres)} ORDER BY o.available_at, o.position LIMIT ? FOR UPDATE SKIP LOCKED),
         ranked AS (SELECT position, target, row_number() OVER (PARTITION BY target ORDER BY available_at, position) AS place FROM found),
         due AS (
           SELECT position FROM ranked LEFT JOIN json_each_text(CAST(? AS json)) AS room (target, places) USING (target)
             WHERE place <= coalesce(CAST(places AS bigint), ?))
         UPDATE outbox o SET claimed_by = ?, claimed_until = ${postgres.now} + ${lease} FROM due WHERE o.position = due.position RETURNING ${effectColumns}, o.position`,
        [now, holder, ...beginning(room), limit, JSON.stringify(room.places), room.elsewhere, holder],
      );
      return rows.sort((a, b) => a.availableAt - b.availableAt || a.position - b.position).map(({ position: _, ...row }) => row);
    },
    async keep(effects) {
      // Most are kept by the first half of their time: asking often writes seldom.
      await beside.all(
        `UPDATE outbox SET claimed_until = ${postgres.now} + ${lease}
           WHERE claimed_by = ? AND claimed_until < ${postgres.now} + ${lease / 2} AND status = 'waiting' AND key IN ${postgres.listed}`,
        [holder, JSON.stringify(effects)],
      );
    },
    async release() {
      for (const table of ['timers', 'outbox']) {
        await beside.all(`UPDATE ${table} SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = ?`, [holder]);
      }
    },
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
