/** The one queue through which everything is written. Jobs that wait share a transaction, and with it one fsync; each is answered only once it is durable. */
import { monotonic } from '../../clock.js';
import { EngineError } from '../../errors.js';
import type { Connection } from '../connection.js';
import type { SqlValue } from '../driver/contract.js';
import { failure, faultOf } from '../failures.js';
import type { WriteUnit, WrittenBatch } from '../types.js';
import { type Health, watchHealth } from './health.js';
import { createQueue } from './queue.js';
import type { Job, Place } from './runBatch.js';
import { writeBatch } from './writeBatch.js';

export interface Writer {
  /** Writes one unit. `known`: configurations that need not be stored again. */
  unit(unit: WriteUnit, known: ReadonlySet<string>, explain: Explain): Promise<void>;
  /** One statement; resolves with the number of rows changed. */
  run(sql: string, params?: readonly SqlValue[]): Promise<number>;
  /** Several statements, all or nothing. `work` must await each call and use nothing but the connection it is given. */
  transact<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  readonly readOnly: () => boolean;
  readonly waiting: () => number;
  /** Finishes what waits, then takes nothing more. */
  close(): Promise<void>;
}

/** Says why a unit failed, while the state it failed on still stands. */
export type Explain = (connection: Connection, cause: unknown) => Promise<EngineError>;

export interface WriterOptions {
  /** Largest number of jobs in one transaction. */
  readonly batch?: number;
  /** Jobs waiting beyond this are refused with BUSY. */
  readonly maxWaiting?: number;
  /** Throws READ_ONLY when the file must not be written now. Asked before each batch. */
  readonly check: () => void;
  /** Waits until the database can be reached again; rejects when that takes too long. Absent where it can not be lost. */
  readonly regain?: () => Promise<void>;
  readonly observe?: (batch: WrittenBatch) => void;
}

const usualBatch = 64;
const usualMaxWaiting = 10_000;

const smallWrite = "INSERT INTO meta (key, value) VALUES ('probe', '1') ON CONFLICT (key) DO UPDATE SET value = CASE meta.value WHEN '1' THEN '0' ELSE '1' END";

/** Starts a queue over a connection which no one else may use. */
export function createWriter<E>(place: Place<E>, options: WriterOptions): Writer {
  const { batch: largest = usualBatch, maxWaiting = usualMaxWaiting } = options;
  let closed = false;
  const health: Health = watchHealth(() => probe());
  const queue = createQueue({ largest, write });

  /** Tries a small write while the store is read-only. */
  function probe(): Promise<void> {
    return new Promise((resolve, reject) => queue.add({ kind: 'statement', sql: smallWrite, params: [], resolve: () => resolve(), reject }));
  }

  async function write(batch: readonly Job<E>[]): Promise<void> {
    const began = { at: monotonic(), waiting: queue.waiting() };
    let failed = false;
    try {
      options.check();
      await writeBatch(place, batch, options.regain);
    } catch (cause) {
      failed = true;
      giveUp(batch, cause);
    }
    options.observe?.({ jobs: batch.length, waiting: began.waiting, ms: monotonic() - began.at, failed });
  }

  /** Nothing of the batch was written. When writing is impossible, those who wait need not try. */
  function giveUp(batch: readonly Job<E>[], cause: unknown): void {
    let refused = batch;
    const fault = faultOf(cause);
    if (fault === 'read-only' || fault === 'lost') {
      refused = [...batch, ...queue.takeAll()];
    }
    if (fault === 'read-only') {
      health.stop();
    }
    const error = failure(cause);
    for (const job of refused) {
      job.reject(error);
    }
  }

  function enqueue<T>(make: (resolve: (value: T) => void, reject: (error: unknown) => void) => Job<E>): Promise<T> {
    if (closed) {
      return Promise.reject(new EngineError('STORE_UNUSABLE', { reason: 'The store was closed.' }));
    }
    if (health.readOnly()) {
      return Promise.reject(new EngineError('READ_ONLY', { reason: 'The last attempt to write failed.' }));
    }
    if (queue.waiting() >= maxWaiting) {
      return Promise.reject(new EngineError('BUSY', { waiting: queue.waiting() }));
    }
    return new Promise((resolve, reject) => queue.add(make(resolve, reject)));
  }

  return {
    unit: (unit, known, explain) => enqueue((resolve, reject) => ({ kind: 'unit', encoded: place.units.encode(unit, known), explain, resolve, reject })),
    run: (sql, params = []) => enqueue((resolve, reject) => ({ kind: 'statement', sql, params, resolve, reject })),
    transact: <T>(work: (connection: Connection) => Promise<T>) =>
      enqueue<T>((resolve, reject) => ({ kind: 'task', work, resolve: resolve as (value: unknown) => void, reject })),
    readOnly: health.readOnly,
    waiting: queue.waiting,
    async close() {
      closed = true;
      health.close();
      await queue.idle();
    },
  };
}
