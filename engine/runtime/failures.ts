/** What goes wrong while many things are done side by side. */
import { EngineError } from '../errors.js';

/** What says nothing about the step itself: it is to be tried again, as it is. */
const PASSING: ReadonlySet<string> = new Set(['BUSY', 'READ_ONLY', 'STORE_UNUSABLE', 'VERSION_STALE']);

export function isPassing(error: unknown): error is EngineError {
  return error instanceof EngineError && PASSING.has(error.code);
}

/** Waits until each has ended, one way or the other, and only then throws what the first that failed did: nothing goes on unseen. */
export async function allEnded(works: Iterable<Promise<unknown>>): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((ended) => ended.status === 'rejected');
  if (failed) throw failed.reason;
}
