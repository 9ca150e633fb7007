/** What rules read, what they give, and what the checker says of them. */
import type { FieldSchema, Json, JsonObject, ListFile, Rule, TableFile } from '../definitions/authored.js';
import type { Actor, Explanation, StateValue } from '../types.js';
import type { Calendar } from './calendar.js';

/** Everything a rule may read. Instants are ISO text, durations milliseconds. Never altered by a rule. */
export interface RuleFacts {
  readonly record: JsonObject;
  readonly event: JsonObject;
  readonly actor: Actor;
  readonly state: StateValue;
  /** Active state paths, for `in_state`; worked out from `state` when absent. */
  readonly paths?: ReadonlySet<string>;
  readonly links: { readonly [name: string]: { readonly count: number; readonly records?: readonly JsonObject[] } };
  /** Data of the records that reference fields name. */
  readonly refs?: { readonly [field: string]: JsonObject };
  readonly clocks: { readonly [name: string]: ClockFacts };
  readonly votes: { readonly [approval: string]: VoteFacts };
  readonly now: string;
  /** State paths entered since creation, for the operator `visited` of invariants. */
  readonly visited?: ReadonlySet<string>;
}

export interface ClockFacts {
  readonly status: string;
  readonly elapsed: number;
  readonly remaining: number | null;
  readonly dueAt: string | null;
  readonly breached: boolean;
}

export interface VoteFacts {
  readonly status: string;
  readonly approved: number;
  readonly refused: number;
  readonly outstanding: number;
  readonly step: string | null;
  readonly attempt?: number;
}

/** The shared rules in force: decision tables, lists and calendars, by name. */
export interface RuleEnvironment {
  readonly tables: ReadonlyMap<string, TableFile>;
  readonly lists: ReadonlyMap<string, ListFile>;
  readonly calendars: ReadonlyMap<string, Calendar>;
}

/** Field paths (`record.impact`) to the words people know them by; `record.impact=high` names a value. */
export type Titles = ReadonlyMap<string, string>;

export interface CompiledRule {
  readonly name: string;
  readonly rule: Rule;
  /** Literal `var` paths of the outermost scope, each once. */
  readonly reads: readonly string[];
  /** The rule's value, a copy of its own. @throws EngineError RULE_FAILED `{rule, reason}` whenever there is no proper value. */
  evaluate(facts: RuleFacts, environment: RuleEnvironment): Json;
  /** Whether the value counts as true: not false, null, 0, empty text or an empty list. @throws EngineError RULE_FAILED. */
  holds(facts: RuleFacts, environment: RuleEnvironment): boolean;
  /** Why the rule holds or not, every part with the value it had. @throws EngineError RULE_FAILED. */
  explain(facts: RuleFacts, environment: RuleEnvironment, titles?: Titles): Explanation;
}

export type Severity = 'error' | 'warning';

/** One thing wrong with a rule. `pointer` is a JSON pointer within the rule; empty for the rule itself. */
export interface RuleProblem {
  readonly code: string;
  readonly severity: Severity;
  readonly pointer: string;
  readonly message: string;
  readonly remedy: string;
}

/** A set or a map: what is needed of the names that exist. */
export interface Names {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** What exists where a rule stands. */
export interface CheckOptions {
  /** The record's fields by name. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** Fields of the event; `any` where the event is not known. Absent: the event carries nothing. */
  readonly eventFields?: ReadonlyMap<string, FieldSchema> | 'any';
  readonly clocks: Names;
  readonly approvals: Names;
  readonly links: Names;
  readonly states: Names;
  readonly tables: ReadonlyMap<string, TableFile>;
  readonly lists: ReadonlyMap<string, ListFile>;
  readonly calendars: Names;
  readonly roles: Names;
  /** True for invariants only. */
  readonly allowVisited?: boolean;
  /** True for action params only. */
  readonly allowLiteral?: boolean;
  readonly expects: 'boolean' | 'any' | 'duration' | 'instant';
  /** Fields of the records that reference fields name, by reference field: what `refs.<field>.<theirs>` reads. */
  readonly refs?: ReadonlyMap<string, ReadonlyMap<string, FieldSchema> | 'any'>;
  /** Paths that always have a value (`record.title`, `event.reason`; a bare name is a field of the record). */
  readonly alwaysPresent?: ReadonlySet<string>;
}
