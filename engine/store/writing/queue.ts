/** Jobs that wait for the database, one batch at a time. Which wait, when a batch begins, and when its callers hear of it. */
import { monotonic } from '../../clock.js';
import { createPace } from './pace.js';
import type { Job } from './runBatch.js';

export interface Queue<E> {
  add(job: Job<E>): void;
  readonly waiting: () => number;
  /** Takes back what has not begun. */
  takeAll(): Job<E>[];
  /** Resolves when nothing waits and nothing is being written. */
  idle(): Promise<void>;
}

export interface QueueOptions<E> {
  readonly largest: number;
  /** Writes a batch and answers all of its jobs. Never rejects. */
  readonly write: (batch: readonly Job<E>[]) => Promise<void>;
}

export function createQueue<E>({ largest, write }: QueueOptions<E>): Queue<E> {
  const pace = createPace();
  let waiting: Job<E>[] = [];
  /** What is to be said to callers once the batch is written. */
  let answers: (() => void)[] = [];
  let writing = false;
  let turnAwaited = false;
  let whenIdle: (() => void)[] = [];

  /** Callers that wake in this turn of the event loop still join the batch. */
  function beginAfterTurn(): void {
    if (!turnAwaited) {
      turnAwaited = true;
      setImmediate(() => {
        turnAwaited = false;
        begin();
      });
    }
  }

  /** Hands the next batch to the database within this very turn: what is decided in the rest of it is decided meanwhile. */
  function begin(): void {
    if (writing || waiting.length === 0) {
      return;
    }
    const batch = waiting.slice(0, largest);
    waiting = waiting.slice(largest);
    writing = true;
    const began = monotonic();
    void write(batch).then(() => ended(batch.length, monotonic() - began));
  }

  function ended(jobs: number, ms: number): void {
    const say = answers;
    answers = [];
    writing = false;
    pace.written({ jobs, waiting: waiting.length, ms });
    if (waiting.length >= pace.enough()) {
      begin();
    }
    for (const answer of say) {
      answer();
    }
    const told = monotonic();
    setImmediate(() => pace.decided({ jobs, ms: monotonic() - told }));
    if (writing) {
      return;
    }
    if (waiting.length > 0) {
      beginAfterTurn();
    } else {
      for (const resolve of whenIdle) {
        resolve();
      }
      whenIdle = [];
    }
  }

  return {
    add(job) {
      waiting.push(answeringLater(job, (answer) => void answers.push(answer)));
      if (!writing && waiting.length >= pace.enough()) {
        begin();
      } else if (!writing) {
        beginAfterTurn();
      }
    },
    waiting: () => waiting.length,
    takeAll() {
      const all = waiting;
      waiting = [];
      return all;
    },
    idle: () => (writing || waiting.length > 0 ? new Promise((resolve) => whenIdle.push(resolve)) : Promise.resolve()),
  };
}

/** The same job; its answers are kept until the next batch is under way. */
function answeringLater<E>(job: Job<E>, keep: (answer: () => void) => void): Job<E> {
  const { resolve, reject } = job as { resolve: (value?: unknown) => void; reject: (error: unknown) => void };
  return { ...job, resolve: (value?: unknown) => keep(() => resolve(value)), reject: (error: unknown) => keep(() => reject(error)) } as Job<E>;
}
