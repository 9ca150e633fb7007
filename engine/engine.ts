/** The engine's verbs, as everything outside `engine/` sees them. `createEngine` gives one of these. */
import type { Impact, Neighbourhood } from './connections/shapes.js';
import type { Json, ReferenceFile } from './definitions/authored.js';
import type { Coverage, EvidenceRecords, Figures } from './measuring/shapes.js';
import type {
  CheckReport,
  CreateRequest,
  DefinitionView,
  Difference,
  HistoryView,
  LinkedRecord,
  PointInTime,
  Problem,
  ProcessSummary,
  RecordView,
  ScenarioResult,
  SendRequest,
  Sources,
  StepResult,
  TransitionView,
  VerifyReport,
  VersionView,
} from './shapes.js';
import type {
  AttachmentRow,
  CheckpointRow,
  CheckpointSeal,
  CommentRow,
  DraftRow,
  DueTimer,
  Page,
  QueueDepth,
  QueuedEffect,
  RecordQuery,
  TeamRow,
  UserRow,
} from './store/types.js';
import type { Actor, Origin, Timer } from './types.js';

export type * from './connections/shapes.js';
export type * from './measuring/shapes.js';
export type * from './shapes.js';

/** One parked effect, one parked timer, a background job, or all that is parked of a kind; or a failed job that need not be named until it fails again. */
export type RetryWhat =
  | { readonly effect: string }
  | { readonly record: string; readonly timer: string }
  | { readonly job: string }
  | { readonly dismiss: string }
  | { readonly all: 'effects' | 'timers' };

export interface Retried {
  readonly at: number;
  readonly by: string;
  readonly what: RetryWhat;
  /** How many were set going. */
  readonly tried: number;
}

/** A background job whose last run failed. */
export interface FailedJob {
  readonly job: string;
  readonly since: number;
  readonly at: number;
  readonly times: number;
  readonly reason: string;
}

export interface Operations {
  readonly timers: readonly (DueTimer & { readonly reason: string; readonly parkedAt: number })[];
  readonly effects: readonly QueuedEffect[];
  readonly depth: QueueDepth;
  readonly lateTimers: readonly DueTimer[];
  readonly failedJobs: readonly FailedJob[];
  /** Newest first. */
  readonly retries: readonly Retried[];
  readonly writerWaiting: number;
}

export interface Standing {
  readonly depth: QueueDepth;
  readonly definitionVersions: number;
  readonly failedJobs: number;
  readonly writerWaiting: number;
  /** How long timers that are due have been left alone: nothing fired, and something due, for so many milliseconds. */
  readonly timersStalledMs: number;
}

export interface Engine {
  // -- records: everything that changes one is `create` or `send` ------------------------------------------------------
  create(request: CreateRequest): Promise<StepResult>;
  send(request: SendRequest): Promise<StepResult>;
  comment(request: {
    record: string;
    actor: Actor;
    text: string;
    internal?: boolean;
    at?: number;
    origin?: Origin;
    idempotency?: CreateRequest['idempotency'];
  }): Promise<StepResult>;
  attach(request: {
    record: string;
    actor: Actor;
    name: string;
    type: string;
    content: Uint8Array;
    idempotency?: CreateRequest['idempotency'];
  }): Promise<StepResult>;
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
  entries(
    query: {
      process?: string;
      actorId?: string;
      event?: string;
      origin?: Origin;
      from?: number;
      to?: number;
      record?: string;
      limit: number;
      cursor?: string;
      direction?: 'asc' | 'desc';
    },
    actor: Actor,
  ): Promise<Page<HistoryView>>;
  /** The record as it was right after the last step at or before the instant, or right after the step of this sequence. */
  at(idOrNumber: string, moment: number | { readonly sequence: number }, actor: Actor): Promise<PointInTime>;
  comments(idOrNumber: string, actor: Actor): Promise<readonly CommentRow[]>;
  attachments(idOrNumber: string, actor: Actor): Promise<readonly AttachmentRow[]>;
  attachment(id: string, actor: Actor): Promise<{ readonly row: AttachmentRow; readonly content: Uint8Array }>;
  links(idOrNumber: string, actor: Actor): Promise<readonly LinkedRecord[]>;
  /** What the record is connected with, as far as the actor may see it; `distance` connections away, 2 unless told. */
  neighbourhood(idOrNumber: string, actor: Actor, options?: { readonly distance?: number; readonly most?: number }): Promise<Neighbourhood>;
  /** Open records that suffer when this one fails, the nearest first. */
  impact(idOrNumber: string, actor: Actor): Promise<Impact>;
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
  publish(request: {
    process: string;
    files: { readonly [file: string]: string };
    note: string;
    actor: Actor;
    source: 'browser' | 'api';
  }): Promise<{ readonly hash: string; readonly created: boolean; readonly problems: readonly Problem[] }>;
  /** Makes a published version current again. */
  activate(request: { process: string; hash: string; note: string; actor: Actor }): Promise<void>;
  scenarios(process: string, files: { readonly [file: string]: string } | null): Promise<readonly ScenarioResult[]>;
  /** What the last reading of the folders found. */
  folderProblems(): {
    readonly readAt: number;
    readonly problems: readonly Problem[];
    readonly waiting: readonly { readonly process: string; readonly hash: string }[];
  };
  /** Reads PROCESSES_DIR and RULES_DIR again; called at start and whenever a file changes. */
  readFolders(): Promise<void>;
  drafts(actor: Actor): Promise<readonly DraftRow[]>;
  saveDraft(process: string, files: { readonly [file: string]: string }, actor: Actor): Promise<void>;
  dropDraft(process: string, actor: Actor): Promise<void>;

  // -- figures and evidence --------------------------------------------------------------------------------------------
  /**
   * The figures (KPIs) of a process over the records opened from `from` on and before `to`, worked out from all of them.
   * For those who may read the whole process. @throws PROCESS_NOT_FOUND, FORBIDDEN
   */
  kpis(query: { process: string; from?: number; to?: number }, actor: Actor): Promise<Figures>;
  /** How the evidence that the processes declare stands, over all of their records. Whoever asks decides who may see it. */
  coverage(): Promise<Coverage>;
  /** The records behind an entry that the actor may read, the newest first. @throws PROCESS_NOT_FOUND, NOT_FOUND */
  evidence(query: { process: string; index: number; standing: 'complete' | 'incomplete'; limit: number }, actor: Actor): Promise<EvidenceRecords>;

  /** The reference rules in force (calendars, tables, lists), by name. */
  reference(): { readonly [name: string]: ReferenceFile };

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
  parked(): Promise<Pick<Operations, 'timers' | 'effects'>>;
  /** Sets going again what failed, and keeps who did that. Returns how many were set going. @throws FORBIDDEN, NOT_FOUND (a job of no such name) */
  retry(what: RetryWhat, actor: Actor): Promise<number>;
  /** What waits, what is late, what failed, and who had it tried again. For administrators. @throws FORBIDDEN */
  operations(actor: Actor): Promise<Operations>;
  /** How this engine gets on, for those who watch it. */
  standing(): Promise<Standing>;
  /** For how many milliseconds timers that are due have been left alone; counts nothing, so that it may be asked often. */
  timersStalled(): Promise<number>;

  // -- trust -----------------------------------------------------------------------------------------------------------
  /** Recomputes every chain, commitment, clock and checkpoint; replays every record through `decide`. */
  verify(options?: {
    readonly record?: string;
    readonly kept?: readonly CheckpointRow[];
    readonly onProgress?: (done: number, total: number) => void;
  }): Promise<VerifyReport>;
  /** Seals all heads into a signed checkpoint. */
  checkpoint(): Promise<{ readonly sequence: number; readonly root: string }>;
  /** The checkpoints there are, newest first, without the heads they seal. */
  checkpoints(): Promise<readonly CheckpointSeal[]>;
  /** One checkpoint whole, to be kept outside. @throws NOT_FOUND */
  checkpointFile(sequence: number): Promise<CheckpointRow>;
  /** All heads as they are now, sealed into one root but not signed or kept: stores with the same root hold the same history. */
  rootNow(): Promise<{ readonly records: number; readonly entries: number; readonly root: string }>;
  /** How much is kept. */
  kept(): Promise<{ readonly records: number; readonly entries: number }>;
  metrics(): { readonly [name: string]: number };
}
