/** Deciding a command and laying out all it writes, without waiting anywhere: the step, the records it makes, their links. */
import { decide } from '../core/decide.js';
import type { Decision } from '../core/decision.js';
import type { Program } from '../core/program.js';
import { EngineError } from '../errors.js';
import type { Observer } from '../observing.js';
import type { AttachmentRow, CommentRow, IdempotencyRow, LinkRow, RecordStore, WriteUnit } from '../store/types.js';
import type { ChildCreation, Command, RecordState } from '../types.js';
import type { DefinitionLibrary } from './definitionLibrary.js';
import type { Directory } from './directory.js';
import { newId } from './ids.js';
import type { Latest } from './latest.js';
import type { FetchedLookups } from './lookups.js';
import type { StepWatch } from './stepWatch.js';
import { toWrite, type Written } from './writes.js';
import type { WrittenTimers } from './writtenTimers.js';

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

export interface StepParts {
  readonly records: RecordStore;
  readonly library: DefinitionLibrary;
  readonly directory: Directory;
  readonly latest: Latest;
  readonly timers: WrittenTimers;
  readonly timeZones: string;
  readonly observer: Observer;
}

export interface Attempt {
  readonly command: Command;
  readonly options: StepOptions;
  readonly lookups: FetchedLookups;
  readonly watch: StepWatch;
  /** Numbers reserved for records this step makes, by position. */
  readonly numbers: string[];
}

export interface Planned {
  readonly unit: WriteUnit;
  readonly writes: readonly Written[];
  readonly committed: Committed;
}

export interface Needs {
  readonly numbers: string[];
}

/** Decides the step and those of the records it makes, and lays out all their rows as one unit. */
export function layOut(parts: StepParts, attempt: Attempt, needed: Needs): Planned {
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
  const { mayName: _asked, ...shared } = attempt.lookups;
  // The lookups are those of the record that makes this one; a new record is linked with nothing yet.
  const lookups = { ...shared, linked: () => false, linkedRecords: () => [] };
  const decision = decide(program, null, clean, { environment: parts.library.environment(program), lookups, number: making.number(program) });
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
