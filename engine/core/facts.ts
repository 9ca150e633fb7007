/** What rules see of a step: `record`, `event`, `actor`, `state`, `links`, `clocks`, `votes`, `refs`, `now`, and nothing else. */
import type { Json, JsonObject } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { CompiledRule, RuleEnvironment, RuleFacts } from '../rules/index.js';
import type { ApprovalState, ClockState } from '../types.js';
import { tally } from './approvals.js';
import { elapsed } from './clocks.js';
import type { MachineEvent, StepContext } from './step.js';

/** What facts are taken from. */
export interface FactSource {
  readonly step: StepContext;
  readonly event: MachineEvent;
  readonly paths: ReadonlySet<string>;
  /** States the record has been in; for invariants. */
  readonly visited?: ReadonlySet<string>;
}

interface FactProgram {
  readonly guards: ReadonlyMap<string, CompiledRule>;
  readonly refs: ReadonlySet<string>;
}

/** Whether a named guard holds. */
export function guardHolds(program: FactProgram, name: string, source: FactSource): boolean {
  const rule = program.guards.get(name);
  if (!rule) throw new EngineError('RULE_FAILED', { rule: name, reason: 'the guard is not defined' });
  return rule.holds(factsOf(program, source), source.step.environment);
}

/** The facts of a step. Clocks, votes and referenced records are worked out only when a rule reads them. */
export function factsOf(program: Pick<FactProgram, 'refs'>, source: FactSource): RuleFacts {
  const { step, event } = source;
  return {
    record: recordFacts(step),
    event: { ...event.data, type: event.type },
    actor: step.actor,
    state: '',
    paths: source.paths,
    ...(source.visited ? { visited: source.visited } : {}),
    now: new Date(step.at).toISOString(),
    get links() {
      return Object.fromEntries(Object.entries(step.links).map(([name, count]) => [name, { count }]));
    },
    get clocks() {
      return Object.fromEntries(Object.entries(step.clocks).map(([name, clock]) => [name, clockFacts(clock, step.at, step.environment)]));
    },
    get votes() {
      return Object.fromEntries(Object.entries(step.approvals).map(([name, approval]) => [name, voteFacts(approval)]));
    },
    get refs() {
      return Object.fromEntries([...program.refs].map((field) => [field, refFacts(step, field)]));
    },
  } as RuleFacts;
}

/** The record's fields with the engine's own four. */
function recordFacts(step: StepContext): JsonObject {
  if (step.seen?.of !== step.record) {
    const own = { number: step.number, createdAt: new Date(step.createdAt).toISOString(), createdBy: step.createdBy, updatedAt: new Date(step.at).toISOString() };
    step.seen = { of: step.record, facts: { ...step.record, ...own } };
  }
  return step.seen.facts;
}

/** A clock as rules see it; durations in milliseconds. */
export function clockFacts(clock: ClockState, at: number, environment: RuleEnvironment) {
  const spent = elapsed(clock, at, environment);
  return { status: clock.status, elapsed: spent, remaining: clock.target === null ? null : clock.target - spent, dueAt: clock.dueAt === null ? null : new Date(clock.dueAt).toISOString(), breached: clock.breachedAt !== null };
}

function voteFacts(approval: ApprovalState) {
  return { status: approval.status, step: approval.step, attempt: approval.attempt, ...tally(approval) };
}

function refFacts(step: StepContext, field: string): Json {
  const value = step.record[field];
  if (typeof value !== 'string') return {};
  return step.lookups.ref(field, value)?.data ?? {};
}
