import { describe, expect, it } from 'vitest';
import { gatherHeads } from '../../../engine/integrity/checkpoint.js';
import { MergedHeads } from '../../../engine/integrity/mergedHeads.js';
import type { ChainEnd } from '../../../engine/store/types.js';
import { createRandom } from './random.js';

const nameOf = (number: number): string => `record-${String(number).padStart(6, '0')}`;
const textOf = (heads: readonly ChainEnd[]): string => `[${heads.map(({ record, sequence, hash }) => JSON.stringify([record, sequence, hash])).join(',')}]`;
const byRecord = (one: ChainEnd, other: ChainEnd): number => (one.record < other.record ? -1 : 1);

function mergeAll(merged: MergedHeads, heads: readonly ChainEnd[], { alone = false, suspect = new Set<string>() } = {}) {
  const yielded: string[] = [];
  const merging = merged.merge(textOf(heads), { alone, suspect });
  for (;;) {
    const next = merging.next();
    if (next.done) return { yielded, ...next.value };
    yielded.push(next.value.record);
  }
}

describe('heads of many checkpoints', () => {
  it('give together what all of them give at once, wherever records change, come and go', async () => {
    const random = createRandom(4);
    const merged = new MergedHeads();
    const all = new Map<string, ChainEnd>();
    for (const [first, count, gone] of [
      [0, 5_000, 0],
      [4_000, 1, 0],
      [5_000, 3_000, 0],
      [0, 0, 0],
      [1_023, 3, 0],
      [9_000, 1_500, 0],
      [8_500, 1, 0],
      [100, 2, 1],
      [7_000, 50, 700],
      [200, 1, 0],
    ] as const) {
      const heads: ChainEnd[] = [];
      for (let number = first; number < first + count; number += 1) {
        const record = nameOf(number);
        heads.push({ record, sequence: (all.get(record)?.sequence ?? 0) + 1, hash: 'f'.repeat(64) });
      }
      const old = [...all.keys()].filter((record) => !heads.some((head) => head.record === record));
      for (let n = 0; n < gone; n += 1) {
        const record = random.pick(old);
        if (!heads.some((head) => head.record === record)) heads.push({ record, sequence: 0, hash: '' });
      }
      for (const head of heads)
        if (head.sequence > 0) all.set(head.record, head);
        else all.delete(head.record);
      heads.sort(byRecord);
      const expected = [...all.values()].sort(byRecord);
      const { yielded, records, root } = mergeAll(merged, heads);
      expect(yielded).toEqual(heads.filter(({ sequence }) => sequence > 0).map(({ record }) => record));
      expect({ records, root }).toEqual({ records: expected.length, root: (await gatherHeads([expected])).root });
      expect(merged.text()).toBe(textOf(expected));
    }
  });

  it('are looked at again where they are suspect, and dropped where a checkpoint stands alone', async () => {
    const merged = new MergedHeads();
    const heads = Array.from({ length: 3_000 }, (_, number): ChainEnd => ({ record: nameOf(number), sequence: 1, hash: 'f'.repeat(64) }));
    mergeAll(merged, heads);
    const suspect = new Set([JSON.stringify([nameOf(1_500), 1, 'f'.repeat(64)])]);
    expect(mergeAll(merged, [], { suspect }).yielded).toEqual([nameOf(1_500)]);
    const few = heads.slice(1_000, 1_010);
    expect(mergeAll(merged, few, { alone: true })).toEqual({ yielded: [], records: 10, root: (await gatherHeads([few])).root });
    expect(merged.text()).toBe(textOf(few));
  });
});
