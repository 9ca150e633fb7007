/**
 * The one door: command, load, decide, commit. Every change of a record passes through `run`, whoever asks for it.
 * From reading a record's newest state to queueing its write nothing waits, so commands keep their order of arrival.
 */
import { mayRead } from '../core/access.js';
import { EngineError } from '../errors.js';
import type { Command, RecordState, Timer } from '../types.js';
import { type Attempt, type Committed, layOut, type Needs, type Planned, type StepOptions, type StepParts } from './layOut.js';
import { createLookups } from './lookups.js';
import { createStepWatches } from './stepWatch.js';

export type { Committed, StepOptions } from './layOut.js';

/** Times a command without a version from its caller is decided again after losing a race. */
const ATTEMPTS = 4;

export interface Steps {
  run(command: Command, options?: StepOptions): Promise<Committed>;
  /** The timers this very version of a record has; null when it was not decided here. */
  timersOf(record: RecordState): readonly Timer[] | null;
  /** Notes timers that were read after the record was. */
  noteTimers(record: RecordState, timers: readonly Timer[]): void;
}

export function createSteps(parts: StepParts): Steps {
  const watches = createStepWatches(parts.observer);
  return {
    timersOf: (record) => parts.timers.before(record),
    noteTimers: (record, timers) => parts.timers.note(record, timers),
    async run(command, options = {}) {
      const numbers: string[] = [];
      const watch = watches(command);
      for (let tries = 1; ; tries += 1) {
        // Looked up anew each time: what moved may be a record that the decision only looked at.
        const lookups = createLookups(parts.directory, parts.records, command.record, readableTo(parts, command));
        try {
          const committed = await once(parts, { command, options, lookups, watch, numbers });
          watch.taken(committed, tries);
          return committed;
        } catch (error) {
          const process = parts.latest.get(command.record)?.process ?? null;
          parts.latest.forget(command.record);
          if (mayTryAgain(command, error) && tries < ATTEMPTS) continue;
          watch.refused(error, process);
          throw error;
        }
      }
    },
  };
}

/** A step that lost a race, unless its sender meant one version only. One that makes a record has no rival but through what it looked at. */
function mayTryAgain({ kind, record, expectedVersion }: Command, error: unknown): boolean {
  if (!(error instanceof EngineError) || error.code !== 'VERSION_STALE' || error.facts.idempotency !== undefined) return false;
  const moved = error.facts.record;
  if (kind === 'create') return typeof moved === 'string' && moved !== record;
  return expectedVersion === undefined || (typeof moved === 'string' && moved !== record);
}

/** People and programs may name only what they may see; what the engine itself sends names what the process says. */
function readableTo({ library }: StepParts, { actor, internal, origin }: Command): ((record: RecordState) => boolean) | undefined {
  if (internal || (origin !== 'person' && origin !== 'api')) return undefined;
  return (record) => library.has(record.process) && mayRead(library.current(record.process).process, actor, record);
}

async function once(parts: StepParts, attempt: Attempt): Promise<Committed> {
  const { committed, written } = await plan(parts, attempt);
  await attempt.watch.commit(written);
  return committed;
}

/** What was decided, while it is being written. */
interface Begun {
  readonly committed: Committed;
  readonly written: Promise<void>;
}

/** Queues the write in the same turn in which it was decided: whoever decides next decides on this. */
function begin({ latest, records, timers }: StepParts, { committed, unit, writes }: Planned): Begun {
  timers.note(committed.state, committed.decision.timers);
  const settled = writes.map((write) => latest.decided(write.state));
  const written = records.commit(unit).then(
    () => {
      for (const done of settled) done(true);
    },
    (error: unknown) => {
      for (const done of settled) done(false);
      timers.forget(committed.state.id);
      throw asLostRace(error);
    },
  );
  return { committed, written };
}

/** To the store an entry that follows a step which lost its race looks incoherent: another step has that version now. */
function asLostRace(error: unknown): unknown {
  const lost = error instanceof EngineError && error.code === 'INTERNAL' && error.facts.part === 'store' && Array.isArray(error.facts.records);
  return lost ? new EngineError('VERSION_STALE', { records: error.facts.records }, { cause: error }) : error;
}

/** Loads what is needed, then decides without waiting; repeats while the decision asks for more. */
async function plan(parts: StepParts, attempt: Attempt): Promise<Begun> {
  const { command, lookups, watch } = attempt;
  for (;;) {
    const fresh = await watch.load(load(parts, command));
    // A step that this one would have followed may have failed while its definition was looked up.
    if (command.kind === 'event' && !parts.latest.get(command.record)) continue;
    const needed: Needs = { numbers: [] };
    try {
      const planned = watch.decide(() => layOut(parts, attempt, needed));
      if (!lookups.missing() && needed.numbers.length === 0) return begin(parts, planned);
    } catch (error) {
      if (!lookups.missing() && !(await movedOn(parts, command, fresh))) throw error;
    }
    if (lookups.missing()) await watch.load(lookups.fetch());
    for (const prefix of needed.numbers) attempt.numbers.push(await parts.records.nextNumber(prefix));
  }
}

/** Makes sure the record's newest state and its program are at hand. Returns whether it was read just now. */
async function load(parts: StepParts, command: Command): Promise<boolean> {
  if (command.kind === 'create') return true;
  const known = parts.latest.get(command.record);
  if (known) {
    await Promise.all([parts.library.load(known.definition), loadTimers(parts, command, known)]);
    return false;
  }
  const row = await parts.records.byId(command.record);
  if (!row) throw new EngineError('RECORD_NOT_FOUND', { record: command.record });
  parts.latest.loaded(row.record);
  await Promise.all([parts.library.load(row.record.definition), loadTimers(parts, command, row.record)]);
  return true;
}

/**
 * Whether a timer is still due is told by the timers of the very version that its step follows. Read after the version, they are those of that
 * version if it is still the newest when the step is committed.
 */
async function loadTimers({ timers, records }: StepParts, { timer }: Command, state: RecordState): Promise<void> {
  if (timer !== undefined && timers.before(state) === null) timers.note(state, await records.timers(state.id));
}

/** A refusal from a remembered state counts only if the store still has that state: another process may have moved it. */
async function movedOn(parts: StepParts, command: Command, fresh: boolean): Promise<boolean> {
  const known = parts.latest.get(command.record);
  if (fresh || !known || parts.latest.pending(command.record)) return false;
  const row = await parts.records.byId(command.record);
  if (!row || row.record.version <= known.version) return false;
  parts.latest.loaded(row.record);
  return true;
}
