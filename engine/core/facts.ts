/** What rules see of a step: `record`, `event`, `actor`, `state`, `links`, `clocks`, `votes`, `refs`, `now`, and nothing else. */
import type { Json, JsonObject, LinkSpec } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { CompiledRule, RuleEnvironment, RuleFacts } from '../rules/index.js';
import type { ApprovalState, ClockState } from '../types.js';
import { tally } from './approvals.js';
import { elapsed } from './clocks.js';
import type { QuotedFields } from './factBook.js';
import type { KnownRecord, MachineEvent, StepContext, StepFacts } from './step.js';

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

/**
 * The facts of a step. Clocks, votes and referenced records are worked out only when a rule reads them. One object serves all
 * rules of a step: what the step replaced meanwhile is put in its place, so they are to be read before the next rule is asked.
 */
export function factsOf(program: Omit<FactProgram, 'guards'>, source: FactSource): RuleFacts {
  const { step, event, paths, visited } = source;
  step.facts ??= { view: viewOf(program, step), event: null };
  const facts = step.facts.view;
  if (step.facts.event !== event) {
    step.facts.event = event;
    facts.event = { ...event.data, type: event.type };
  }
  facts.paths = paths;
  if (visited) facts.visited = visited;
  else if (facts.visited) delete facts.visited;
  facts.record = recordFacts(step);
  return facts;
}

function viewOf(program: Omit<FactProgram, 'guards'>, step: StepContext): StepFacts {
  return {
    record: {},
    event: {},
    actor: step.actor,
    state: '',
    paths: nowhere,
    get now() {
      return new Date(step.at).toISOString();
    },
    get links() {
      return Object.fromEntries([...program.links.keys(), ...Object.keys(step.links)].map((name) => [name, linkFacts(step, name, program.links.get(name))]));
    },
    get clocks() {
      return Object.fromEntries(Object.entries(step.clocks).map(([name, clock]) => [name, clockFacts(clock, step.at, step.environment)]));
    },
    get votes() {
      const names = [...new Set([...program.approvals.keys(), ...Object.keys(step.approvals)])];
      return Object.fromEntries(names.map((name) => [name, voteFacts(step.approvals[name])])) as RuleFacts['votes'];
    },
    get refs() {
      return Object.fromEntries([...program.quoted.refs.keys()].map((field) => [field, refFacts(step, field)])) as NonNullable<RuleFacts['refs']>;
    },
  };
}

const nowhere: ReadonlySet<string> = new Set();

/** The record's fields with the engine's own four. */
function recordFacts(step: StepContext): JsonObject {
  if (step.seen?.of !== step.record) {
    const own = step.seen?.own ?? {
      number: step.number,
      createdAt: new Date(step.createdAt).toISOString(),
      createdBy: step.createdBy,
      updatedAt: new Date(step.at).toISOString(),
    };
    step.seen = { of: step.record, facts: { ...step.record, ...own }, own };
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
