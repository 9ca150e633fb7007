/** What a step comes to, and the world it is decided in. */
import type { JsonObject } from '../definitions/authored.js';
import type { RuleEnvironment } from '../rules/index.js';
import type { ChildCreation, ClockMark, Effect, LinkChange, RecordState, StateValue, Timer } from '../types.js';
import type { Lookups, TakenTransition } from './step.js';

/** What a step comes to. The head hash of `record` is set when the entry is sealed. */
export interface Decision {
  readonly record: RecordState;
  readonly paths: readonly string[];
  readonly timers: readonly Timer[];
  readonly effects: readonly Effect[];
  readonly children: readonly ChildCreation[];
  readonly linkChanges: readonly LinkChange[];
  readonly entry: EntryDraft;
  /** Records whose data was read, with the version they had. */
  readonly read: readonly { readonly record: string; readonly version: number }[];
}

/** A history entry before it is sealed. */
export interface EntryDraft {
  readonly event: string;
  readonly data: JsonObject;
  readonly from: StateValue | null;
  readonly to: StateValue;
  readonly changes: JsonObject;
  readonly facts: JsonObject;
  readonly marks: readonly ClockMark[];
  readonly taken: readonly TakenTransition[];
  readonly raised: readonly string[];
}

/** The world a step is decided in. */
export interface World {
  readonly environment: RuleEnvironment;
  readonly lookups: Lookups;
  /** The record's number; for `create` the one it will have. */
  readonly number: string;
}
