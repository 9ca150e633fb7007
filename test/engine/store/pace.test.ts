/** When batches begin: callers who decide while others are written, and a lone caller who waits for nobody. */
import { describe, expect, it } from 'vitest';
import { createPace } from '../../../engine/store/writing/pace.js';
import { createQueue } from '../../../engine/store/writing/queue.js';
import type { Job } from '../../../engine/store/writing/runBatch.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A queue whose batches end when the test says so. */
function heldQueue() {
  const begun: { readonly jobs: readonly Job<number>[]; readonly end: () => void }[] = [];
  const queue = createQueue<number>({
    largest: 64,
    write: (jobs) =>
      new Promise((resolve) => {
        const end = () => {
          for (const job of jobs) (job.resolve as () => void)();
          resolve();
        };
        begun.push({ jobs, end });
      }),
  });
  const answered: number[] = [];
  const add = (name: number) => {
    const job = { kind: 'unit' as const, encoded: name, explain: () => Promise.reject(new Error('unused')) };
    queue.add({ ...job, resolve: () => void answered.push(name), reject: () => undefined });
  };
  return { queue, begun, answered, add };
}

describe('the pace of batches', () => {
  /** Writing a step takes half a millisecond; deciding one takes `deciding`. */
  function measured(deciding: number, { jobs, waiting }: { jobs: number; waiting: number }) {
    const pace = createPace();
    pace.written({ jobs, waiting, ms: jobs / 2 });
    pace.decided({ jobs, ms: jobs * deciding });
    return pace;
  }

  it('halves the callers where deciding takes as long as writing', () => {
    const pace = measured(0.5, { jobs: 32, waiting: 32 });
    expect(pace.enough()).toBe(32);
  });

  it('tells a full batch first when hardly anyone waits, so that it comes to two halves again', () => {
    const pace = measured(0.5, { jobs: 63, waiting: 1 });
    expect(pace.enough()).toBe(32);
  });

  it('lets all share one batch where the disk is slow', () => {
    const pace = measured(0.01, { jobs: 32, waiting: 32 });
    expect(pace.enough()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the queue of writes', () => {
  it('begins at once for a lone caller', () => {
    const { begun, add } = heldQueue();
    add(1);
    expect(begun).toHaveLength(1);
  });

  it('gathers those who come while a batch is written into the next one, in their order', async () => {
    const { begun, answered, add } = heldQueue();
    add(1);
    for (const name of [2, 3, 4]) add(name);
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await turn();
    await turn();
    expect(answered).toEqual([1]);
    expect(begun[1]?.jobs.map((job) => (job.kind === 'unit' ? job.encoded : null))).toEqual([2, 3, 4]);
  });

  it('answers nobody before his batch is written', async () => {
    const { begun, answered, add } = heldQueue();
    add(1);
    await turn();
    expect(answered).toEqual([]);
    begun[0]?.end();
    await turn();
    expect(answered).toEqual([1]);
  });

  it('is idle only when all of it is written', async () => {
    const { queue, begun, add } = heldQueue();
    add(1);
    add(2);
    let idle = false;
    void queue.idle().then(() => (idle = true));
    begun[0]?.end();
    await turn();
    await turn();
    expect(idle).toBe(false);
    begun[1]?.end();
    await turn();
    expect(idle).toBe(true);
    expect(queue.waiting()).toBe(0);
  });
});
