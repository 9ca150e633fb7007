/** What the store keeps and is asked for: rows, units of writing, queries. Instants are milliseconds since the epoch; ids are UUIDv7 text. */
import type { Effect, Origin, ReadScope, RecordState, Timer } from '../types.js';

export type * from './peopleRows.js';

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
  /** The step leaves as they were: what people see in a list (title to service); definition, status, import and due. They need not be written. */
  readonly same: { readonly shown: boolean; readonly standing: boolean };
  /** Paths of all active states, e.g. `['active', 'active.working']`. */
  readonly paths: readonly string[];
  /** Text for search, each field on a line of its own; null: unchanged. */
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
  /** Words to be taken into full text, where steps only leave their texts for it (SQLite). */
  readonly words?: readonly IndexedWords[];
}

/** Words of a record's text as of a version. */
export interface IndexedWords {
  /** Its key, not its id. */
  readonly record: number;
  readonly version: number;
  readonly text: string;
}

export interface RecordQuery {
  readonly processes?: readonly string[];
  readonly state?: string;
  readonly status?: 'active' | 'done';
  /** True: only records in which something is left to be done. */
  readonly open?: boolean;
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

/** A record's row: its state, and the columns that repeat parts of it. */
export interface HeadRow {
  readonly record: string;
  readonly version: number;
  readonly head: string;
  readonly number: string;
  readonly process: string;
  readonly definition: string;
  readonly status: string;
  /** Active paths in alphabetical order, with blanks between. */
  readonly paths: string;
  readonly importing: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** By which numbers are looked up, and titles sorted. */
  readonly numberKey: string;
  readonly titleKey: string | null;
  readonly columns: RecordColumns;
  readonly state: RecordState;
}
