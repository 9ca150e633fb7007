/**
 * What the rest of the engine asks of the store. Only this folder imports sequelize or knows SQL.
 * Instants are milliseconds since the epoch; ids are UUIDv7 text; everything stored as JSON is text.
 */
import type { JsonObject, Timer } from '../types.js';
import type { ChainEnd, CheckpointRow, CheckpointSeal, SealableEnd } from './chainRows.js';
import type {
  ActivationRow,
  AttachmentRow,
  CommentRow,
  DefinitionRow,
  DraftRow,
  DueTimer,
  HeadRow,
  HistoryQuery,
  IdempotencyRow,
  LinkRow,
  Page,
  QueuedEffect,
  RecordQuery,
  RecordRow,
  ReferenceRow,
  SessionRow,
  StoredEntry,
  TeamRow,
  TokenRow,
  UserRow,
  WriteUnit,
} from './rows.js';
import type { EffectRoom, LeaseStore, LimitStore, News } from './sharing.js';

export type * from './chainRows.js';
export type * from './options.js';
export type * from './rows.js';
export type * from './sharing.js';

/** Which links of a record: by name and direction, to records of some processes (none: any), open ones only or all. */
export interface LinkedQuery {
  readonly record: string;
  readonly name: string;
  readonly direction: 'out' | 'in';
  readonly processes?: readonly string[];
  readonly open?: boolean;
  readonly limit: number;
}

/** The only way to write a record: units are queued, those waiting share one transaction and one fsync. */
export interface RecordStore {
  /** Resolves once the unit is durable. Rejects with VERSION_STALE (its own caller only), BUSY, READ_ONLY or STORE_UNUSABLE. */
  commit(unit: WriteUnit): Promise<void>;
  /** Next number of a prefix, e.g. `INC-000001`; durable, without gaps save for refused creations. */
  nextNumber(prefix: string): Promise<string>;
  byId(id: string): Promise<RecordRow | null>;
  byNumber(number: string): Promise<RecordRow | null>;
  many(ids: readonly string[]): Promise<readonly RecordRow[]>;
  list(query: RecordQuery): Promise<Page<RecordRow>>;
  count(query: Omit<RecordQuery, 'limit' | 'cursor'>, atMost: number): Promise<number>;
  /** Records by definition version (hash) of one process; each counted up to `atMost`. */
  countByDefinition(process: string, atMost: number): Promise<{ readonly [hash: string]: number }>;
  /** The newest first, at most `most`. */
  links(record: string, most: number): Promise<readonly (LinkRow & { readonly direction: 'out' | 'in' })[]>;
  /** Ids at the other end of one record's links of a name, the newest links first, at most `limit`. */
  linkedIds(query: LinkedQuery): Promise<readonly string[]>;
  comments(record: string): Promise<readonly CommentRow[]>;
  attachments(record: string): Promise<readonly AttachmentRow[]>;
  attachment(id: string): Promise<AttachmentRow | null>;
  timers(record: string): Promise<readonly Timer[]>;
  /** The timers of many records; those without any are left out. */
  timersOf(records: readonly string[]): Promise<ReadonlyMap<string, readonly Timer[]>>;
}

export interface HistoryStore {
  /** Ascending by default; `text` parsed by the caller. */
  page(query: HistoryQuery): Promise<Page<StoredEntry>>;
  /** Streams all entries ordered by record and sequence, for verification and export. */
  scan(options: { readonly record?: string; readonly batch?: number }): AsyncIterable<readonly StoredEntry[]>;
  counts(): Promise<{ readonly records: number; readonly entries: number }>;
  /** Every record as its row has it, for verification. */
  heads(options: { readonly batch?: number }): AsyncIterable<readonly HeadRow[]>;
  /** Removes salts and values of these paths from a record's entries up to a sequence; the only deletion there is. */
  erase(record: string, paths: readonly string[], upTo: number): Promise<void>;
  /** Where every record's chain ends, ordered by record. */
  chainEnds(options: { readonly batch?: number }): AsyncIterable<readonly ChainEnd[]>;
  /** The same, never from a replica, and whether each was sealed so; `anew`: as if nothing had been. */
  sealable(options: { readonly anew: boolean; readonly batch?: number }): AsyncIterable<readonly SealableEnd[]>;
  /** Entries at these places, without those that are not there; at most a thousand at once. */
  hashesAt(places: readonly Pick<ChainEnd, 'record' | 'sequence'>[]): Promise<readonly ChainEnd[]>;
  checkpoints(): Promise<readonly CheckpointSeal[]>;
  checkpoint(sequence: number): Promise<CheckpointRow | null>;
  newestCheckpoint(): Promise<CheckpointSeal | null>;
  /** Remembers its heads as sealed; `anew`: and no others. */
  addCheckpoint(row: CheckpointRow, options?: { readonly anew: boolean }): Promise<void>;
}

/** How much waits to happen by itself. Effects and timers that are parked, and timers under import, are not among those that wait. */
export interface QueueDepth {
  readonly effects: number;
  readonly timers: number;
  readonly timersDue: number;
  readonly parkedEffects: number;
  readonly parkedTimers: number;
  /** When the effect that waits longest was decided. */
  readonly oldestEffect: number | null;
  /** When the next timer is due, or the first was. */
  readonly oldestTimer: number | null;
}

export interface QueueStore extends LeaseStore {
  /** Timers due at or before `now`, earliest first, of records that are not under import. */
  dueTimers(now: number, limit: number): Promise<readonly DueTimer[]>;
  /** Timers due at or before `before` that nobody has taken up, earliest first, only to be looked at. */
  lateTimers(before: number, limit: number): Promise<readonly DueTimer[]>;
  nextTimerDue(): Promise<number | null>;
  /** Parks a timer whose step failed, with the reason; it is no longer due. Returns how many there were: one, or none when it was set anew meanwhile. */
  parkTimer(timer: Pick<DueTimer, 'record' | 'key' | 'dueAt'>, reason: string, at: number): Promise<number>;
  /** Removes a timer that its record no longer has. */
  dropTimer(record: string, key: string, dueAt: number): Promise<void>;
  /** Longest parked first, at most `limit`. */
  parkedTimers(limit: number): Promise<readonly (DueTimer & { readonly reason: string; readonly parkedAt: number })[]>;
  /** Returns how many there were: one, or none when it is no longer parked. */
  retryTimer(record: string, key: string): Promise<number>;
  /** All that are parked. Returns how many. */
  retryTimers(): Promise<number>;
  /** Those due at or before `now` that can be begun, at most `limit`. */
  dueEffects(now: number, limit: number, room?: EffectRoom): Promise<readonly QueuedEffect[]>;
  /** Keeps for this server what it has under way, however long that takes; asked for every few seconds. */
  keepEffects(keys: readonly string[]): Promise<void>;
  nextEffectDue(): Promise<number | null>;
  effectDone(key: string): Promise<void>;
  effectFailed(key: string, error: string, availableAt: number, parked: boolean): Promise<void>;
  /** In the order they were decided, at most `limit`. */
  parkedEffects(limit: number): Promise<readonly QueuedEffect[]>;
  /** Returns how many there were: one, or none when it is no longer parked. */
  retryEffect(key: string, at: number): Promise<number>;
  /** All that are parked. Returns how many. */
  retryEffects(at: number): Promise<number>;
  /** Gives back what this server had claimed to do, so that others need not wait for it. */
  releaseClaims(): Promise<void>;
  depth(now: number): Promise<QueueDepth>;
  idempotency(scope: string, now: number): Promise<IdempotencyRow | null>;
  /** Keeps the answer to a request that was no step of a record (steps keep theirs with their unit). */
  keepAnswer(row: IdempotencyRow, now: number): Promise<void>;
  dropExpired(now: number): Promise<void>;
  /** Instant a schedule last ran for, so that each occurrence opens one record. */
  scheduleLast(key: string): Promise<number | null>;
  /** Begins a schedule that nobody began. */
  beginSchedule(key: string, at: number): Promise<void>;
  /** Goes forward only: another server may have served a later occurrence. */
  setScheduleLast(key: string, at: number): Promise<void>;
}

export interface DefinitionStore {
  /** Publishes versions and activations and reference versions all or nothing. Known hashes are left as they are. */
  publish(rows: {
    readonly definitions: readonly DefinitionRow[];
    readonly activations: readonly ActivationRow[];
    readonly references: readonly ReferenceRow[];
  }): Promise<void>;
  definition(hash: string): Promise<DefinitionRow | null>;
  definitions(process?: string): Promise<readonly Omit<DefinitionRow, 'text'>[]>;
  /** The newest activation of each process. */
  current(): Promise<readonly ActivationRow[]>;
  activations(process: string): Promise<readonly ActivationRow[]>;
  reference(): Promise<ReferenceRow | null>;
  referenceByHash(hash: string): Promise<ReferenceRow | null>;
  /** Grows whenever anything above changes, by any process; cheap to ask. */
  revision(): Promise<number>;
  draft(process: string, owner: string): Promise<DraftRow | null>;
  drafts(): Promise<readonly DraftRow[]>;
  saveDraft(row: DraftRow): Promise<void>;
  dropDraft(process: string, owner: string): Promise<void>;
}

export interface PeopleStore {
  user(id: string): Promise<UserRow | null>;
  users(): Promise<readonly UserRow[]>;
  saveUser(row: UserRow): Promise<void>;
  teams(): Promise<readonly TeamRow[]>;
  saveTeam(row: TeamRow): Promise<void>;
  /** Grows whenever a user or team changes. */
  revision(): Promise<number>;
  token(hash: string): Promise<TokenRow | null>;
  tokens(user: string): Promise<readonly TokenRow[]>;
  saveToken(row: TokenRow): Promise<void>;
  dropToken(id: string): Promise<void>;
  session(id: string): Promise<SessionRow | null>;
  saveSession(row: SessionRow): Promise<void>;
  /** Saves a session that is still there; false: it was ended meanwhile, and stays so. */
  renewSession(row: SessionRow): Promise<boolean>;
  dropSession(id: string): Promise<void>;
  dropSessionsOf(user: string): Promise<void>;
}

/** The history of the records born in one month, or of those whose partition is in the archive or who tell no month (`rest`). */
export interface HistoryMonth {
  /** `2024-11` or `rest`. */
  readonly month: string;
  readonly archived: boolean;
  readonly entries: number;
  /** With indexes. */
  readonly bytes: number;
  /** Null: the database's own. */
  readonly tablespace: string | null;
}

/** Months of history apart from those worked on; they are found, verified and protected like all others. */
export interface HistoryArchive {
  /** Oldest first, `rest` last. */
  months(): Promise<readonly HistoryMonth[]>;
  /** Moves a month there, whole or not at all. Throws BUSY when the tables can not be had for a moment. */
  archive(month: string): Promise<void>;
  /** Moves a month back, with what was added to its records since. Throws BUSY like `archive`. */
  bringBack(month: string): Promise<void>;
  /** Moves a month's files; who reads that month waits meanwhile. Throws STORE_UNUSABLE when there is no such tablespace. */
  moveTo(month: string, tablespace: string): Promise<void>;
}

export interface Store {
  readonly dialect: 'sqlite' | 'postgres';
  /** `sqlite3` or `node:sqlite` or `pg`. */
  readonly driver: string;
  readonly records: RecordStore;
  readonly history: HistoryStore;
  readonly queue: QueueStore;
  readonly definitions: DefinitionStore;
  readonly people: PeopleStore;
  readonly limits: LimitStore;
  /** True while nothing can be written (disk full, read-only). */
  readonly readOnly: () => boolean;
  /** Jobs that wait for the writer. */
  readonly waiting: () => number;
  /** Connections to the primary (all of them on SQLite), those in use, and calls that wait for one. */
  readonly connections?: () => { readonly open: number; readonly inUse: number; readonly waiting: number };
  /** Settings the connection really has, read back: journal_mode, synchronous, foreign_keys, recursive_triggers, … */
  settings(): Promise<JsonObject>;
  /** Calls back when other servers tell of something, for promptness only; returns how to stop. Where there is one server nobody tells. */
  onNews(listener: (news: News) => void): () => void;
  /** Small key/value facts of the installation (installation id, signing key id, schema). */
  meta(key: string): Promise<string | null>;
  setMeta(key: string, value: string): Promise<void>;
  /** Leaves a fact that is there as it is. */
  metaOnce(key: string, value: string): Promise<void>;
  /** Facts whose key begins so, the last keys first. */
  metas(prefix: string, limit: number): Promise<readonly { readonly key: string; readonly value: string }[]>;
  /** A consistent copy into one SQLite file that does not exist yet. */
  backup(file: string): Promise<void>;
  /** Null on SQLite, which has no partitions. */
  readonly historyArchive: HistoryArchive | null;
  close(): Promise<void>;
}
