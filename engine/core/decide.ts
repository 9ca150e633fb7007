/**
 * Decides what a command does to a record, without doing it. Pure: time, people, referenced records and ids come in;
 * effects go out as data. Deciding the same command again from the same facts gives the same decision.
 */
import type { JsonObject } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { Command, RecordState } from '../types.js';
import { mayCreate, refusedRole } from './access.js';
import { withoutNulls } from './actions.js';
import { armAfterImport } from './arming.js';
import type { Decision, World } from './decision.js';
import { noteFacts } from './factBook.js';
import type { FactSource } from './facts.js';
import { consumeTimer } from './firing.js';
import { normalise } from './form.js';
import { askedAtCreation, askedBy, schemaDefaults, takeIn } from './intake.js';
import { isInternalName, reservedSteps } from './internal.js';
import type { Candidate, Configuration } from './kernel.js';
import { linkedAfter } from './links.js';
import { carryOver } from './migration.js';
import type { Program } from './program.js';
import { refusedBy } from './refusals.js';
import { settle } from './settle.js';
import { type MachineEvent, type StepContext, sameJson } from './step.js';
import { historyName, timersOf } from './timers.js';
import { computeValues } from './values.js';

/** @throws EngineError naming what refused the step. */
export function decide(program: Program, before: RecordState | null, command: Command, world: World): Decision {
  if (before === null) return create(program, command, world);
  if (before.status === 'done') throw new EngineError('RECORD_FINISHED', { number: before.number });
  if (command.expectedVersion !== undefined && command.expectedVersion !== before.version) {
    throw new EngineError('VERSION_STALE', { number: before.number, sent: command.expectedVersion, current: before.version });
  }
  const step = beginStep(program, before, command, world);
  if (command.type === 'migrated' && command.internal)
    return finish(program, { before, command, step, data: command.data, state: carryOver(program, before, step) });
  const reserved = reservedSteps.get(command.type);
  if (reserved && command.internal) {
    const handled = program.kernel.events.has(command.type);
    const state = reserved.apply(step, command);
    return finish(program, {
      before,
      command,
      step,
      data: command.data,
      state: handled ? program.kernel.transition(state ?? before, toEvent(command), step) : (state ?? before),
    });
  }
  return command.internal ? internalStep(program, before, command, step) : sentStep(program, before, command, step);
}

function create(program: Program, command: Command, world: World): Decision {
  if (!command.internal && !mayCreate(program.process, command.actor)) {
    throw new EngineError('ROLE_REFUSED', { process: program.key, roles: program.process.create?.roles ?? [], needed: program.process.create?.roles ?? [] });
  }
  const step = beginStep(program, null, command, world);
  step.record = schemaDefaults(program);
  const source: FactSource = { step, event: toEvent(command), paths: new Set() };
  const asked = command.internal ? [...program.fields.keys()].map((field) => ({ field, required: false })) : askedAtCreation(program);
  const data = takeIn(program, asked, command.data, source);
  step.record = withoutNulls({ ...step.record, ...data });
  computeValues(program, source);
  const state = program.kernel.initial(step);
  return finish(program, { before: null, command, step, data: sent(program, command), state });
}

/** A step by a person or a program: form, rules, selection, roles, then the chart. */
function sentStep(program: Program, before: RecordState, command: Command, step: StepContext): Decision {
  if (isInternalName(command.type)) throw new EngineError('EVENT_INTERNAL', { event: command.type });
  if (!program.kernel.events.has(command.type))
    throw new EngineError('EVENT_UNKNOWN', { event: command.type, known: [...program.kernel.events].filter((event) => !isInternalName(event)) });
  const candidates = permitted(program.kernel.candidates(before, command.type));
  if (candidates.length === 0) throw new EngineError('EVENT_NOT_ACCEPTED', { event: command.type, state: before.value });
  const roleRefusal = soleRoleRefusal(candidates, command, step);
  if (roleRefusal) throw roleRefusal;
  const event = toEvent(command);
  const source: FactSource = { step, event, paths: program.kernel.pathSet(before) };
  const data = takeIn(program, askedBy(program, candidates), command.data, source);
  step.record = withoutNulls({ ...step.record, ...data });
  computeValues(program, source);
  const completed = { ...event, data };
  const selected = program.kernel.selected(before, completed, step).filter((candidate) => !candidate.forbidden);
  if (selected.length === 0) throw refusedBy(program, candidates, { ...source, event: completed });
  for (const candidate of selected) {
    // By the record as it was: whoever is named may name somebody else.
    const refusal = refusedRole(candidate, command.actor, { ...before.data, createdBy: step.createdBy });
    if (refusal) throw roleError(refusal, command.type);
  }
  const state = program.kernel.transition(before, completed, step);
  return finish(program, { before, command, step, data: sent(program, command), state });
}

const permittedOf = new WeakMap<readonly Candidate[], readonly Candidate[]>();

/** Without those that forbid the event. The kernel gives the same list each time, and so does this. */
function permitted(candidates: readonly Candidate[]): readonly Candidate[] {
  const known = permittedOf.get(candidates) ?? candidates.filter((candidate) => !candidate.forbidden);
  permittedOf.set(candidates, known);
  return known;
}

/** When no candidate is open to the actor he learns that before his data is looked at. */
function soleRoleRefusal(candidates: readonly Candidate[], command: Command, step: StepContext): EngineError | null {
  const refusals = candidates.map((candidate) => refusedRole(candidate, command.actor, { ...step.record, createdBy: step.createdBy }));
  const first = refusals[0];
  return first && refusals.every((refusal) => refusal !== null) ? roleError(first, command.type) : null;
}

function roleError(refusal: { readonly rule: string; readonly needed: readonly string[] }, event: string): EngineError {
  return new EngineError('ROLE_REFUSED', { event, rule: refusal.rule, needed: refusal.needed });
}

/** A timer, a clock's threshold, a signal: what enables nothing is consumed and recorded. */
function internalStep(program: Program, before: RecordState, command: Command, step: StepContext): Decision {
  consumeTimer(step, command);
  const state = program.kernel.transition(before, toEvent(command), step);
  return finish(program, { before, command, step, data: command.data, state });
}

interface Unfinished {
  readonly before: RecordState | null;
  readonly command: Command;
  readonly step: StepContext;
  readonly data: JsonObject;
  readonly state: Configuration;
}

function finish(program: Program, unfinished: Unfinished): Decision {
  const { before, command, step } = unfinished;
  const state = settle(program, unfinished.state, { step, command, event: toEvent(command), fresh: before === null });
  const paths = program.kernel.pathSet(state);
  // Rows that come later, of a record whose import had ended, are an import again.
  const ended = command.internal && command.type === 'imported';
  const importing = !ended && (command.origin === 'import' || before?.importing === true);
  const armed = ended ? armAfterImport(program, step, { paths, now: command.recordedAt }) : null;
  const timers = state.status === 'done' || importing ? [] : (armed?.timers ?? timersOf(program, step, paths));
  step.links = linkedAfter(program, step, command);
  const changes = changesBetween(before?.data ?? {}, step.record);
  const book = step.lookups as ReturnType<typeof noteFacts>;
  return {
    record: {
      id: command.record,
      number: step.number,
      process: program.key,
      version: (before?.version ?? 0) + 1,
      definition: program.hash,
      status: state.status,
      value: state.value,
      historyValue: state.historyValue,
      output: state.output,
      data: step.record,
      armed: state.status === 'done' ? {} : step.armed,
      raised: state.status === 'done' ? {} : step.raised,
      clocks: step.clocks,
      approvals: step.approvals,
      links: step.links,
      createdAt: step.createdAt,
      createdBy: step.createdBy,
      updatedAt: command.at,
      head: before?.head ?? '',
      importing,
    },
    paths: [...paths],
    timers,
    // An import tells nobody: what happened years ago sends no mail today.
    effects: importing ? [] : step.effects,
    children: step.children,
    linkChanges: step.linkChanges,
    read: book.records,
    entry: {
      event: before === null ? 'record.created' : historyName(program, command.type),
      data: armed ? { ...unfinished.data, passed: armed.passed } : unfinished.data,
      from: before?.value ?? null,
      to: state.value,
      changes,
      facts: { ...book.read },
      marks: step.marks,
      taken: step.taken,
      raised: step.raisedWithin,
    },
  };
}

/** Changed fields as `[before, after]`; null stands for absent. */
function changesBetween(before: JsonObject, after: JsonObject): JsonObject {
  if (before === after) return {};
  const gone = Object.keys(before).filter((field) => !Object.hasOwn(after, field));
  const changed = Object.keys(after).filter((field) => !sameJson(before[field], after[field]));
  return Object.fromEntries([...changed, ...gone].sort().map((field) => [field, [before[field] ?? null, after[field] ?? null]]));
}

function beginStep(program: Program, before: RecordState | null, command: Command, world: World): StepContext {
  return {
    at: command.at,
    actor: command.actor,
    number: world.number,
    createdAt: before?.createdAt ?? command.at,
    createdBy: before?.createdBy ?? command.onBehalfOf ?? command.actor.id,
    lookups: noteFacts(world.lookups, program.quoted),
    environment: world.environment,
    record: before?.data ?? {},
    links: { ...before?.links },
    clocks: before?.clocks ?? {},
    approvals: before?.approvals ?? {},
    armed: before?.armed ?? {},
    raised: before?.raised ?? {},
    effects: [],
    children: [],
    linkChanges: [],
    marks: [],
    taken: [],
    trail: command.trail ?? [],
    raisedWithin: [],
    failure: null,
  };
}

/** History keeps what was sent, not what defaults made of it: decided again, the defaults read the same facts again. */
function sent(program: Program, command: Command): JsonObject {
  return normalise(program.form, command.data);
}

function toEvent(command: Command): MachineEvent {
  return { type: command.type, data: command.data };
}
