import { beforeEach, describe, expect, it } from 'vitest';
import { sealAll } from '../../../engine/integrity/sealing.js';
import type { Store } from '../../../engine/store/types.js';
import type { Actor } from '../../../engine/types.js';
import { below } from '../../databases.js';
import { type TestEngine, testEngine } from '../testEngine.js';

const processes = { note: { 'statechart.json': { id: 'note', initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final' } } } } };
const SECRET = 'a secret of the tests only';

let test: TestEngine;
let ann: Actor;
beforeEach(async () => {
  test = await testEngine({ processes });
  ann = await test.user('ann', []);
});

async function notes(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) ids.push((await test.engine.create({ process: 'note', data: {}, actor: ann })).record.id);
  return ids.sort();
}
const close = (record = ''): Promise<unknown> => test.engine.send({ record, type: 'CLOSE', data: {}, actor: ann });
/** The whole of it, of which programs see a part. */
const store = () => test.engine.store as unknown as Store;
const seal = (most: number) => sealAll({ store: store(), clock: test.clock }, SECRET, { changed: most, series: most });
const recordsOf = (heads: string): string[] => (JSON.parse(heads) as [string, number, string][]).map(([record]) => record);
/** Records of which each checkpoint keeps a head. */
async function kept(): Promise<string[][]> {
  const seals = await store().history.checkpoints();
  const rows = await Promise.all(seals.map(({ sequence }) => store().history.checkpoint(sequence)));
  return rows.map((row) => recordsOf(row?.heads ?? '[]'));
}
const problems = async () => (await test.engine.verify()).problems;

describe('a checkpoint', () => {
  it('keeps only the heads that changed since the one before it, and seals all', async () => {
    const ids = await notes(3);
    await test.engine.checkpoint();
    await close(ids[1]);
    const { root } = await test.engine.checkpoint();
    await test.engine.checkpoint();
    expect(await kept()).toEqual([ids, [ids[1]], []]);
    expect(root).toBe((await test.engine.rootNow()).root);
    expect((await test.engine.checkpoints()).map(({ records, entries }) => [records, entries])).toEqual([
      [3, 4],
      [3, 4],
      [3, 3],
    ]);
    expect(await problems()).toEqual([]);
  });

  it('as it is kept outside has all heads, and is judged by itself', async () => {
    const ids = await notes(3);
    await test.engine.checkpoint();
    await close(ids[2]);
    await test.engine.checkpoint();
    const files = [await test.engine.checkpointFile(1), await test.engine.checkpointFile(2)];
    expect(files.map(({ heads }) => recordsOf(heads))).toEqual([ids, ids]);
    expect((await test.engine.verify({ kept: files })).problems).toEqual([]);
    const changed = { ...files[1], heads: files[0]?.heads ?? '' } as (typeof files)[number];
    expect((await test.engine.verify({ kept: [changed] })).problems.map(({ message }) => message)).toEqual([
      'Checkpoint 2 as it was kept outside: Its heads do not give its root.',
    ]);
    await expect(test.engine.checkpointFile(3)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('follows one of an earlier version, which kept all heads and remembered nothing, by keeping all once more', async () => {
    const ids = await notes(2);
    await test.engine.checkpoint();
    await below(test.databaseUrl, 'DELETE FROM sealed_heads');
    await test.engine.checkpoint();
    await close(ids[0]);
    await test.engine.checkpoint();
    expect(await kept()).toEqual([ids, ids, [ids[0]]]);
    expect(await problems()).toEqual([]);
  });

  it('of more heads than one is to keep becomes a series, of which the last seals all', async () => {
    const ids = await notes(5);
    expect(await seal(2)).toMatchObject({ sequence: 3, records: 5, root: (await test.engine.rootNow()).root });
    expect(await kept()).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    await close(ids[4]);
    await seal(2);
    for (const id of ids.slice(0, 3)) await close(id);
    expect(await seal(2)).toMatchObject({ sequence: 7, records: 5, entries: 9 });
    expect(await kept()).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4), ids.slice(4), ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect(await problems()).toEqual([]);
    expect(recordsOf((await test.engine.checkpointFile(6)).heads)).toEqual(ids.slice(0, 4));
    expect((await test.engine.verify({ kept: [await test.engine.checkpointFile(7)] })).problems).toEqual([]);
  });

  it('that servers make at the same time, while people work, is sound', async () => {
    const ids = await notes(6);
    await test.engine.checkpoint();
    await Promise.all([seal(2), close(ids[0]), seal(10), close(ids[3]), seal(3), close(ids[5]), seal(2), notes(2)]);
    await test.engine.checkpoint();
    expect(await problems()).toEqual([]);
  });
});
