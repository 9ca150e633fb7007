/**
 * What the rest of the engine asks of the store. Only this folder imports sequelize or knows SQL.
 * Instants are milliseconds since the epoch; ids are UUIDv7 text; everything stored as JSON is text.
 */
import type { Effect, JsonObject, Origin, RecordState, Timer } from '../types.js';

/** The columns by which lists sort and filter. Text is at most 500 characters. */
export interface RecordColumns {
  readonly title: string | null;
  readonly assignee: string | null;
  readonly team: string | null;
  readonly priority: string | null;
  readonly requester: string | null;
  readonly service: string | null;
  /** Earliest instant at which something is due (a running clock, or the mapped field). */
  readonly due: number | null;
}

/** One history entry as it is stored: `text` is the canonical JSON over which `hash` was made. */
export interface StoredEntry {
  readonly record: string;
  readonly sequence: number;
  readonly at: number;
  readonly recordedAt: number;
  readonly actor: string;
  readonly onBehalfOf: string | null;
  readonly origin: Origin;
  readonly event: string;
  readonly process: string;
  readonly definition: string;
  readonly reference: string;
  readonly text: string;
  readonly hash: string;
  readonly previousHash: string;
  /** `{path: [salt, value]}` as JSON text; goes to `history_values`. */
  readonly values: string;
}

export interface OutboxRow {
  /** `<entry hash>:<index>`; makes delivery idempotent. */
  readonly key: string;
  readonly record: string;
  readonly sequence: number;
  readonly effect: Effect;
  readonly createdAt: number;
}

export interface LinkRow {
  readonly from: string;
  readonly name: string;
  readonly to: string;
  readonly at: number;
}

export interface CommentRow {
  readonly id: string;
  readonly record: string;
  readonly sequence: number;
  readonly author: string;
  readonly at: number;
  readonly internal: boolean;
  readonly text: string;
}

export interface AttachmentRow {
  readonly id: string;
  readonly record: string;
  readonly sequence: number;
  readonly author: string;
  readonly at: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly sha256: string;
}

export interface IdempotencyRow {
  /** Actor and route and key. */
  readonly scope: string;
  readonly bodyHash: string;
  readonly answer: string;
  readonly expiresAt: number;
}

/** Everything one step of one record writes. Several steps (a parent and the records it makes) form one unit. */
export interface StepWrite {
  readonly record: RecordState;
  /** The version the stored record must have; 0 inserts it. Else the unit fails with VERSION_STALE. */
  readonly expectedVersion: number;
  readonly columns: RecordColumns;
  /** Paths of all active states, e.g. `['active', 'active.working']`. */
  readonly paths: readonly string[];
  /** Folded text for search; null: unchanged. */
  readonly search: string | null;
  /** `user:<id>` and `team:<id>` of those named on the record; null: unchanged. */
  readonly principals: readonly string[] | null;
  readonly entry: StoredEntry;
  /** All timers of the record from now on; null: unchanged. */
  readonly timers: readonly Timer[] | null;
  readonly linksAdded: readonly LinkRow[];
  readonly linksRemoved: readonly LinkRow[];
  readonly outbox: readonly OutboxRow[];
  readonly comment: CommentRow | null;
  readonly attachment: AttachmentRow | null;
}

/** Written whole or not at all. `check` names records that were read and the version they had: if one moved the unit fails with VERSION_STALE. */
export interface WriteUnit {
  readonly steps: readonly StepWrite[];
  readonly idempotency: IdempotencyRow | null;
  readonly check?: readonly { readonly record: string; readonly version: number }[];
  /** Outbox row or idempotent key consumed by this unit (a signal that was delivered, a timer that fired). */
  readonly deliveredOutbox?: string;
}

/** Which records a reader may see: `all`, or by process either all or only those on which one of `principals` is named. */
export interface ReadScope {
  readonly all: readonly string[] | '*';
  readonly named: readonly string[];
  readonly principals: readonly string[];
}

export interface RecordQuery {
  readonly processes?: readonly string[];
  readonly state?: string;
  readonly status?: 'active' | 'done';
  readonly q?: string;
  readonly assignee?: string;
  /** No assignee. */
  readonly unassigned?: boolean;
  readonly team?: string;
  readonly teams?: readonly string[];
  readonly priority?: string;
  readonly requester?: string;
  readonly service?: string;
  readonly dueBefore?: number;
  readonly createdFrom?: number;
  readonly createdTo?: number;
  readonly linkedTo?: string;
  readonly sort?: 'created' | 'updated' | 'due' | 'priority' | 'title' | 'number';
  readonly direction?: 'asc' | 'desc';
  readonly limit: number;
  /** Opaque; from `next` of the page before. Malformed: QUERY_INVALID. */
  readonly cursor?: string;
  readonly scope: ReadScope;
}

export interface RecordRow {
  readonly record: RecordState;
  readonly columns: RecordColumns;
}

export interface HistoryQuery {
  readonly record?: string;
  readonly processes?: readonly string[];
  readonly actor?: string;
  readonly event?: string;
  readonly origin?: Origin;
  readonly from?: number;
  readonly to?: number;
  readonly direction?: 'asc' | 'desc';
  readonly limit: number;
  readonly cursor?: string;
  readonly scope?: ReadScope;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface DueTimer extends Timer {
  readonly record: string;
}

export interface QueuedEffect extends OutboxRow {
  readonly attempts: number;
  readonly availableAt: number;
  readonly lastError: string | null;
  readonly status: 'waiting' | 'parked' | 'done';
}

export interface DefinitionRow {
  readonly hash: string;
  readonly process: string;
  /** Canonical JSON of the closed-over definition (files and the policy files it uses). */
  readonly text: string;
  readonly publishedAt: number;
  readonly publishedBy: string;
  readonly note: string;
  readonly source: 'folder' | 'browser' | 'api';
}

export interface ActivationRow {
  readonly process: string;
  readonly hash: string;
  readonly at: number;
  readonly by: string;
  readonly note: string;
  readonly source: 'folder' | 'browser' | 'api';
}

export interface ReferenceRow {
  readonly hash: string;
  readonly text: string;
  readonly at: number;
  readonly by: string;
}

export interface DraftRow {
  readonly process: string;
  readonly owner: string;
  readonly text: string;
  readonly updatedAt: number;
}

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly passwordHash: string | null;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  readonly zone: string | null;
  readonly standIn: string | null;
  /** Absent until this instant; null: present. */
  readonly absentUntil: number | null;
  readonly active: boolean;
  readonly createdAt: number;
}

export interface TeamRow {
  readonly id: string;
  readonly title: string;
  readonly email: string | null;
}

export interface TokenRow {
  readonly id: string;
  readonly user: string;
  readonly title: string;
  /** SHA-256 of the token; the token itself is never stored. */
  readonly hash: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

export interface SessionRow {
  readonly id: string;
  readonly user: string | null;
  readonly data: string;
  readonly expiresAt: number;
}

export interface CheckpointRow {
  readonly sequence: number;
  readonly at: number;
  readonly records: number;
  readonly entries: number;
  readonly root: string;
  readonly signature: string;
  readonly publicKey: string;
  /** The heads sealed, canonical text: `[[record, sequence, hash], …]` ordered by record. */
  readonly heads: string;
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
  links(record: string): Promise<readonly (LinkRow & { readonly direction: 'out' | 'in' })[]>;
  comments(record: string): Promise<readonly CommentRow[]>;
  attachments(record: string): Promise<readonly AttachmentRow[]>;
  attachment(id: string): Promise<AttachmentRow | null>;
  timers(record: string): Promise<readonly Timer[]>;
}

export interface HistoryStore {
  /** Ascending by default; `text` parsed by the caller. */
  page(query: HistoryQuery): Promise<Page<StoredEntry>>;
  /** Streams all entries ordered by record and sequence, for verification and export. */
  scan(options: { readonly record?: string; readonly batch?: number }): AsyncIterable<readonly StoredEntry[]>;
  counts(): Promise<{ readonly records: number; readonly entries: number }>;
  /** Records without any entry and records whose version is not their newest entry's, for verification. */
  heads(options: { readonly batch?: number }): AsyncIterable<readonly { readonly record: string; readonly version: number; readonly head: string; readonly state: RecordState }[]>;
  /** Removes salts and values of these paths from the values of one entry; the only deletion there is. */
  erase(record: string, paths: readonly string[]): Promise<void>;
  checkpoints(): Promise<readonly CheckpointRow[]>;
  addCheckpoint(row: CheckpointRow): Promise<void>;
}

export interface QueueStore {
  /** Timers due at or before `now`, earliest first, of records that are not under import. */
  dueTimers(now: number, limit: number): Promise<readonly DueTimer[]>;
  nextTimerDue(): Promise<number | null>;
  /** Parks a timer whose step failed, with the reason; it is no longer due. */
  parkTimer(record: string, key: string, reason: string, at: number): Promise<void>;
  /** Removes a timer that its record no longer has. */
  dropTimer(record: string, key: string, dueAt: number): Promise<void>;
  parkedTimers(): Promise<readonly (DueTimer & { readonly reason: string; readonly parkedAt: number })[]>;
  retryTimer(record: string, key: string): Promise<void>;
  dueEffects(now: number, limit: number): Promise<readonly QueuedEffect[]>;
  nextEffectDue(): Promise<number | null>;
  effectDone(key: string): Promise<void>;
  effectFailed(key: string, error: string, availableAt: number, parked: boolean): Promise<void>;
  parkedEffects(): Promise<readonly QueuedEffect[]>;
  retryEffect(key: string, at: number): Promise<void>;
  depth(): Promise<{ readonly effects: number; readonly timers: number; readonly parked: number; readonly oldestEffect: number | null; readonly oldestTimer: number | null }>;
  idempotency(scope: string, now: number): Promise<IdempotencyRow | null>;
  /** Keeps the answer to a request that was no step of a record (steps keep theirs with their unit). */
  keepAnswer(row: IdempotencyRow, now: number): Promise<void>;
  dropExpired(now: number): Promise<void>;
  /** Takes or extends a named lease; false when another holder has it. */
  lease(name: string, holder: string, until: number, now: number): Promise<boolean>;
  releaseLease(name: string, holder: string): Promise<void>;
  /** Instant a schedule last ran for, so that each occurrence opens one record. */
  scheduleLast(key: string): Promise<number | null>;
  setScheduleLast(key: string, at: number): Promise<void>;
}

export interface DefinitionStore {
  /** Publishes versions and activations and reference versions all or nothing. Known hashes are left as they are. */
  publish(rows: { readonly definitions: readonly DefinitionRow[]; readonly activations: readonly ActivationRow[]; readonly references: readonly ReferenceRow[] }): Promise<void>;
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
  dropSession(id: string): Promise<void>;
  dropSessionsOf(user: string): Promise<void>;
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
  /** True while nothing can be written (disk full, read-only). */
  readonly readOnly: () => boolean;
  /** Settings the connection really has, read back: journal_mode, synchronous, foreign_keys, recursive_triggers, … */
  settings(): Promise<JsonObject>;
  /** Small key/value facts of the installation (installation id, signing key id, schema). */
  meta(key: string): Promise<string | null>;
  setMeta(key: string, value: string): Promise<void>;
  /** A consistent copy into one file (VACUUM INTO). */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** `sqlite:/path/file.sqlite` or `postgres://…`. */
  readonly url: string;
  /** `auto`: sqlite3, else node:sqlite. */
  readonly driver?: 'auto' | 'sqlite3' | 'node:sqlite';
  /** An existing but empty file is refused unless set: it would silently be an empty store. */
  readonly mayBeEmpty?: boolean;
  /** A missing file is refused instead of made: for commands that look at a store, or change one. */
  readonly mustExist?: boolean;
  /** Units waiting beyond this are refused with BUSY. Default 10,000. */
  readonly maxWaiting?: number;
  /** Largest number of units in one transaction. Default 64. */
  readonly batch?: number;
}
