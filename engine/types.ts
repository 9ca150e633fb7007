/** The words the engine uses for what it keeps and what it is told. All instants are milliseconds since the epoch, UTC, unless a name ends in `Iso`. */
import type { Json, JsonObject } from './definitions/authored.js';

export type { Json, JsonObject };

/** Who acts. `id` is a user's name, or `system`, `timer`, `import:<name>`. */
export interface Actor {
  readonly id: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
}

export type Origin = 'person' | 'api' | 'import' | 'timer' | 'signal' | 'record' | 'schedule' | 'system';

/** XState's state value: a leaf's key or one entry a region. */
export type StateValue = string | { readonly [key: string]: StateValue | undefined };

/** What a person, a program or the engine asks for. Nothing else enters a step. */
export interface Command {
  /** `create` makes a record; `event` is any other step. */
  readonly kind: 'create' | 'event';
  /** Process key; for `create` only. */
  readonly process?: string;
  /** The record's id; made by the shell for `create`. */
  readonly record: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly actor: Actor;
  readonly onBehalfOf?: string;
  readonly origin: Origin;
  /** True for what only the engine may send: names with a dot, timers, clocks, signals, comments, links. */
  readonly internal: boolean;
  /** Signals that led here, as `record event`; a signal that comes back ends. */
  readonly trail?: readonly string[];
  /** Key of the timer that fired, when one did. */
  readonly timer?: string;
  /** The version the caller saw; absent: whatever is current. */
  readonly expectedVersion?: number;
  readonly idempotencyKey?: string;
  /** The instant the step counts as taken (an import's original instant, a timer's instant). */
  readonly at: number;
  /** The real instant. */
  readonly recordedAt: number;
}

/** A mark on an SLA clock: what one step decided. Elapsed time is the fold of the marks on the calendar. */
export interface ClockMark {
  readonly clock: string;
  readonly kind: 'run' | 'pause' | 'stop' | 'reset' | 'retarget';
  readonly at: number;
  readonly reason?: string;
  /** The target and calendar in force from here on. */
  readonly target?: number;
  readonly calendar?: string | null;
}

/** The cached fold of a clock's marks; `verify` recomputes it. Durations in milliseconds (business time where a calendar is named). */
export interface ClockState {
  readonly status: 'idle' | 'running' | 'paused' | 'stopped';
  readonly cycle: number;
  /** Counted up to `since`. */
  readonly counted: number;
  /** The instant of the last mark. */
  readonly since: number;
  readonly target: number | null;
  readonly calendar: string | null;
  /** While running: the instant at which the target is used up; otherwise null. */
  readonly dueAt: number | null;
  readonly reason?: string | null;
  /** Thresholds of this cycle that have arrived: fractions, 1 is the breach. */
  readonly arrived: readonly number[];
  readonly breachedAt: number | null;
}

export interface Vote {
  readonly voter: string;
  readonly by: string;
  readonly choice: 'approve' | 'refuse';
  readonly at: number;
  readonly step: string;
}

/** One attempt at an approval: voters and content hash fixed when it began. */
export interface ApprovalState {
  readonly attempt: number;
  readonly status: 'open' | 'approved' | 'refused' | 'lapsed' | 'cancelled';
  readonly step: string | null;
  readonly steps: readonly {
    readonly name: string;
    readonly voters: readonly string[];
    readonly status: 'waiting' | 'open' | 'approved' | 'refused' | 'skipped';
  }[];
  readonly contentHash: string;
  readonly votes: readonly Vote[];
  readonly beganAt: number;
}

/** A delayed event of the record: an `after`, a delayed `raise`, a clock's threshold. */
export interface Timer {
  /** Unique within the record: XState's event id for an `after`, the raise's id, `clock.<name>.<fraction>`. */
  readonly key: string;
  readonly kind: 'after' | 'raise' | 'clock';
  readonly event: string;
  readonly data?: JsonObject;
  readonly dueAt: number;
}

/** Everything the next step needs to know of a record. Stored as it is (columns beside it serve lists). */
export interface RecordState {
  readonly id: string;
  readonly number: string;
  readonly process: string;
  /** Steps taken; equals the sequence of the newest history entry. */
  readonly version: number;
  /** SHA-256 of the definition version, 64 hex digits. */
  readonly definition: string;
  readonly status: 'active' | 'done';
  readonly value: StateValue;
  /** XState's persisted history value (`{stateId: [{id}]}`), or null. */
  readonly historyValue: Json | null;
  readonly output: Json | null;
  readonly data: JsonObject;
  /** Instant at which each armed `after` began, by XState's event id. */
  readonly armed: { readonly [afterId: string]: number };
  readonly raised: { readonly [id: string]: { readonly event: string; readonly data: JsonObject; readonly dueAt: number } };
  readonly clocks: { readonly [name: string]: ClockState };
  readonly approvals: { readonly [name: string]: ApprovalState };
  /** Number of links by name and direction-independent link name. */
  readonly links: { readonly [name: string]: number };
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  /** Hash of the newest history entry. */
  readonly head: string;
  /** Under import: timers and thresholds are held until the step `imported`. */
  readonly importing: boolean;
}

/** Something to be done outside, decided as data. */
export type Effect =
  | { readonly type: 'notify'; readonly to: readonly string[]; readonly message: string; readonly params: JsonObject }
  | { readonly type: 'webhook'; readonly target: string; readonly body: Json }
  /** Figures (`<process>.<kpi>`) over the records opened in a period (instants or days), sent back to the record as `record.measured`. */
  | { readonly type: 'measure'; readonly kpis: readonly string[]; readonly from: string | null; readonly to: string | null; readonly trail: readonly string[] }
  | {
      readonly type: 'signal';
      readonly event: string;
      readonly link?: string;
      /** For a link that is seen from the other end: what it is called there, and in which processes (none: any). */
      readonly reverse?: { readonly name: string; readonly processes: readonly string[] };
      readonly record?: string;
      readonly data: JsonObject;
      readonly trail: readonly string[];
    };

/** A record made by a step of another, in the same transaction. */
export interface ChildCreation {
  readonly process: string;
  readonly data: JsonObject;
  readonly link?: string;
}

export interface LinkChange {
  readonly name: string;
  readonly to: string;
  readonly remove?: boolean;
}

/** One entry of a record's history, as read back. */
export interface HistoryEntry {
  readonly record: string;
  readonly sequence: number;
  readonly at: number;
  readonly recordedAt: number;
  readonly actor: string;
  readonly onBehalfOf: string | null;
  readonly origin: Origin;
  readonly event: string;
  readonly data: JsonObject;
  readonly from: StateValue | null;
  readonly to: StateValue;
  /** Changed fields: `[before, after]`; null stands for absent. */
  readonly changes: { readonly [field: string]: readonly [Json, Json] };
  readonly marks: readonly ClockMark[];
  readonly effects: readonly Json[];
  readonly definition: string;
  readonly reference: string;
  readonly hash: string;
  readonly previousHash: string;
  /** Fields, data or facts of this entry that an `erase` step removed. */
  readonly erased: readonly string[];
}

/** Part of a rule with the value it had, for explanations. */
export interface ExplainedPart {
  readonly path: string;
  readonly value: Json;
  readonly expected: string;
  readonly holds: boolean;
}

/** Why a rule gave what it gave. */
export interface Explanation {
  readonly rule: string;
  readonly holds: boolean;
  readonly sentence: string;
  readonly parts: readonly ExplainedPart[];
}

/** Which records a reader may see: `all`, or by process either all or only those on which one of `principals` is named. */
export interface ReadScope {
  readonly all: readonly string[] | '*';
  readonly named: readonly string[];
  readonly principals: readonly string[];
}
