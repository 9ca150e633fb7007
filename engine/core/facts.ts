/** What rules see of a step: `record`, `event`, `actor`, `state`, `links`, `clocks`, `votes`, `refs`, `now`, and nothing else. */
import type { Json, JsonObject, LinkSpec } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { CompiledRule, RuleEnvironment, RuleFacts } from '../rules/index.js';
import type { ApprovalState, ClockState } from '../types.js';
import { tally } from './approvals.js';
import { elapsed } from './clocks.js';
import type { QuotedFields } from './factBook.js';
import type { KnownRecord, MachineEvent, StepContext } from './step.js';

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
  readonly quoted: QuotedFields;
  readonly approvals: { keys(): Iterable<string> };
  readonly links: ReadonlyMap<string, LinkSpec>;
}

/** Whether a named guard holds. */
export function guardHolds(program: FactProgram, name: string, source: FactSource): boolean {
  const rule = program.guards.get(name);
  if (!rule) throw new EngineError('RULE_FAILED', { rule: name, reason: 'the guard is not defined' });
  return rule.holds(factsOf(program, source), source.step.environment);
}

/** The facts of a step. Clocks, votes and referenced records are worked out only when a rule reads them. */
export function factsOf(program: Omit<FactProgram, 'guards'>, source: FactSource): RuleFacts {
  const { step } = source;
  const known = step.facts;
  if (known && isCurrent(known, source)) return known.facts;
  const facts = makeFacts(program, source);
  step.facts = {
    facts,
    event: source.event,
    paths: source.paths,
    visited: source.visited,
    record: step.record,
    clocks: step.clocks,
    approvals: step.approvals,
    links: step.links,
  };
  return facts;
}

/** Facts made for one rule serve the next as long as nothing they stand for was replaced. */
function isCurrent(known: NonNullable<StepContext['facts']>, { step, event, paths, visited }: FactSource): boolean {
  return (
    known.event === event &&
    known.paths === paths &&
    known.visited === visited &&
    known.record === step.record &&
    known.clocks === step.clocks &&
    known.approvals === step.approvals &&
    known.links === step.links
  );
}

function makeFacts(program: Omit<FactProgram, 'guards'>, source: FactSource): RuleFacts {
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
      return Object.fromEntries([...program.links.keys(), ...Object.keys(step.links)].map((name) => [name, linkFacts(step, name, program.links.get(name))]));
    },
    get clocks() {
      return Object.fromEntries(Object.entries(step.clocks).map(([name, clock]) => [name, clockFacts(clock, step.at, step.environment)]));
    },
    get votes() {
      return Object.fromEntries(
        [...new Set([...program.approvals.keys(), ...Object.keys(step.approvals)])].map((name) => [name, voteFacts(step.approvals[name])]),
      );
    },
    get refs() {
      return Object.fromEntries([...program.quoted.refs.keys()].map((field) => [field, refFacts(step, field)]));
    },
  } as RuleFacts;
}

/** The record's fields with the engine's own four. */
function recordFacts(step: StepContext): JsonObject {
  if (step.seen?.of !== step.record) {
    const own = {
      number: step.number,
      createdAt: new Date(step.createdAt).toISOString(),
      createdBy: step.createdBy,
      updatedAt: new Date(step.at).toISOString(),
    };
    step.seen = { of: step.record, facts: { ...step.record, ...own } };
  }
  return step.seen.facts;
}

/** A clock as rules see it; durations in milliseconds. */
export function clockFacts(clock: ClockState, at: number, environment: RuleEnvironment) {
  const spent = elapsed(clock, at, environment);
  return {
    status: clock.status,
    elapsed: spent,
    remaining: clock.target === null ? null : clock.target - spent,
    dueAt: clock.dueAt === null ? null : new Date(clock.dueAt).toISOString(),
    breached: clock.breachedAt !== null,
  };
}

/** How many records are linked under a name, and, only when a rule looks, what they hold. What is seen from the other end is counted by looking. */
function linkFacts(step: StepContext, name: string, link: LinkSpec | undefined) {
  const seen = () => step.lookups.linkedRecords(name, link);
  return {
    get count() {
      return isOwnLink(link) ? (step.links[name] ?? 0) : seen().length;
    },
    get records() {
      return seen().map(otherFacts);
    },
  };
}

/** Whether records are linked here, rather than seen from the other end. */
export function isOwnLink(link: LinkSpec | undefined): boolean {
  return link?.reverse === undefined && link?.shared === undefined;
}

/** Another record: its fields, and what the engine knows of it. */
function otherFacts({ data, number, process, status, states = [] }: KnownRecord): JsonObject {
  return { ...data, number, process, status, states };
}

/** An approval that never began has no status and no votes. */
function voteFacts(approval: ApprovalState | undefined) {
  if (!approval) return { status: null, step: null, attempt: 0, approved: 0, refused: 0, outstanding: 0 };
  return { status: approval.status, step: approval.step, attempt: approval.attempt, ...tally(approval) };
}

function refFacts(step: StepContext, field: string): Json {
  const value = step.record[field];
  if (typeof value !== 'string') return {};
  const found = step.lookups.ref(field, value);
  return found ? otherFacts(found) : {};
}
