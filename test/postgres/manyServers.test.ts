import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pause, type RunningEngine } from '../../engine/index.js';
import { sealDaily } from '../../engine/integrity/index.js';
import { rowsBelow } from '../databases.js';
import { MONDAY } from '../engine/testEngine.js';
import { openEngines } from './engines.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const task = {
  'statechart.json': {
    id: 'task',
    initial: 'open',
    states: {
      open: { on: { NOTE: { meta: { title: 'Note' } }, PAUSE: 'paused', CLOSE: 'closed' }, after: { 3600000: 'late' } },
      paused: { on: { RESUME: 'open' } },
      late: { on: { CLOSE: 'closed' } },
      closed: { type: 'final' },
    },
  },
  'process.json': { key: 'task', prefix: 'TSK' },
};
const daily = { ...task, 'process.json': { ...task['process.json'], schedules: { daily: { cron: '0 6 * * *', create: { data: {} } } } } };

const both = (engines: readonly RunningEngine[]): readonly [RunningEngine, RunningEngine] => {
  const [one, other] = engines;
  if (!one || !other) throw new Error('Two servers are needed.');
  return [one, other];
};
const count = async (url: string, from: string): Promise<number> => Number((await rowsBelow<{ n: unknown }>(url, `SELECT count(*) AS n FROM ${from}`))[0]?.n);

describe('servers that share a database', () => {
  it('take a request that reaches two of them at once under one key as one', async () => {
    const { engines, user } = await openEngines({ count: 3, processes: { task } });
    const ann = await user({ id: 'ann' });
    for (let round = 0; round < 10; round += 1) {
      const create = (engine: RunningEngine) =>
        engine.create({ process: 'task', data: {}, actor: ann, idempotency: { scope: `create ${round}`, bodyHash: 'same' } });
      const made = await Promise.all(engines.map(create));
      expect(new Set(made.map(({ record }) => record.id)).size).toBe(1);
      const id = made[0]?.record.id ?? '';
      for (const type of ['NOTE', 'CLOSE']) {
        const send = (engine: RunningEngine) =>
          engine.send({ record: id, type, data: {}, actor: ann, idempotency: { scope: `${type} ${round}`, bodyHash: 'same' } });
        const sent = await Promise.all(engines.map(send));
        expect(new Set(sent.map(({ entry }) => entry.hash)).size).toBe(1);
      }
      expect((await engines[0]?.record(id, ann))?.version).toBe(3);
    }
  });

  it('do what is no step once, and all give the same answer', async () => {
    const { engines } = await openEngines({ count: 3, processes: { task } });
    let done = 0;
    const ask = (engine: RunningEngine) =>
      engine.once({ scope: 'publish it', bodyHash: 'same' }, async () => {
        done += 1;
        const mine = done;
        await pause(100);
        return mine;
      });
    expect(await Promise.all(engines.map(ask))).toEqual([1, 1, 1]);
  });

  it('fire each timer once, in whichever state another has brought the record', async () => {
    const { engines, clock, user } = await openEngines({ processes: { task } });
    const [one, other] = both(engines);
    const ann = await user({ id: 'ann' });
    const made = await Promise.all(Array.from({ length: 40 }, () => one.create({ process: 'task', data: {}, actor: ann })));
    clock.set(MONDAY + HOUR);
    const ran = await Promise.all([one.wake(), other.wake(), one.wake(), other.wake()]);
    expect(ran.reduce((sum, { timers }) => sum + timers, 0)).toBe(40);
    for (const { record } of made) expect((await other.history(record.id, ann, { limit: 9 })).items).toHaveLength(2);
    expect((await one.verify()).problems).toEqual([]);
  });

  it('do not fire a timer that another server has moved since', async () => {
    const { engines, clock, user } = await openEngines({ processes: { task } });
    const [one, other] = both(engines);
    const ann = await user({ id: 'ann' });
    const { record } = await one.create({ process: 'task', data: {}, actor: ann });
    clock.set(MONDAY + HOUR - 1);
    // What `one` remembers of the record is the state that it made.
    await other.send({ record: record.id, type: 'PAUSE', data: {}, actor: ann });
    await other.send({ record: record.id, type: 'RESUME', data: {}, actor: ann });
    clock.set(MONDAY + HOUR);
    await one.wake();
    expect((await one.record(record.id, ann)).version).toBe(3);
    clock.set(MONDAY + 2 * HOUR - 1);
    await one.wake();
    expect((await one.record(record.id, ann)).state).toBe('late');
  });

  it('open one record for each occurrence of a schedule, and none fails', async () => {
    const { engines, clock, user } = await openEngines({ count: 3, processes: { task: daily } });
    const ann = await user({ id: 'ann', roles: ['administrator'] });
    await Promise.all(engines.map((engine) => engine.wake()));
    for (let day = 1; day <= 5; day += 1) {
      clock.set(MONDAY + day * DAY);
      await Promise.all(engines.map((engine) => engine.wake()));
    }
    const list = await engines[0]?.list({ processes: ['task'], limit: 50 }, ann);
    expect(list?.items).toHaveLength(5);
    expect((await engines[1]?.operations(ann))?.failedJobs).toEqual([]);
  });

  it('seal the day once', async () => {
    const { engines, clock, user } = await openEngines({ count: 3, processes: { task } });
    const ann = await user({ id: 'ann' });
    await engines[0]?.create({ process: 'task', data: {}, actor: ann });
    const told: string[] = [];
    const seal = (engine: RunningEngine) =>
      sealDaily(
        { store: engine.store, clock } as unknown as Parameters<typeof sealDaily>[0],
        'a secret of the tests only',
        (message) => void told.push(message),
      );
    await Promise.all(engines.map(seal));
    expect(told).toEqual(['checkpoint sealed']);
    // Asked for on all at the same moment, each gets its own, one after another.
    const asked = await Promise.all(engines.map((engine) => engine.checkpoint()));
    expect(asked.map(({ sequence }) => sequence).sort()).toEqual([2, 3, 4]);
    expect((await engines[0]?.verify())?.problems).toEqual([]);
  });

  it('bring a definition that all find in their folders into force once', async () => {
    const { engines, url, processesDir } = await openEngines({ count: 4, processes: { task }, atOnce: true });
    expect(await count(url, 'activations')).toBe(1);
    mkdirSync(join(processesDir, 'second'));
    writeFileSync(join(processesDir, 'second', 'statechart.json'), JSON.stringify({ id: 'second', initial: 'open', states: { open: {} } }));
    await Promise.all(engines.map((engine) => engine.readFolders()));
    expect(await count(url, 'activations')).toBe(2);
    expect(await count(url, 'reference_versions')).toBe(1);
  });

  it('do not put what a folder holds in place of what was published on another meanwhile', async () => {
    const { engines, user, processesDir } = await openEngines({ processes: { task } });
    const [one, other] = both(engines);
    const olga = await user({ id: 'olga', roles: ['process-owner'] });
    const chart = (state: string) => JSON.stringify({ id: 'task', initial: state, states: { [state]: {} } });
    const { hash } = await one.publish({
      process: 'task',
      files: { 'statechart.json': chart('published'), 'process.json': JSON.stringify(task['process.json']) },
      note: '',
      actor: olga,
      source: 'browser',
    });
    writeFileSync(join(processesDir, 'task', 'statechart.json'), chart('inFolder'));
    await other.readFolders();
    expect((await one.versions('task', olga)).find(({ current }) => current)?.hash).toBe(hash);
    expect(other.folderProblems().waiting).toMatchObject([{ process: 'task' }]);
  });

  it('count deadlines anew once for all when a calendar changes', async () => {
    const { engines, user, processesDir } = await openEngines({ count: 3, processes: { task } });
    const ann = await user({ id: 'ann' });
    const made = await Promise.all(Array.from({ length: 20 }, () => engines[0]?.create({ process: 'task', data: {}, actor: ann })));
    await Promise.all(engines.map((engine) => engine.wake()));
    writeFileSync(
      join(processesDir, '..', 'rules', 'reference', 'office.json'),
      JSON.stringify({ kind: 'calendar', zone: 'UTC', week: { mon: [{ from: '08:00', to: '18:00' }] } }),
    );
    await engines[0]?.readFolders();
    await Promise.all(engines.map((engine) => engine.wake()));
    await Promise.all(engines.map((engine) => engine.wake()));
    for (const each of made) expect((await engines[1]?.record(each?.record.id ?? '', ann))?.version).toBe(2);
  });
});
