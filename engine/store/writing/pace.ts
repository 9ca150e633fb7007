/**
 * When a batch begins. Batches pay for the disk once for many callers; but while one is written nobody decides, and while all decide
 * nothing is written. Where deciding takes about as long as writing, half of the callers are written while the others decide.
 * Where the disk is slow, all share one batch as before.
 */

export interface Pace {
  /**
   * Jobs with which a batch begins at once; fewer wait for those who still join in this turn of the event loop. So many begin before the callers of the batch
   * just written are told, who then decide while it is written. With fewer most callers would decide while next to nothing is written, then wait while
   * nobody decides, and so for ever.
   */
  enough(): number;
  /** A batch was written; `waiting`: jobs that came meanwhile. */
  written(batch: { readonly jobs: number; readonly waiting: number; readonly ms: number }): void;
  /** So many callers were told, and have decided what they want next. */
  decided(callers: { readonly jobs: number; readonly ms: number }): void;
}

/** Of the time a batch takes to be written, what its callers must take to decide, at least, for doing both at once to pay. */
const WORTH = 0.5;
/** Weight of the newest measurement. */
const NEWEST = 0.2;

export function createPace(): Pace {
  let callers = 1;
  /** Milliseconds for each job, to write and to decide. */
  let writing = 0;
  let deciding = 0;
  const blend = (before: number, now: number): number => (before === 0 ? now : before + (now - before) * NEWEST);
  const apart = (): boolean => deciding >= writing * WORTH;
  return {
    enough: () => (callers === 1 ? 1 : apart() ? Math.ceil(callers / 2) : Number.POSITIVE_INFINITY),
    written({ jobs, waiting, ms }) {
      callers = jobs + waiting;
      writing = blend(writing, ms / jobs);
    },
    decided({ jobs, ms }) {
      deciding = blend(deciding, ms / jobs);
    },
  };
}
