import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunningEngine } from '../../engine/index.js';
import { below } from '../databases.js';
import { type Engines, openEngines } from './engines.js';

const DAY = 24 * 3_600_000;
const task = {
  'statechart.json': { id: 'task', initial: 'open', states: { open: { after: { 3600000: 'late' } }, late: {} } },
  'process.json': { key: 'task', prefix: 'TSK' },
};
const daily = { ...task, 'process.json': { ...task['process.json'], schedules: { daily: { cron: '0 6 * * *', create: { data: {} } } } } };
const calendar = { kind: 'calendar', zone: 'UTC', week: { mon: [{ from: '08:00', to: '18:00' }] } };

/** Has PostgreSQL answer as it does when a record's row was locked for longer than Charter waits. */
const lock = (url: string, record: string): Promise<void> =>
  below(
    url,
    `CREATE FUNCTION locked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'locked' USING ERRCODE = '55P03'; END $$;
     CREATE TRIGGER locked BEFORE UPDATE ON record_heads FOR EACH ROW WHEN (OLD.id = '${record}') EXECUTE FUNCTION locked();`,
  );
const unlock = (url: string): Promise<void> => below(url, 'DROP TRIGGER locked ON record_heads');

async function alone(process: object): Promise<Engines & { readonly engine: RunningEngine }> {
  const world = await openEngines({ count: 1, processes: { task: { ...process } } });
  const [engine] = world.engines;
  if (!engine) throw new Error('A server is needed.');
  return { ...world, engine };
}

describe('a record that is locked for a while', () => {
  it('is reached by a calendar that changed meanwhile as soon as it no longer is', async () => {
    const { engine, user, url, processesDir } = await alone(task);
    const ann = await user({ id: 'ann' });
    const made = await Promise.all(Array.from({ length: 3 }, () => engine.create({ process: 'task', data: {}, actor: ann })));
    const versions = () => Promise.all(made.map(async ({ record }) => (await engine.record(record.id, ann)).version));
    await engine.wake();
    await lock(url, made[0]?.record.id ?? '');
    writeFileSync(join(processesDir, '..', 'rules', 'reference', 'office.json'), JSON.stringify(calendar));
    await engine.readFolders();
    await expect(engine.wake()).rejects.toMatchObject({ code: 'BUSY' });
    expect((await versions())[0]).toBe(1);
    await unlock(url);
    await engine.wake();
    const timed = await versions();
    for (const version of timed) expect(version).toBeGreaterThan(1);
    await engine.wake();
    expect(await versions()).toEqual(timed);
  });

  it('holds up no schedule while its own timer is due', async () => {
    const { engine, user, url, clock } = await alone(daily);
    const ann = await user({ id: 'ann' });
    const { record } = await engine.create({ process: 'task', data: {}, actor: ann });
    await engine.wake();
    await lock(url, record.id);
    clock.set(clock.now() + DAY);
    await expect(engine.wake()).rejects.toMatchObject({ code: 'BUSY' });
    expect((await engine.list({ processes: ['task'], limit: 9 }, ann)).items).toHaveLength(2);
    expect((await engine.record(record.id, ann)).state).toBe('open');
    await unlock(url);
    await engine.wake();
    expect((await engine.record(record.id, ann)).state).toBe('late');
  });
});
