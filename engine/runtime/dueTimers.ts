/** Fires timers that are due: each once, in the order of their due instants, through the one door. */
import { EngineError } from '../errors.js';
import { codeOf, type Observation, type Observer } from '../observing.js';
import type { DueTimer, QueueStore, RecordStore } from '../store/types.js';
import type { Command, RecordState, Timer } from '../types.js';
import { allEnded, isPassing } from './failures.js';
import type { Latest } from './latest.js';
import type { Steps } from './steps.js';

/** Timers in flight at once: they share commits and still start in order. */
const AT_ONCE = 64;

/** Timers one record may fire in a row, each due as soon as it began; more is a loop, which would never let anything else run. */
const IN_A_ROW = 500;

type Ended = Extract<Observation, { kind: 'timer' }>['outcome'];

interface TimerParts {
  readonly queue: QueueStore;
  readonly records: RecordStore;
  readonly latest: Latest;
  readonly steps: Steps;
  readonly now: () => number;
  readonly observer: Observer;
  /** How many timers each record has fired since something else was waited for. */
  readonly fired: Map<string, number>;
}

/** Fires one batch. Returns how many timers were taken up. @throws the first passing failure, when all of the batch have ended */
export async function fireDueTimers(parts: TimerParts): Promise<number> {
  const due = await parts.queue.dueTimers(parts.now(), AT_ONCE);
  const rows = await parts.records.many([...new Set(due.map((timer) => timer.record).filter((id) => !parts.latest.get(id)))]);
  for (const row of rows) parts.latest.loaded(row.record);
  await readTimers(parts, due);
  // One after another on the same record, side by side on others.
  const lanes = new Map<string, Promise<void>>();
  for (const timer of due)
    lanes.set(
      timer.record,
      (lanes.get(timer.record) ?? Promise.resolve()).then(() => fire(parts, timer)),
    );
  await allEnded(lanes.values());
  return due.length;
}

/** Timers of records that were not decided here: another server may have moved them since they were found due. */
async function readTimers({ records, latest, steps }: TimerParts, due: readonly DueTimer[]): Promise<void> {
  const states = [...new Set(due.map(({ record }) => record))].flatMap((id) => latest.get(id) ?? []).filter((state) => steps.timersOf(state) === null);
  const found = states.length > 0 ? await records.timersOf(states.map(({ id }) => id)) : new Map<string, readonly Timer[]>();
  for (const state of states) steps.noteTimers(state, found.get(state.id) ?? []);
}

async function fire(parts: TimerParts, timer: DueTimer): Promise<void> {
  const { queue, steps, now, fired } = parts;
  const at = now();
  const told = (outcome: Ended, code: string | null): void =>
    parts.observer.happened({ kind: 'timer', record: timer.record, event: timer.event, lagMs: at - timer.dueAt, outcome, code });
  const times = (fired.get(timer.record) ?? 0) + 1;
  fired.set(timer.record, times);
  if (times > IN_A_ROW) {
    const parked = await queue.parkTimer(timer, `The record fired ${IN_A_ROW} timers in a row, each due at once: its process has a loop.`, at);
    told(parked > 0 ? 'parked' : 'gone', 'LOOP');
    return;
  }
  const command: Command = {
    kind: 'event',
    record: timer.record,
    type: timer.event,
    data: { ...timer.data, dueAt: new Date(timer.dueAt).toISOString() },
    actor: { id: 'timer', roles: [], teams: [] },
    origin: 'timer',
    internal: true,
    timer: timer.key,
    at,
    recordedAt: at,
  };
  try {
    await steps.run(command, { allow: (record) => mustBeDue(steps, record, timer) });
    told('fired', null);
  } catch (error) {
    // The timer stays due and is tried again at the next waking.
    if (isPassing(error)) {
      told('postponed', error.code);
      throw error;
    }
    // The state was left, or the record ended, between reading the timer and deciding it: there is nothing to fire.
    if (error instanceof EngineError && (error.code === 'EVENT_NOT_ACCEPTED' || error.code === 'RECORD_FINISHED')) {
      await queue.dropTimer(timer.record, timer.key, timer.dueAt);
      told('gone', error.code);
      return;
    }
    const parked = await queue.parkTimer(timer, error instanceof EngineError ? `${error.code}: ${JSON.stringify(error.facts)}` : String(error), at);
    told(parked > 0 ? 'parked' : 'gone', codeOf(error));
  }
}

/** A step taken since the timer was read may have moved it: the same `after` began anew, or a clock was paused. */
function mustBeDue(steps: Steps, record: RecordState, timer: DueTimer): void {
  const now = steps.timersOf(record);
  // Decided again, with the timers of this version.
  if (!now) throw new EngineError('VERSION_STALE', { record: record.id });
  if (!now.some((other) => other.key === timer.key && other.dueAt <= timer.dueAt))
    throw new EngineError('EVENT_NOT_ACCEPTED', { event: timer.event, reason: 'the timer is no longer due' });
}
