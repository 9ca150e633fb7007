/** After the chart has moved: computed fields, approvals whose content changed, checks, clocks. */
import { EngineError } from '../errors.js';
import type { Command } from '../types.js';
import { contentHash } from './approvals.js';
import { applyMark, type ClockWish, marksFor } from './clocks.js';
import { type FactSource, factsOf } from './facts.js';
import type { Configuration } from './kernel.js';
import type { CompiledClock, CompiledCondition, Program } from './program.js';
import { explainTo } from './refusals.js';
import type { MachineEvent, StepContext } from './step.js';
import { computeValues } from './values.js';

/** Rounds in which a lapsed approval may change what another one binds. */
const MAX_ROUNDS = 10;

export interface Settling {
  readonly step: StepContext;
  readonly command: Command;
  readonly event: MachineEvent;
  /** The record is being created. */
  readonly fresh: boolean;
}

/** @returns the configuration after everything has come to rest. @throws CHECK_REFUSED, RULE_FAILED */
export function settle(program: Program, start: Configuration, settling: Settling): Configuration {
  const { step, command } = settling;
  const dataBefore = step.record;
  let state = start;
  for (let round = 0; ; round += 1) {
    computeValues(program, sourceOf(program, state, settling));
    const lapsed = lapsedApprovals(program, step);
    if (lapsed.length === 0) break;
    if (round >= MAX_ROUNDS) throw new EngineError('RULE_FAILED', { rule: `approvals.${lapsed[0]}`, reason: 'its content changes whenever it lapses' });
    for (const name of lapsed) state = lapse(program, state, { step, name });
  }
  if (!command.internal || settling.fresh || step.record !== dataBefore) runChecks(program, sourceOf(program, state, settling));
  moveClocks(program, state, settling);
  return state;
}

function sourceOf(program: Program, state: Configuration, { step, event }: Settling): FactSource {
  return { step, event, paths: program.kernel.pathSet(state) };
}

function lapsedApprovals(program: Program, step: StepContext): readonly string[] {
  const binding = Object.entries(step.approvals).filter(([name, approval]) => {
    const spec = program.approvals.get(name)?.spec;
    return spec && (approval.status === 'open' || approval.status === 'approved') && approval.contentHash !== contentHash(spec, step.record);
  });
  return binding.map(([name]) => name);
}

/** The votes were given for something else: the attempt ends and the chart hears of it in this very step. */
function lapse(program: Program, state: Configuration, { step, name }: { step: StepContext; name: string }): Configuration {
  const approval = step.approvals[name];
  if (!approval) return state;
  step.approvals = { ...step.approvals, [name]: { ...approval, status: 'lapsed', step: null } };
  const event = `approval.${name}.lapsed`;
  step.raisedWithin.push(event);
  return state.status === 'done' ? state : program.kernel.transition(state, { type: event, data: { approval: name } }, step);
}

function runChecks(program: Program, source: FactSource): void {
  const failed = program.checks.filter((check) => !check.rule.holds(factsOf(program, source), source.step.environment));
  if (failed.length === 0) return;
  throw new EngineError('CHECK_REFUSED', {
    fields: failed.map((check) => ({ field: check.spec.field ?? '', message: check.spec.message })),
    reasons: failed.map((check) => ({
      ...explainTo(program, check.rule, source),
      rule: check.name,
      sentence: check.spec.message,
    })),
  });
}

function moveClocks(program: Program, state: Configuration, settling: Settling): void {
  const { step } = settling;
  if (program.clocks.length === 0) return;
  const source = sourceOf(program, state, settling);
  const clocks = { ...step.clocks };
  for (const clock of program.clocks) {
    const wish = wishFor(program, clock, { source, settling, done: state.status === 'done' });
    const marks = marksFor(clock.name, clock.spec, { before: clocks[clock.name], wish, at: step.at, retime: settling.command.type === 'record.retimed' });
    for (const mark of marks) clocks[clock.name] = applyMark(clocks[clock.name], mark, step.environment);
    step.marks.push(...marks);
  }
  step.clocks = clocks;
}

function wishFor(program: Program, clock: CompiledClock, around: { source: FactSource; settling: Settling; done: boolean }): ClockWish {
  const { source, settling, done } = around;
  const { step } = source;
  const holds = (condition: CompiledCondition | null) => condition !== null && holdsIn(program, condition, source);
  const started = step.clocks[clock.name] !== undefined && step.clocks[clock.name]?.status !== 'idle';
  const status =
    holds(clock.stops) || (done && started)
      ? started
        ? 'stopped'
        : 'idle'
      : holds(clock.pauses)
        ? 'paused'
        : holds(clock.runs)
          ? 'running'
          : started
            ? heldStatus(step, clock.name)
            : 'idle';
  const amount = clock.target.amount(factsOf(program, source), step.environment);
  const restart = clock.spec.restartOn?.includes(settling.command.type) ?? false;
  const reason = status === 'paused' && clock.pauseReason ? textOf(clock.pauseReason.evaluate(factsOf(program, source), step.environment)) : null;
  return { status, reason, target: amount?.ms ?? null, calendar: amount?.calendar ?? null, restart };
}

/** Where nothing is said a stopped clock stays stopped and any other waits. */
function heldStatus(step: StepContext, name: string): 'stopped' | 'paused' {
  return step.clocks[name]?.status === 'stopped' ? 'stopped' : 'paused';
}

function holdsIn(program: Program, condition: CompiledCondition, source: FactSource): boolean {
  if (!condition.in.some((path) => source.paths.has(path))) return false;
  return condition.when === null || condition.when.holds(factsOf(program, source), source.step.environment);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
