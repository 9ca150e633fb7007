import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type CutReport, createEngine, createManualClock, cutStore, type HistoryView, type ManualClock, type RunningEngine } from '../../../engine/index.js';
import { faultProcesses, layProcesses } from '../../faults/processes.js';

const START = Date.parse('2026-03-02T09:00:00Z');
const MINUTE = 60_000;
const ann = { id: 'ann', roles: ['process-owner', 'administrator'], teams: [] };
const auditor = { id: 'ada', roles: ['auditor'], teams: [] };

interface World {
  readonly engine: RunningEngine;
  readonly clock: ManualClock;
  /** The store as it is now, cut back to the instant, opened anew. */
  cut(
    at: number,
    asked?: { readonly alsoEarlier: boolean },
  ): Promise<{ readonly engine: RunningEngine; readonly report: CutReport; readonly clock: ManualClock }>;
}

let world: World;
beforeEach(async () => void (world = await begin()));

async function begin(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-cut-'));
  layProcesses(join(folder, 'processes'), faultProcesses(0));
  mkdirSync(join(folder, 'rules'));
  const open: RunningEngine[] = [];
  onTestFinished(async () => {
    for (const engine of open) await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (name: string, at: number) => {
    const clock = createManualClock(at);
    const engine = await createEngine({
      databaseUrl: `sqlite:${join(folder, `${name}.sqlite`)}`,
      dataDir: folder,
      processesDir: join(folder, 'processes'),
      rulesDir: join(folder, 'rules'),
      secretKey: 'a secret for cutting only, long enough',
      clock,
      publishFolders: name === 'whole',
    });
    open.push(engine);
    return { engine, clock };
  };
  const { engine, clock } = await start('whole', START);
  let copies = 0;
  return {
    engine,
    clock,
    async cut(at, asked = { alsoEarlier: false }) {
      const name = `cut-${(copies += 1)}`;
      await engine.store.backup(join(folder, `${name}.sqlite`));
      const report = await cutStore({ databaseUrl: `sqlite:${join(folder, `${name}.sqlite`)}`, at, ...asked });
      return { report, ...(await start(name, at)) };
    },
  };
}

const job = async (title: string): Promise<string> => (await world.engine.create({ process: 'job', data: { title }, actor: ann })).record.id;
const send = (record: string, type: string, data = {}) => world.engine.send({ record, type, data, actor: ann });
const later = (minutes: number): void => world.clock.set(world.clock.now() + minutes * MINUTE);

async function historyOf(engine: RunningEngine): Promise<readonly HistoryView[]> {
  return (await engine.entries({ limit: 200, direction: 'asc' }, auditor)).items;
}

async function isSound(engine: RunningEngine): Promise<void> {
  const { problems, warnings } = await engine.verify();
  expect([problems, warnings]).toEqual([[], []]);
}

describe('a store cut back to an instant', () => {
  it('is as it was then: records, history, comments, links, lists, search; and verifies', async () => {
    const [one, two] = [await job('one'), await job('two')];
    await world.engine.link({ record: one, name: 'peer', to: two, actor: ann });
    await world.engine.comment({ record: one, text: 'said before', actor: ann });
    const then = { record: await world.engine.record(one, ann), timers: await world.engine.timers(one, ann), history: await historyOf(world.engine) };
    const at = world.clock.now();
    later(1);
    await world.engine.link({ record: one, name: 'peer', to: two, remove: true, actor: ann });
    const three = await job('three');
    await world.engine.link({ record: two, name: 'peer', to: three, actor: ann });
    await world.engine.comment({ record: one, text: 'said after', actor: ann });
    await send(one, 'SPAWN');
    await send(one, 'START');
    const { engine, report } = await world.cut(at);
    expect(report).toMatchObject({ recordsRemoved: 2, recordsRebuilt: 2, keptWhole: [], attachmentsRemoved: [] });
    await isSound(engine);
    expect(await historyOf(engine)).toEqual(then.history);
    expect(await engine.record(one, ann)).toEqual(then.record);
    expect(await engine.timers(one, ann)).toEqual(then.timers);
    expect((await engine.comments(one, ann)).map(({ text }) => text)).toEqual(['said before']);
    expect((await engine.links(one, ann)).map(({ direction, record }) => [direction, record.id])).toEqual([['out', two]]);
    expect(await engine.links(two, ann)).toHaveLength(1);
    await expect(engine.record(three, ann)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    expect((await engine.list({ q: 'three', limit: 10 }, ann)).items).toEqual([]);
    expect((await engine.list({ q: 'two', limit: 10 }, ann)).items).toHaveLength(1);
  });

  it('is refused when a clock that had run ahead would take along what was recorded before, and says how much; done when that is meant', async () => {
    const began = world.clock.now();
    await job('before');
    world.clock.set(began + 24 * 60 * MINUTE);
    await job('by a clock a day ahead');
    world.clock.set(began + 10 * MINUTE);
    for (const title of ['lost', 'lost as well']) await job(title);
    later(10);
    await job('within the minute that clocks may differ');
    const at = world.clock.now();
    later(10);
    await job('after');
    await expect(world.cut(at)).rejects.toMatchObject({ code: 'CUT_TOO_WIDE', facts: { entries: 2, after: new Date(began + 24 * 60 * MINUTE).toISOString() } });
    const { engine, report } = await world.cut(at, { alsoEarlier: true });
    expect(report).toMatchObject({ entriesRemoved: 5, earlierRemoved: 2 });
    await isSound(engine);
    expect((await engine.list({ limit: 10 }, ann)).items).toHaveLength(1);
  });

  it('goes on from there: timers fire that had not, signals arrive that had not, numbers are not given twice', async () => {
    const [one, two] = [await job('one'), await job('two')];
    await world.engine.link({ record: one, name: 'peer', to: two, actor: ann });
    await send(one, 'START');
    await send(one, 'TELL', { token: 'news' });
    const at = world.clock.now();
    world.clock.set(at + 10);
    await world.engine.wake();
    later(1);
    await world.engine.wake();
    await job('three');
    const heard = (history: readonly HistoryView[]) => history.filter(({ event }) => event === 'job.HEAR').length;
    expect(heard(await historyOf(world.engine))).toBe(1);
    const { engine, clock } = await world.cut(at);
    expect(heard(await historyOf(engine))).toBe(0);
    expect((await engine.record(one, ann)).state).toBe('busy');
    clock.set(at + MINUTE);
    await engine.wake();
    expect((await engine.record(one, ann)).data).toMatchObject({ fired: 1 });
    expect((await engine.record(two, ann)).data).toMatchObject({ heard: 1 });
    expect((await engine.create({ process: 'job', data: { title: 'four' }, actor: ann })).record.number).toBe('JOB-000004');
    await isSound(engine);
  });

  it('does not deliver again what had arrived by then, and gives no old answer to a request of which nothing is left', async () => {
    const [one, two] = [await job('one'), await job('two')];
    await world.engine.link({ record: one, name: 'peer', to: two, actor: ann });
    await send(one, 'TELL', { token: 'news' });
    await world.engine.wake();
    const idempotency = { scope: 'ann comment', bodyHash: '0' };
    const at = world.clock.now();
    later(1);
    const first = await world.engine.comment({ record: one, text: 'later', actor: ann, idempotency });
    const { engine } = await world.cut(at);
    expect(await engine.wake()).toMatchObject({ effects: 0 });
    expect((await engine.record(two, ann)).data).toMatchObject({ heard: 1 });
    const again = await engine.comment({ record: one, text: 'later', actor: ann, idempotency });
    expect([again.entry.sequence, again.entry.hash === first.entry.hash]).toEqual([first.entry.sequence, false]);
    await isSound(engine);
  });

  it('keeps checkpoints that seal only what is left, and leaves a mark', async () => {
    const one = await job('one');
    await world.engine.checkpoint();
    const at = world.clock.now();
    later(1);
    await send(one, 'START');
    await world.engine.checkpoint();
    const kept = await world.engine.checkpointFile(2);
    const { engine, report } = await world.cut(at);
    expect(report.checkpointsRemoved).toBe(1);
    expect((await engine.checkpoints()).map(({ sequence }) => sequence)).toEqual([1]);
    await isSound(engine);
    // Who kept the later seal outside sees that the copy was cut.
    expect((await engine.verify({ kept: [kept] })).problems.map(({ kind }) => kind)).toContain('checkpoint');
    // What only that one sealed is sealed again.
    await engine.checkpoint();
    await isSound(engine);
  });

  it('leaves a record of which values were erased as it is, with those it is linked with, and names it', async () => {
    const one = await job('one');
    const at = world.clock.now();
    later(1);
    const two = await job('two');
    await world.engine.link({ record: one, name: 'peer', to: two, actor: ann });
    const three = await job('three');
    await world.engine.erase({ record: one, fields: ['title'], reason: 'asked for', actor: ann });
    const { engine, report } = await world.cut(at);
    expect(report.keptWhole.map(({ number }) => number).sort()).toEqual(['JOB-000001', 'JOB-000002']);
    expect(await engine.record(one, ann)).toMatchObject({ version: 3 });
    await expect(engine.record(three, ann)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' });
    await isSound(engine);
  });

  it('is whole when nothing came after, and empty when everything did', async () => {
    await send(await job('one'), 'START');
    const whole = await world.cut(world.clock.now());
    expect(whole.report).toMatchObject({ entriesRemoved: 0, recordsRemoved: 0, recordsRebuilt: 0 });
    expect(await whole.engine.kept()).toEqual({ records: 1, entries: 2 });
    await isSound(whole.engine);
    const none = await world.cut(START - 1);
    expect(await none.engine.kept()).toEqual({ records: 0, entries: 0 });
    await isSound(none.engine);
  });
});
