/** The engine's verbs, as everything outside `engine/` sees them. `createEngine` gives one of these. */
import type { FieldSchema, FormFile, Json, JsonObject, ProcessFile, ProcessFiles, Scenario } from './definitions/authored.js';
import type { EngineError, FieldProblem } from './errors.js';
import type { ActivationRow, AttachmentRow, CommentRow, DefinitionRow, DraftRow, Page, QueuedEffect, DueTimer, RecordColumns, RecordQuery, TeamRow, UserRow } from './store/types.js';
import type { Actor, ApprovalState, ClockState, ExplainedPart, HistoryEntry, Origin, RecordState, StateValue, Timer } from './types.js';

/** A problem the checker found, with the place and the remedy. `pointer` is an RFC 6901 JSON pointer; line and column count from 1. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Relative to what was checked, e.g. `incident/statechart.json`. */
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
}

export interface CheckReport {
  readonly problems: readonly Problem[];
  readonly processes: readonly CheckedProcess[];
}

/** Source texts by path relative to what is checked: `incident/statechart.json`; shared rules as `policy/…` and `reference/…` under `rules`. */
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
  readonly states: readonly { readonly path: string; readonly title: string; readonly type: string; readonly depth: number; readonly description: string | null }[];
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
  /** `chain`, `hash`, `gap`, `order`, `missing`, `state`, `clock`, `values`, `checkpoint`, `replay`. */
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
  readonly record: { readonly id: string; readonly number: string; readonly process: string; readonly title: string; readonly paths: readonly string[]; readonly status: string };
}

export interface Engine {
  // -- records: everything that changes one is `create` or `send` ------------------------------------------------------
  create(request: CreateRequest): Promise<StepResult>;
  send(request: SendRequest): Promise<StepResult>;
  comment(request: { record: string; actor: Actor; text: string; internal?: boolean; at?: number; origin?: Origin; idempotency?: CreateRequest['idempotency'] }): Promise<StepResult>;
  attach(request: { record: string; actor: Actor; name: string; type: string; content: Uint8Array; idempotency?: CreateRequest['idempotency'] }): Promise<StepResult>;
  link(request: { record: string; actor: Actor; name: string; to: string; remove?: boolean; idempotency?: CreateRequest['idempotency'] }): Promise<StepResult>;
  erase(request: { record: string; actor: Actor; fields: readonly string[]; reason: string }): Promise<StepResult>;
  /** Ends the import of a record: arms what is still ahead, lists what has passed. */
  finishImport(request: { record: string; actor: Actor; at: number }): Promise<StepResult>;
  migrate(request: { record: string; actor: Actor; to?: string; dryRun?: boolean }): Promise<StepResult>;

  record(idOrNumber: string, actor: Actor): Promise<RecordView>;
  transitions(idOrNumber: string, actor: Actor): Promise<readonly TransitionView[]>;
  /** The fields asked at creation, or why the actor may not create. */
  creation(process: string, actor: Actor): Promise<TransitionView>;
  list(query: Omit<RecordQuery, 'scope'>, actor: Actor): Promise<Page<RecordView>>;
  count(query: Omit<RecordQuery, 'scope' | 'limit' | 'cursor'>, actor: Actor, atMost: number): Promise<number>;
  history(idOrNumber: string, actor: Actor, page: { limit: number; cursor?: string; direction?: 'asc' | 'desc' }): Promise<Page<HistoryView>>;
  /** History across records: for those who may read all of the processes asked for. */
  entries(query: { process?: string; actorId?: string; event?: string; origin?: Origin; from?: number; to?: number; record?: string; limit: number; cursor?: string; direction?: 'asc' | 'desc' }, actor: Actor): Promise<Page<HistoryView>>;
  /** The record as it was right after the last step at or before the instant. */
  at(idOrNumber: string, instant: number, actor: Actor): Promise<PointInTime>;
  comments(idOrNumber: string, actor: Actor): Promise<readonly CommentRow[]>;
  attachments(idOrNumber: string, actor: Actor): Promise<readonly AttachmentRow[]>;
  attachment(id: string, actor: Actor): Promise<{ readonly row: AttachmentRow; readonly content: Uint8Array }>;
  links(idOrNumber: string, actor: Actor): Promise<readonly LinkedRecord[]>;
  timers(idOrNumber: string, actor: Actor): Promise<readonly Timer[]>;

  // -- definitions -----------------------------------------------------------------------------------------------------
  processes(actor: Actor): Promise<readonly ProcessSummary[]>;
  definition(process: string, actor: Actor, hash?: string): Promise<DefinitionView>;
  versions(process: string, actor: Actor): Promise<readonly VersionView[]>;
  difference(process: string, from: string, to: string, actor: Actor): Promise<readonly Difference[]>;
  /** Checks texts of one process against the shared rules in force (or those given). Never throws for faults in them. */
  check(process: string, files: { readonly [file: string]: string }): Promise<CheckReport>;
  checkSources(sources: Sources): Promise<CheckReport>;
  /** Publishes and activates. DEFINITION_FAULTY carries the problems. `created` false: the content was known. */
  publish(request: { process: string; files: { readonly [file: string]: string }; note: string; actor: Actor; source: 'browser' | 'api' }): Promise<{ readonly hash: string; readonly created: boolean; readonly problems: readonly Problem[] }>;
  /** Makes a published version current again. */
  activate(request: { process: string; hash: string; note: string; actor: Actor }): Promise<void>;
  scenarios(process: string, files: { readonly [file: string]: string } | null): Promise<readonly ScenarioResult[]>;
  /** What the last reading of the folders found. */
  folderProblems(): { readonly readAt: number; readonly problems: readonly Problem[]; readonly waiting: readonly { readonly process: string; readonly hash: string }[] };
  /** Reads PROCESSES_DIR and RULES_DIR again; called at start and whenever a file changes. */
  readFolders(): Promise<void>;
  drafts(actor: Actor): Promise<readonly DraftRow[]>;
  saveDraft(process: string, files: { readonly [file: string]: string }, actor: Actor): Promise<void>;
  dropDraft(process: string, actor: Actor): Promise<void>;

  // -- people ----------------------------------------------------------------------------------------------------------
  /** Declared roles with titles: administrator, process-owner, auditor and those in `rules/policy`. */
  roles(): Promise<readonly { readonly role: string; readonly title: string; readonly description: string }[]>;
  users(): Promise<readonly UserRow[]>;
  teams(): Promise<readonly TeamRow[]>;

  /**
   * Carries out, once for a key, what is no step of a record; a repeat gets the first answer. Failed work keeps nothing.
   * @throws IDEMPOTENCY_MISMATCH for a key that was used with another body.
   */
  once(key: NonNullable<CreateRequest['idempotency']>, work: () => Promise<Json>): Promise<Json>;

  // -- time and delivery -----------------------------------------------------------------------------------------------
  now(): number;
  /** Runs everything that is due: timers, schedules, outbox. Resolves when nothing due is left (cascades included). */
  wake(): Promise<{ readonly timers: number; readonly effects: number; readonly schedules: number }>;
  /** Manual clock only: moves to `instant` through every due instant on the way. */
  advanceTo(instant: number): Promise<void>;
  /** Starts and stops the heartbeat that wakes (node-cron and a monotonic interval). */
  start(): void;
  stop(): Promise<void>;
  parked(): Promise<{ readonly timers: readonly (DueTimer & { readonly reason: string })[]; readonly effects: readonly QueuedEffect[] }>;
  retry(what: { readonly effect: string } | { readonly record: string; readonly timer: string }, actor: Actor): Promise<void>;

  // -- trust -----------------------------------------------------------------------------------------------------------
  /** Recomputes every chain, commitment, clock and checkpoint; replays every record through `decide`. */
  verify(options?: { readonly record?: string; readonly onProgress?: (done: number, total: number) => void }): Promise<VerifyReport>;
  /** Seals all heads into a signed checkpoint. */
  checkpoint(): Promise<{ readonly sequence: number; readonly root: string }>;
  metrics(): { readonly [name: string]: number };
}

export type { EngineError, FieldProblem, Scenario };
