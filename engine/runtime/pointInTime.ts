/** A record as it was at an instant: its history folded up to the last step at or before it. */

import { applyMark, noteThreshold } from '../core/clocks.js';
import type { PointInTime } from '../engine.js';
import { EngineError } from '../errors.js';
import type { Actor, ClockState, Json, RecordState } from '../types.js';
import { type EngineContext, readableRecord, withheldFrom } from './context.js';
import { definitionView } from './definitionViews.js';
import { openEntry, recordView } from './views.js';

/** Entries folded at once. */
const BATCH = 500;

/** An instant, or the sequence of a step: several steps may share an instant. */
export type Moment = number | { readonly sequence: number };

/** @throws RECORD_NOT_FOUND when the record did not exist yet at that instant. */
export async function pointInTime(
  context: EngineContext,
  { idOrNumber, moment, actor }: { idOrNumber: string; moment: Moment; actor: Actor },
): Promise<PointInTime> {
  const { row } = await readableRecord(context, idOrNumber, actor);
  const state = await foldUntil(context, row.record, moment);
  const instant = typeof moment === 'number' ? moment : (state?.updatedAt ?? 0);
  if (!state) throw new EngineError('RECORD_NOT_FOUND', { record: idOrNumber, at: new Date(instant).toISOString(), reason: 'it did not exist yet' });
  const program = await context.library.load(state.definition);
  const environment = context.library.environment(program);
  return {
    record: recordView(state, { program, environment, withheld: withheldFrom(context, program, actor), now: instant }),
    at: instant,
    sequence: state.version,
    definition: definitionView(context, program, actor),
  };
}

async function foldUntil(context: EngineContext, now: RecordState, moment: Moment): Promise<RecordState | null> {
  let state: RecordState | null = null;
  for await (const batch of context.store.history.scan({ record: now.id, batch: BATCH })) {
    for (const stored of batch) {
      if (typeof moment === 'number' ? stored.at > moment : stored.sequence > moment.sequence) return state;
      const entry = openEntry(stored);
      const data: Record<string, Json> = { ...state?.data };
      for (const [field, change] of Object.entries(entry.changes)) {
        const after = (change as readonly Json[])[1] ?? null;
        if (after === null) delete data[field];
        else data[field] = after;
      }
      const program = await context.library.load(stored.definition);
      // Clocks as they were reckoned then: on the calendars of the step's own reference rules.
      const environment = await context.library.environmentAt(program, stored.reference);
      const clocks: Record<string, ClockState> = { ...state?.clocks };
      if (stored.event.startsWith('clock.')) {
        const name = String(entry.data.clock);
        if (clocks[name]) clocks[name] = noteThreshold(clocks[name], Number(entry.data.fraction), stored.at);
      }
      for (const mark of entry.text.marks) clocks[mark.clock] = applyMark(clocks[mark.clock], mark, environment);
      state = {
        ...now,
        version: stored.sequence,
        definition: stored.definition,
        status: entry.text.status,
        value: entry.text.to,
        data,
        clocks,
        approvals: {},
        output: entry.text.status === 'done' ? now.output : null,
        updatedAt: stored.at,
        head: stored.hash,
      };
    }
  }
  return state;
}
