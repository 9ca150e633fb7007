/** How a store is opened, and what whoever opened it is told of its writing. */
import type { Patience } from './postgres/patience.js';

export interface StoreOptions {
  /** `sqlite:/path/file.sqlite` or `postgres://…`. */
  readonly url: string;
  /** `auto`: sqlite3, else node:sqlite. */
  readonly driver?: 'auto' | 'sqlite3' | 'node:sqlite';
  /** PostgreSQL: addresses of replicas that lists and reports may read. */
  readonly replicas?: readonly string[];
  /** PostgreSQL: connections to the primary at most. Default 8. */
  readonly connections?: number;
  /** PostgreSQL: how long it is waited for. */
  readonly patience?: Partial<Patience>;
  /** An existing but empty file is refused unless set: it would silently be an empty store. */
  readonly mayBeEmpty?: boolean;
  /** A missing file is refused instead of made: for commands that look at a store, or change one. */
  readonly mustExist?: boolean;
  /** Units waiting beyond this are refused with BUSY. Default 10,000. */
  readonly maxWaiting?: number;
  /** Largest number of units in one transaction. Default 64. */
  readonly batch?: number;
  /** Told of each batch once it is durable or has failed; must return at once and not throw. */
  readonly observe?: (batch: WrittenBatch) => void;
}

/** One transaction of the writer. */
export interface WrittenBatch {
  /** Steps and other writes that shared it. */
  readonly jobs: number;
  /** Jobs that were left waiting when it began. */
  readonly waiting: number;
  readonly ms: number;
  readonly failed: boolean;
}
