/** What the engine's verbs take and give, as pages, the API and the command line see it. */
import type { FieldSchema, FormFile, Json, JsonObject, ProcessFile, ProcessFiles } from './definitions/authored.js';
import type { ActivationRow, DefinitionRow, RecordColumns } from './store/types.js';
import type { Actor, ApprovalState, ClockState, ExplainedPart, HistoryEntry, Origin, StateValue } from './types.js';

/** A problem the checker found, with the place and the remedy. `pointer` is an RFC 6901 JSON pointer; line and column count from 1. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Relative to what was checked, e.g. `ticket/statechart.json`. */
  readonly file: string;
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface CheckedProcess {
  readonly key: string;
  readonly states: number;
  readonly transitions: number;
  readonly coveredTransitions: number;
  readonly exploredStates: number;
  /** Different situations that were reached: state, data that matters, clocks, votes, other records. */
  readonly exploredSituations: number;
  /** Whether nothing was left to be tried. */
  readonly exploredFully: boolean;
}

export interface CheckReport {
  readonly problems: readonly Problem[];
  readonly processes: readonly CheckedProcess[];
}

/** Source texts by path relative to what is checked: `ticket/statechart.json`; shared rules as `policy/…` and `reference/…` under `rules`. */
export interface Sources {
  readonly processes: { readonly [path: string]: string };
  readonly rules: { readonly [path: string]: string };
}

/** A record as people and programs read it; fields the reader may not see are left out and named in `withheld`. */
export interface RecordView {
  readonly id: string;
  readonly number: string;
  readonly process: string;
  readonly state: StateValue;
  readonly paths: readonly string[];
  readonly status: 'active' | 'done';
  readonly version: number;
  readonly definitionVersion: string;
  readonly data: JsonObject;
  readonly withheld: readonly string[];
  readonly clocks: { readonly [name: string]: ClockView };
  readonly approvals: { readonly [name: string]: ApprovalState };
  readonly columns: RecordColumns;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly output: Json | null;
}

/** A clock at the instant of reading. Durations in milliseconds. */
export interface ClockView {
  readonly title: string;
  readonly status: ClockState['status'];
  readonly elapsed: number;
  readonly remaining: number | null;
  readonly target: number | null;
  readonly dueAt: number | null;
  readonly calendar: string | null;
  readonly breached: boolean;
  readonly reason: string | null;
  readonly cycle: number;
}

/** One field a person is asked for. */
export interface AskedField {
  readonly field: string;
  readonly required: boolean;
  readonly schema: FieldSchema;
  /** The present value, or the declared default. */
  readonly value: Json | null;
  readonly choices: readonly { readonly value: Json; readonly title: string; readonly description?: string }[] | null;
}

export interface Refusal {
  /** The guard, check or `role`, `named`, `state`, `votes`. */
  readonly rule: string;
  readonly sentence: string;
  readonly parts: readonly ExplainedPart[];
}

/** An event the record's present state declares: available, or why not. */
export interface TransitionView {
  readonly type: string;
  readonly title: string;
  readonly description: string | null;
  readonly help: string | null;
  readonly emphasis: 'primary' | 'danger' | null;
  readonly available: boolean;
  /** Fields of the form that a guard reads: the answer depends on what is filled in. */
  readonly dependsOn: readonly string[];
  readonly reasons: readonly Refusal[];
  /** Roles that could. */
  readonly whoCould: readonly string[];
  readonly form: readonly AskedField[];
  /** Where it leads, as far as that is certain: titles of the target states. */
  readonly targets: readonly string[];
}

export interface CreateRequest {
  readonly process: string;
  readonly data: JsonObject;
  readonly actor: Actor;
  readonly origin?: Origin;
  readonly at?: number;
  readonly onBehalfOf?: string;
  /** Actor-scoped idempotency; see CONTRACT.md. */
  readonly idempotency?: { readonly scope: string; readonly bodyHash: string };
}

export interface SendRequest extends Omit<CreateRequest, 'process'> {
  /** Id or number. */
  readonly record: string;
  readonly type: string;
  readonly version?: number;
}

/** What a step came to. `replayed`: an earlier answer under the same idempotency key. */
export interface StepResult {
  readonly record: RecordView;
  readonly entry: { readonly sequence: number; readonly hash: string; readonly at: number; readonly event: string };
  readonly created: readonly { readonly id: string; readonly number: string; readonly process: string }[];
  readonly replayed: boolean;
}

export interface ProcessSummary {
  readonly key: string;
  readonly title: string;
  readonly plural: string;
  readonly description: string;
  readonly group: string;
  readonly owner: string | null;
  readonly prefix: string;
  readonly clauses: { readonly '2018': readonly string[]; readonly '2011': readonly string[] };
  readonly version: string;
  readonly activatedAt: number;
  readonly mayCreate: boolean;
  readonly mayRead: boolean;
  /** Whether every record may be read, and so what they come to together. */
  readonly readsAll: boolean;
}

/** A definition with all that pages draw from it. */
export interface DefinitionView {
  readonly summary: ProcessSummary;
  readonly hash: string;
  readonly files: ProcessFiles;
  /** Policy files it uses, by name. */
  readonly policy: JsonObject;
  readonly form: FormFile;
  readonly process: ProcessFile;
  /** All states in document order. */
  readonly states: readonly {
    readonly path: string;
    readonly title: string;
    readonly type: string;
    readonly depth: number;
    readonly description: string | null;
  }[];
  /** All events people may send, with title. */
  readonly events: readonly { readonly type: string; readonly title: string }[];
}

export interface VersionView extends Omit<DefinitionRow, 'text'> {
  readonly current: boolean;
  readonly activations: readonly ActivationRow[];
  /** Active records on this version. */
  readonly records: number | null;
}

export interface Difference {
  readonly file: string;
  readonly pointer: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: Json | null;
  readonly after: Json | null;
  readonly sentence: string;
}

export interface ScenarioResult {
  readonly name: string;
  readonly passed: boolean;
  /** The first step (from 0) at which it differed, and how. */
  readonly failedStep: number | null;
  readonly message: string | null;
  /** States passed through, by step. */
  readonly walk: readonly { readonly step: string; readonly state: StateValue; readonly at: number }[];
}

export interface VerifyProblem {
  /** `chain`, `hash`, `gap`, `order`, `missing`, `state`, `clock`, `values`, `comment`, `attachment`, `definition`, `checkpoint`, `replay`. */
  readonly kind: string;
  readonly record: string | null;
  readonly sequence: number | null;
  readonly message: string;
}

export interface VerifyReport {
  readonly entries: number;
  readonly records: number;
  readonly checkpoints: number;
  readonly erased: number;
  readonly warnings: readonly VerifyProblem[];
  readonly problems: readonly VerifyProblem[];
}

export interface PointInTime {
  readonly record: RecordView;
  readonly at: number;
  readonly sequence: number;
  readonly definition: DefinitionView;
}

/** A history entry with what the reader may not see left out. */
export type HistoryView = HistoryEntry & { readonly title: string; readonly actorName: string };

export interface LinkedRecord {
  readonly name: string;
  readonly title: string;
  readonly direction: 'out' | 'in';
  readonly record: {
    readonly id: string;
    readonly number: string;
    readonly process: string;
    readonly title: string;
    readonly paths: readonly string[];
    readonly status: string;
  };
}
