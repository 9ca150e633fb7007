import { describe, expect, it } from 'vitest';
import { createEngine, EngineError } from '../../engine/index.js';
import { loadDriver } from '../../engine/store/driver/load.js';
import { onPostgres } from '../databases.js';
import { ann, Ledger, settleAccounts } from './ledger.js';
import { account, inRounds, patience } from './long.js';
import { newPlace, storesOfLongRuns } from './place.js';

/** Writes that may wait; the engine refuses what comes beyond. */
const MOST = 10_000;
const BEYOND = 400;
const MEMORY = 400 * 1024 * 1024;

/** Keeps everybody from writing for as long as `work` takes, as a long transaction of another program does. */
async function writingHeldUp(url: string, work: () => Promise<void>): Promise<void> {
  if (!url.startsWith('sqlite:'))
    return onPostgres(url, async (client) => {
      await client.query('BEGIN; LOCK TABLE history IN SHARE ROW EXCLUSIVE MODE');
      await work();
      await client.query('ROLLBACK');
    });
  const { module } = loadDriver('auto');
  const path = url.replace(/^sqlite:/, '');
  const database = await new Promise<InstanceType<typeof module.Database>>((resolve, reject) => {
    const opened = new module.Database(path, module.OPEN_READWRITE, (failed) => (failed ? reject(failed) : resolve(opened)));
  });
  const run = (sql: string): Promise<void> => new Promise((resolve, reject) => database.exec(sql, (failed) => (failed ? reject(failed) : resolve())));
  await run('BEGIN IMMEDIATE');
  await work();
  await run('ROLLBACK');
  await new Promise<void>((resolve) => database.close(() => resolve()));
}

describe.each(storesOfLongRuns)('an engine that is asked for more writes than may wait, over $name', (kind) => {
  it(
    'refuses those beyond with BUSY and carries out no part of them, keeps its memory, and writes all it accepted',
    async () => {
      const sum = { kills: 0, acknowledged: 0, found: 0, entries: 0, chains: 0, refused: 0, mostWaiting: 0, memoryMiB: 0 };
      await inRounds(1, async () => {
        const place = await newPlace(kind);
        const engine = await createEngine(place.options);
        const { record } = await engine.create({ process: 'job', data: { title: 'first' }, actor: ann });
        const ledger = new Ledger();
        const refused = new Set<string>();
        const before = process.memoryUsage.rss();
        const once = async (token: string): Promise<void> => {
          try {
            ledger.took(await engine.create({ process: 'job', data: { title: token }, actor: ann }));
          } catch (error) {
            if (!(error instanceof EngineError) || error.code !== 'BUSY') throw error;
            refused.add(token);
          }
        };
        let asked: Promise<unknown> = Promise.resolve();
        await writingHeldUp(place.databaseUrl, async () => {
          asked = Promise.all(Array.from({ length: MOST + BEYOND }, (_, index) => once(`asked ${index}`)));
          await expect.poll(() => refused.size, { timeout: 25_000 }).toBeGreaterThan(BEYOND / 2);
          sum.mostWaiting = Math.max(sum.mostWaiting, engine.store.waiting());
          sum.memoryMiB = Math.max(sum.memoryMiB, Math.round((process.memoryUsage.rss() - before) / 1024 / 1024));
          // Who reads waits for nobody who writes.
          expect((await engine.record(record.id, ann)).data).toMatchObject({ title: 'first' });
        });
        await asked;
        ledger.took(await engine.create({ process: 'job', data: { title: 'afterwards' }, actor: ann }));
        const { history, ...found } = await settleAccounts(engine, ledger);
        expect(ledger.steps.length + refused.size).toBe(MOST + BEYOND + 1);
        expect(history.filter(({ data }) => refused.has(String(data.title)))).toEqual([]);
        for (const name of ['acknowledged', 'found', 'entries', 'chains'] as const) sum[name] += found[name];
        sum.refused += refused.size;
        await engine.close();
      });
      account(`back-pressure of the writer, ${kind.name}`, sum);
      expect(sum.mostWaiting).toBeLessThanOrEqual(MOST);
      expect(sum.mostWaiting).toBeGreaterThan(MOST - 200);
      expect(sum.memoryMiB * 1024 * 1024).toBeLessThan(MEMORY);
    },
    patience(30),
  );
});
