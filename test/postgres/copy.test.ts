import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEngine, type RunningEngine } from '../../engine/index.js';
import { copyStore } from '../../engine/store/index.js';
import { type TestEngine, testEngine } from '../engine/testEngine.js';
import { newDatabase } from '../databases.js';

const only = ['incident', 'problem', 'service'];

/** A store with incidents, comments, links, timers and a checkpoint in it. */
async function world(): Promise<TestEngine & { readonly numbers: readonly string[] }> {
  const test = await testEngine({ only });
  const { engine } = test;
  const ann = await test.user('ann', ['service-desk']);
  const numbers: string[] = [];
  for (const title of ['Der Drucker streikt', 'Ğ ve ş görünmüyor']) {
    const { record } = await engine.create({
      process: 'incident',
      data: { summary: title, caller: 'Third floor', impact: 'high', urgency: 'high' },
      actor: ann,
    });
    await engine.comment({ record: record.id, text: `About ${title}`, internal: false, actor: ann });
    numbers.push(record.number);
  }
  await engine.checkpoint();
  return { ...test, numbers };
}

async function openOn(databaseUrl: string, like: TestEngine): Promise<RunningEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-copy-'));
  const engine = await createEngine({
    databaseUrl,
    dataDir: folder,
    processesDir: join(folder, 'none'),
    rulesDir: join(folder, 'none'),
    publishFolders: false,
    clock: like.clock,
    secretKey: 'a secret of the tests only',
  });
  onTestFinished(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });
  return engine;
}

/** Everything a reader can see of the records, and what verification says. */
async function seen(engine: RunningEngine, numbers: readonly string[]): Promise<unknown> {
  const ann = { id: 'ann', roles: ['service-desk'], teams: [] };
  const records = await Promise.all(numbers.map((number) => engine.record(number, ann)));
  const histories = await Promise.all(numbers.map((number) => engine.history(number, ann, { limit: 100 })));
  const found = await engine.list({ q: 'goru', limit: 10 }, ann);
  const { problems, entries, checkpoints } = await engine.verify();
  return { records, histories, found: found.items.map(({ number }) => number), problems, entries, checkpoints };
}

describe('a copy of a store', () => {
  it('goes from PostgreSQL into a file and from there back, and nothing is lost or altered on either way', async () => {
    const test = await world();
    const file = `sqlite:${join(test.folder, 'copy.sqlite')}`;
    const { rows } = await copyStore({ from: test.databaseUrl, to: file });
    expect(rows).toMatchObject({ records: 2, comments: 2, checkpoints: 1, sealed_heads: 2, users: 1 });
    const back = await newDatabase('');
    onTestFinished(() => back.drop());
    expect((await copyStore({ from: file, to: back.url })).rows).toEqual(rows);

    const original = await seen(test.engine, test.numbers);
    expect(original).toMatchObject({ problems: [], found: [test.numbers[1]] });
    expect(await seen(await openOn(file, test), test.numbers)).toEqual(original);
    expect(await seen(await openOn(back.url, test), test.numbers)).toEqual(original);
  });

  it('works on: numbers, entries and timers go on from where they were', async () => {
    const test = await world();
    const back = await newDatabase('');
    onTestFinished(() => back.drop());
    await copyStore({ from: test.databaseUrl, to: back.url });
    const engine = await openOn(back.url, test);
    const ann = { id: 'ann', roles: ['service-desk'], teams: [] };
    const { record } = await engine.create({
      process: 'incident',
      data: { summary: 'After the move', caller: 'Ann', impact: 'low', urgency: 'low' },
      actor: ann,
    });
    expect(record.number).toBe('INC-000003');
    const timers = (one: RunningEngine) =>
      one.advanceTo(test.clock.now() + 40 * 24 * 3_600_000).then(() => one.history(test.numbers[0] ?? '', ann, { limit: 100 }));
    const [copied] = [await timers(engine)];
    expect(copied.items.some(({ event }) => event.startsWith('clock.'))).toBe(true);
    expect((await engine.verify()).problems).toEqual([]);
  });

  it('is the state of one moment, although work goes on meanwhile', async () => {
    const test = await world();
    const ann = { id: 'ann', roles: ['service-desk'], teams: [] };
    const file = `sqlite:${join(test.folder, 'copy.sqlite')}`;
    let copied = false;
    const copying = copyStore({ from: test.databaseUrl, to: file }).finally(() => {
      copied = true;
    });
    let made = 0;
    while (!copied) {
      await test.engine.create({ process: 'incident', data: { summary: `Meanwhile ${made}`, caller: 'Ann', impact: 'low', urgency: 'low' }, actor: ann });
      made += 1;
    }
    const { rows } = await copying;
    expect(made).toBeGreaterThan(0);
    const report = await (await openOn(file, test)).verify();
    expect(report).toMatchObject({ problems: [], records: rows.records });
  });

  it('is refused into a database that holds something, which stays as it is', async () => {
    const test = await world();
    const other = await world();
    await expect(copyStore({ from: test.databaseUrl, to: other.databaseUrl })).rejects.toMatchObject({ code: 'STORE_UNUSABLE' });
    expect((await other.engine.verify()).problems).toEqual([]);
  });
});
