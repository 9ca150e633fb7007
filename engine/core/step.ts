/** The working state of one step, and what the step looked up. Made by `decide`, thrown away with it. */
import type { Json, JsonObject, LinkSpec } from '../definitions/authored.js';
import type { EngineError } from '../errors.js';
import type { RuleEnvironment, RuleFacts } from '../rules/index.js';
import type { Actor, ApprovalState, ChildCreation, ClockMark, ClockState, Effect, LinkChange } from '../types.js';

/** A user as rules, forms and approvals see one. */
export interface KnownUser {
  readonly id: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  readonly standIn: string | null;
  readonly absent: boolean;
  /** False for people who may no longer sign in: they may be named, but are not asked. */
  readonly active: boolean;
}

/** A record that a reference field names: its data and the version they came from. */
export interface KnownRecord {
  readonly id: string;
  readonly number: string;
  readonly process: string;
  readonly version: number;
  readonly status: 'active' | 'done';
  /** All state paths it is in, outer ones too. */
  readonly states: readonly string[];
  readonly data: JsonObject;
}

/**
 * Facts from outside the record. Each answer is JSON, is kept in the history entry, and comes from there when the step
 * is decided again. Keys: `user:<id>`, `team:<id>`, `role:<name>`
 * (holders), `members:<team>`, `ref:<field>:<value>`, `target:<value>`, `linked:<name>:<id>`,
 * `links:<name>`.
 */
export interface Lookups {
  user(id: string): KnownUser | null;
  team(id: string): boolean;
  holders(role: string): readonly string[];
  members(team: string): readonly string[];
  ref(field: string, value: string): KnownRecord | null;
  /** The record a link names by id or number. */
  target(value: string): LinkTarget | null;
  /** Records this one is linked to under the name; for reverse and shared links those that are seen from here. */
  linkedRecords(name: string, link: LinkSpec | undefined): readonly KnownRecord[];
  /** Whether this record is linked to the other under the name. */
  linked(name: string, to: string): boolean;
  /** Whether whoever sends this may see the record he names. Asked of people's and programs' commands only, never when a step is decided again. */
  readonly mayName?: (value: string) => boolean;
}

/** The other end of a link. */
export interface LinkTarget {
  readonly id: string;
  readonly number: string;
  readonly process: string;
}

/** A transition XState selected, for history and for the drawing of the path taken. */
export interface TakenTransition {
  /** Unique within the chart: source, event and place among that event's candidates. */
  readonly id: string;
  readonly event: string;
  readonly source: string;
  readonly targets: readonly string[];
}

/** Facts that follow the step: made once, brought up to date before each rule. */
export type StepFacts = { -readonly [part in keyof RuleFacts]: RuleFacts[part] };

export interface StepContext {
  readonly at: number;
  readonly actor: Actor;
  readonly number: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly lookups: Lookups;
  /** Tables, lists and calendars. */
  readonly environment: RuleEnvironment;
  /** The record with the engine's own fields, as rules last saw it. */
  seen?: { readonly of: JsonObject; readonly facts: JsonObject; readonly own: JsonObject };
  /** What rules see of the step, made when the first is asked, and the event they see in it. */
  facts?: { readonly view: StepFacts; event: MachineEvent | null };
  /** The record's fields as they stand now in this step; replaced, never mutated. */
  record: JsonObject;
  links: Readonly<Record<string, number>>;
  clocks: Readonly<Record<string, ClockState>>;
  approvals: Record<string, ApprovalState>;
  armed: Record<string, number>;
  raised: Record<string, { event: string; data: JsonObject; dueAt: number }>;
  readonly effects: Effect[];
  readonly children: ChildCreation[];
  readonly linkChanges: LinkChange[];
  readonly marks: ClockMark[];
  readonly taken: TakenTransition[];
  /** Events the engine itself raised within the step (`approval.x.approved`), for the history. */
  readonly raisedWithin: string[];
  /** Signals this step answers to, as `record event`, so that circles end. */
  readonly trail: readonly string[];
  /** A rule or vote that failed inside XState, which hides causes. */
  failure: EngineError | null;
}

/** An event inside the machine. `data` is what rules see as `event`. */
export interface MachineEvent {
  readonly type: string;
  readonly data: JsonObject;
}

/** Deep equality of JSON values. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || a === undefined || b === undefined) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  const left = a as JsonObject;
  const right = b as JsonObject;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]));
}
