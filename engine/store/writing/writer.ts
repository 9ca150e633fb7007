/** The one queue through which everything is written. Jobs that wait share a transaction, and with it one fsync; each is answered only once it is durable. */
import { EngineError } from '../../errors.js';
import type { Connection } from '../connection.js';
import type { SqlValue } from '../driver/contract.js';
import { failure, stopsWriting } from '../failures.js';
import { type Health, watchHealth } from './health.js';
import { type Job, runBatch } from './runBatch.js';

export interface Writer {
  /** Writes the rows of one unit (`rows.ts`). */
  unit(rows: readonly SqlValue[], explain: Explain): Promise<void>;
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
  readonly batch: number;
  readonly maxWaiting: number;
  /** Throws READ_ONLY when the file must not be written now. Asked before each batch. */
  readonly check: () => void;
}

/** Starts a queue over `connection`, which no one else may use. */
export function createWriter(connection: Connection, options: WriterOptions): Writer {
  let waiting: Job[] = [];
  let draining: Promise<void> | null = null;
  let closed = false;
  const health: Health = watchHealth(() => probe());

  /** Tries a small write while the store is read-only. */
  function probe(): Promise<void> {
    return new Promise((resolve, reject) => {
      waiting.push({
        kind: 'statement',
        sql: "INSERT INTO meta (key, value) VALUES ('probe', '1') ON CONFLICT (key) DO UPDATE SET value = 1 - value",
        params: [],
        resolve: () => resolve(),
        reject,
      });
      draining ??= drain();
    });
  }

  async function drain(): Promise<void> {
    // Callers that wake in this turn of the event loop still join the batch.
    await nextTurn();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, options.batch);
      waiting = waiting.slice(options.batch);
      try {
        options.check();
        await runBatch(connection, batch);
      } catch (cause) {
        giveUp(batch, cause);
      }
      await nextTurn();
    }
    draining = null;
  }

  /** Nothing of the batch was written. When writing is impossible, those who wait need not try. */
  function giveUp(batch: readonly Job[], cause: unknown): void {
    let refused = batch;
    if (stopsWriting(cause)) {
      health.stop();
      refused = [...batch, ...waiting];
      waiting = [];
    }
    const error = failure(cause);
    for (const job of refused) {
      job.reject(error);
    }
  }

  function enqueue<T>(make: (resolve: (value: T) => void, reject: (error: unknown) => void) => Job): Promise<T> {
    if (closed) {
      return Promise.reject(new EngineError('STORE_UNUSABLE', { reason: 'The store was closed.' }));
    }
    if (health.readOnly()) {
      return Promise.reject(new EngineError('READ_ONLY', { reason: 'The last attempt to write failed.' }));
    }
    if (waiting.length >= options.maxWaiting) {
      return Promise.reject(new EngineError('BUSY', { waiting: waiting.length }));
    }
    return new Promise((resolve, reject) => {
      waiting.push(make(resolve, reject));
      draining ??= drain();
    });
  }

  return {
    unit: (rows, explain) => enqueue((resolve, reject) => ({ kind: 'unit', rows, explain, resolve, reject })),
    run: (sql, params = []) => enqueue((resolve, reject) => ({ kind: 'statement', sql, params, resolve, reject })),
    transact: <T>(work: (connection: Connection) => Promise<T>) =>
      enqueue<T>((resolve, reject) => ({ kind: 'task', work, resolve: resolve as (value: unknown) => void, reject })),
    readOnly: health.readOnly,
    waiting: () => waiting.length,
    async close() {
      closed = true;
      health.close();
      await draining;
    },
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
