/**
 * The one door: command, load, decide, commit. Every change of a record passes through `run`, whoever asks for it.
 * From reading a record's newest state to queueing its write nothing waits, so commands keep their order of arrival.
 */
import { decide } from '../core/decide.js';
import type { Decision } from '../core/decision.js';
import type { Program } from '../core/program.js';
import { EngineError } from '../errors.js';
import type { AttachmentRow, CommentRow, IdempotencyRow, LinkRow, RecordStore, WriteUnit } from '../store/types.js';
import type { ChildCreation, Command, RecordState, Timer } from '../types.js';
import type { DefinitionLibrary } from './definitionLibrary.js';
import type { Directory } from './directory.js';
import { newId } from './ids.js';
import type { Latest } from './latest.js';
import { createLookups, type FetchedLookups } from './lookups.js';
import { toWrite, type Written } from './writes.js';
import type { WrittenTimers } from './writtenTimers.js';

/** Times a command without a version from its caller is decided again after losing a race. */
const ATTEMPTS = 4;

export interface StepOptions {
  readonly comment?: (sequence: number) => CommentRow;
  readonly attachment?: (sequence: number) => AttachmentRow;
  readonly idempotency?: (committed: Committed) => IdempotencyRow;
  readonly deliveredOutbox?: string;
  /** Looks at the record before the step is decided; throws to refuse (reading rights). */
  readonly allow?: (record: RecordState, program: Program) => void;
}

export interface Committed {
  readonly state: RecordState;
  readonly decision: Decision;
  readonly program: Program;
  readonly created: readonly { readonly id: string; readonly number: string; readonly process: string }[];
}

export interface Steps {
  run(command: Command, options?: StepOptions): Promise<Committed>;
  /** The timers this very version of a record has; null when it was not decided here. */
  timersOf(record: RecordState): readonly Timer[] | null;
}

interface StepParts {
  readonly records: RecordStore;
  readonly library: DefinitionLibrary;
  readonly directory: Directory;
  readonly latest: Latest;
  readonly timers: WrittenTimers;
  readonly timeZones: string;
}

interface Attempt {
  readonly command: Command;
  readonly options: StepOptions;
  readonly lookups: FetchedLookups;
  /** Numbers reserved for records this step makes, by position. */
  readonly numbers: string[];
}

interface Planned {
  readonly unit: WriteUnit;
  readonly writes: readonly Written[];
  readonly committed: Committed;
}

export function createSteps(parts: StepParts): Steps {
  return {
    timersOf: (record) => parts.timers.before(record),
    async run(command, options = {}) {
      const attempt: Attempt = { command, options, lookups: createLookups(parts.directory, parts.records, command.record), numbers: [] };
      for (let tries = 1; ; tries += 1) {
        try {
          return await once(parts, attempt);
        } catch (error) {
          parts.latest.forget(command.record);
          const lostRace = error instanceof EngineError && error.code === 'VERSION_STALE' && command.expectedVersion === undefined && command.kind !== 'create';
          if (!lostRace || tries >= ATTEMPTS) throw error;
        }
      }
    },
  };
}

async function once(parts: StepParts, attempt: Attempt): Promise<Committed> {
  const { committed, written } = await plan(parts, attempt);
  await written;
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
  const { command, lookups } = attempt;
  for (;;) {
    const fresh = await load(parts, command);
    // A step that this one would have followed may have failed while its definition was looked up.
    if (command.kind === 'event' && !parts.latest.get(command.record)) continue;
    const needed: Needs = { numbers: [] };
    try {
      const planned = layOut(parts, attempt, needed);
      if (!lookups.missing() && needed.numbers.length === 0) return begin(parts, planned);
    } catch (error) {
      if (!lookups.missing() && !(await movedOn(parts, command, fresh))) throw error;
    }
    if (lookups.missing()) await lookups.fetch();
    for (const prefix of needed.numbers) attempt.numbers.push(await parts.records.nextNumber(prefix));
  }
}

interface Needs {
  readonly numbers: string[];
}

/** Makes sure the record's newest state and its program are at hand. Returns whether it was read just now. */
async function load(parts: StepParts, command: Command): Promise<boolean> {
  if (command.kind === 'create') return true;
  const known = parts.latest.get(command.record);
  if (known) {
    await parts.library.load(known.definition);
    return false;
  }
  const row = await parts.records.byId(command.record);
  if (!row) throw new EngineError('RECORD_NOT_FOUND', { record: command.record });
  parts.latest.loaded(row.record);
  await parts.library.load(row.record.definition);
  return true;
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

/** Decides the step and those of the records it makes, and lays out all their rows as one unit. */
function layOut(parts: StepParts, attempt: Attempt, needed: Needs): Planned {
  const { command, options, lookups, numbers } = attempt;
  const before = command.kind === 'create' ? null : (parts.latest.get(command.record) ?? null);
  // A migration is decided by the version it leads to.
  const program = before
    ? parts.library.program(command.internal && command.type === 'migrated' ? String(command.data.to) : before.definition)
    : parts.library.current(command.process ?? '');
  if (before) options.allow?.(before, program);
  let used = 0;
  const number = (of: Program): string => {
    const next = numbers[used];
    used += 1;
    if (next === undefined) needed.numbers.push(prefixOf(of));
    return next ?? '';
  };
  const decision = decide(program, before, command, { environment: parts.library.environment(program), lookups, number: before?.number ?? number(program) });
  const children = decision.children.map((child) => decideChild(parts, attempt, { child, number, parent: command }));
  const childLinks = children.flatMap(({ link, decision: made }): LinkRow[] =>
    link ? [{ from: command.record, name: link, to: made.record.id, at: command.at }] : [],
  );
  const context = { reference: parts.library.referenceHash(), timeZones: parts.timeZones };
  const sequence = decision.record.version;
  const own = toWrite(decision, {
    ...context,
    program,
    command,
    before,
    childLinks,
    timersBefore: parts.timers.before(before),
    comment: options.comment?.(sequence) ?? null,
    attachment: options.attachment?.(sequence) ?? null,
  });
  const made = children.map((child) =>
    toWrite(child.decision, {
      ...context,
      program: child.program,
      command: child.command,
      before: null,
      childLinks: [],
      timersBefore: [],
      comment: null,
      attachment: null,
    }),
  );
  const committed: Committed = {
    state: own.state,
    decision,
    program,
    created: made.map(({ state }) => ({ id: state.id, number: state.number, process: state.process })),
  };
  const check = decision.read.filter((read) => read.record !== command.record);
  return {
    writes: [own, ...made],
    committed,
    unit: {
      steps: [own.step, ...made.map((write) => write.step)],
      idempotency: options.idempotency?.(committed) ?? null,
      ...(check.length ? { check } : {}),
      ...(options.deliveredOutbox ? { deliveredOutbox: options.deliveredOutbox } : {}),
    },
  };
}

interface DecidedChild {
  readonly decision: Decision;
  readonly program: Program;
  readonly command: Command;
  readonly link: string | undefined;
}

function decideChild(parts: StepParts, attempt: Attempt, making: { child: ChildCreation; number: (of: Program) => string; parent: Command }): DecidedChild {
  const { child, parent } = making;
  const program = parts.library.current(child.process);
  const command: Command = {
    ...parent,
    kind: 'create',
    process: child.process,
    record: newId(parent.at),
    type: 'create',
    data: child.data,
    internal: true,
    origin: 'record',
  };
  const { expectedVersion: _version, timer: _timer, ...clean } = command;
  const decision = decide(program, null, clean, { environment: parts.library.environment(program), lookups: attempt.lookups, number: making.number(program) });
  if (decision.children.length > 0)
    throw new EngineError('RULE_FAILED', { rule: 'create', reason: `a new ${child.process} would itself make records at once` });
  return { decision, program, command: clean, link: child.link };
}

/** `INC` of the process, or the key's first letters. */
function prefixOf(program: Program): string {
  return (
    program.process.prefix ??
    program.key
      .replaceAll(/[^a-z]/g, '')
      .slice(0, 3)
      .toUpperCase()
  );
}
