/** Writes a batch, again where that is right: after it crossed another server's, and after the connection was lost. */
import { pause } from '../../clock.js';
import { faultOf } from '../failures.js';
import { type Job, type Place, runBatch } from './runBatch.js';

/** Times a batch is tried again after it crossed another server's. */
const mostCrossings = 10;

/** Answers every job of the batch, or throws and has answered only those that were written. `regain`: see `WriterOptions`. */
export async function writeBatch<E>(place: Place<E>, batch: readonly Job<E>[], regain: (() => Promise<void>) | undefined): Promise<void> {
  let left = batch;
  for (let crossings = 0; left.length > 0; ) {
    try {
      await runBatch(place, left);
      return;
    } catch (cause) {
      const fault = faultOf(cause);
      if (fault === 'crossed' && crossings < mostCrossings) {
        crossings += 1;
        await pause(Math.random() * 5 * crossings);
      } else if (fault === 'lost' && regain) {
        await regain();
        left = await unwritten(place, left);
      } else {
        throw cause;
      }
    }
  }
}

/** The connection went while a batch was under way: those of its units that the store has are answered, the others are tried again. */
async function unwritten<E>({ units, connection }: Place<E>, batch: readonly Job<E>[]): Promise<Job<E>[]> {
  const left: Job<E>[] = [];
  for (const job of batch) {
    if (job.kind === 'unit' && (await units.written?.(connection, job.encoded)) === true) {
      job.resolve();
    } else {
      left.push(job);
    }
  }
  return left;
}
