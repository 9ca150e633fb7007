import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../engine/errors.js';
import { testEngine } from './testEngine.js';

const refusal = async (work: Promise<unknown>): Promise<EngineError> => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineError);
  return error as EngineError;
};

describe('a record of a process that is only a chart', () => {
  const processes = {
    door: {
      'statechart.json': {
        id: 'door',
        initial: 'open',
        states: { open: { on: { CLOSE: 'closed' } }, closed: { on: { OPEN: 'open', LOCK: 'locked' } }, locked: { type: 'final' } },
      },
    },
  };

  it('is created and moved by anyone signed in, and every step is kept', async () => {
    const { engine, user } = await testEngine({ processes });
    const ann = await user('ann', []);
    const { record } = await engine.create({ process: 'door', data: {}, actor: ann });
    expect(record).toMatchObject({ state: 'open', status: 'active', version: 1 });
    const moved = await engine.send({ record: record.number, type: 'CLOSE', data: {}, actor: ann });
    expect(moved.record).toMatchObject({ state: 'closed', version: 2 });
    const history = await engine.history(record.id, ann, { limit: 10 });
    expect(history.items.map((entry) => [entry.sequence, entry.event, entry.from, entry.to])).toEqual([
      [1, 'record.created', null, 'open'],
      [2, 'CLOSE', 'open', 'closed'],
    ]);
    expect((await engine.verify()).problems).toEqual([]);
  });

  it('refuses everything once it is finished', async () => {
    const { engine, user } = await testEngine({ processes });
    const ann = await user('ann', []);
    const { record } = await engine.create({ process: 'door', data: {}, actor: ann });
    await engine.send({ record: record.id, type: 'CLOSE', data: {}, actor: ann });
    const done = await engine.send({ record: record.id, type: 'LOCK', data: {}, actor: ann });
    expect(done.record.status).toBe('done');
    expect((await refusal(engine.send({ record: record.id, type: 'OPEN', data: {}, actor: ann }))).code).toBe('RECORD_FINISHED');
    expect((await refusal(engine.comment({ record: record.id, text: 'late', actor: ann }))).code).toBe('RECORD_FINISHED');
  });

  it('tells unknown, internal and presently impossible events apart', async () => {
    const { engine, user } = await testEngine({ processes });
    const ann = await user('ann', []);
    const { record } = await engine.create({ process: 'door', data: {}, actor: ann });
    const code = async (type: string) => (await refusal(engine.send({ record: record.id, type, data: {}, actor: ann }))).code;
    expect(await code('FLY')).toBe('EVENT_UNKNOWN');
    expect(await code('LOCK')).toBe('EVENT_NOT_ACCEPTED');
    for (const forged of ['xstate.stop', 'xstate.after.1000.door.open', 'xstate.done.state.door', 'clock.x.breached', 'record.comment', '*', ''])
      expect(await code(forged), forged).toBe('EVENT_INTERNAL');
    expect((await engine.record(record.id, ann)).version).toBe(1);
  });

  it('never lets an auditor write', async () => {
    const { engine, user } = await testEngine({ processes });
    const [ann, ada] = [await user('ann', []), await user('ada', ['auditor'])];
    const { record } = await engine.create({ process: 'door', data: {}, actor: ann });
    expect((await engine.record(record.id, ada)).number).toBe(record.number);
    for (const work of [
      () => engine.create({ process: 'door', data: {}, actor: ada }),
      () => engine.send({ record: record.id, type: 'CLOSE', data: {}, actor: ada }),
      () => engine.comment({ record: record.id, text: 'x', actor: ada }),
    ]) {
      expect((await refusal(work())).code).toBe('ROLE_REFUSED');
    }
  });
});

describe('the shipped processes in the engine', () => {
  it('are all in force after the first start', { timeout: 240_000 }, async () => {
    const { engine } = await testEngine();
    const shipped = readdirSync(join(import.meta.dirname, '..', '..', 'processes'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const inForce = await engine.processes({ id: 'root', roles: ['administrator'], teams: [] });
    expect(engine.folderProblems().problems).toEqual([]);
    expect(inForce.map(({ key }) => key).sort()).toEqual(shipped.map(({ name }) => name).sort());
  });

  it('run through the one door, with clocks, timers and a history that verifies', async () => {
    const { engine, user, clock } = await testEngine({ only: ['incident', 'service'] });
    const desk = await user('desk', ['service-desk', 'support-agent'], ['first-line']);
    const keys = (await engine.processes(desk)).map((process) => process.key);
    expect(keys).toContain('incident');
    const creation = await engine.creation('incident', desk);
    expect(creation.available).toBe(true);
    const { record } = await engine.create({
      process: 'incident',
      data: { summary: 'Mail is slow', description: 'Since nine', caller: 'unknown', impact: 'medium', urgency: 'medium' },
      actor: desk,
    });
    expect(Object.keys(record.clocks)).toContain('resolution');
    const open = await engine.transitions(record.id, desk);
    expect(open.filter((transition) => transition.available).length).toBeGreaterThan(3);
    await engine.advanceTo(clock.now() + 40 * 86_400_000);
    expect((await engine.verify()).problems).toEqual([]);
  });
});
