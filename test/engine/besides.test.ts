/** Two programs on one database: the server, and a command line beside it. Each has its own engine, caches and connection. */
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { monotonic, pause } from '../../engine/clock.js';
import { createEngine, type RunningEngine } from '../../engine/createEngine.js';
import type { EngineError } from '../../engine/errors.js';
import { logForm, MINUTE, note, type Running, refusal, running } from './running.js';

const job = {
  'statechart.json': {
    id: 'job',
    initial: 'even',
    on: { SET: { meta: { form: ['title'] } } },
    states: {
      even: { on: { STEP: { target: 'odd', actions: note('o') } } },
      odd: { on: { STEP: { target: 'even', actions: note('e') }, WAIT: 'waiting', END: 'ended' } },
      waiting: { after: { 60000: 'even' } },
      ended: { type: 'final' },
    },
  },
  'form.json': {
    type: 'object',
    properties: { ...logForm.properties, title: { type: 'string' }, owner: { type: 'string', 'x-charter': { reference: { kind: 'user' } } } },
  },
};
const owner = { id: 'olga', roles: ['process-owner'], teams: [] };

async function two(): Promise<Running & { beside: RunningEngine }> {
  const test = await running({ processes: { job } });
  const beside = await createEngine({
    databaseUrl: test.databaseUrl,
    dataDir: join(test.folder, 'data'),
    processesDir: join(test.folder, 'processes'),
    rulesDir: join(test.folder, 'rules'),
    clock: test.clock,
    secretKey: 'a secret of the tests only',
  });
  onTestFinished(() => beside.close());
  return { ...test, beside };
}

async function within(ms: number, holds: () => Promise<boolean>): Promise<void> {
  const began = monotonic();
  while (!(await holds())) {
    if (monotonic() - began > ms) throw new Error(`not within ${ms} ms`);
    await pause(50);
  }
}

describe('what another program did to a record', () => {
  it('is found out: a step is decided again on what is there now', async () => {
    const { engine, beside, ann, create, look, sound } = await two();
    const { id } = await create('job');
    await beside.send({ record: id, type: 'STEP', data: {}, actor: ann });
    expect((await engine.send({ record: id, type: 'STEP', data: {}, actor: ann })).record).toMatchObject({ state: 'even', version: 3, data: { log: ' o e' } });
    expect((await look(id)).version).toBe(3);
    await sound();
  });

  it('decides what is refused, too: not the memory of what was', async () => {
    const { engine, beside, ann, create, send, sound } = await two();
    const { id } = await create('job');
    const other = await create('job');
    await beside.send({ record: id, type: 'STEP', data: {}, actor: ann });
    // Remembered as even, where END is not accepted.
    expect((await send(id, 'END')).record.status).toBe('done');
    await send(other.id, 'STEP');
    await beside.send({ record: other.id, type: 'END', data: {}, actor: ann });
    expect((await refusal(engine.comment({ record: other.id, text: 'late', actor: ann }))).code).toBe('RECORD_FINISHED');
    expect((await refusal(send(other.id, 'STEP'))).code).toBe('RECORD_FINISHED');
    await sound();
  });

  it('is told to whoever saw an older version', async () => {
    const { engine, beside, ann, create } = await two();
    const { id, version } = await create('job');
    await beside.send({ record: id, type: 'SET', data: { title: 'theirs' }, actor: owner });
    const error = await refusal(engine.send({ record: id, type: 'SET', data: { title: 'mine' }, actor: ann, version }));
    expect(error).toMatchObject({ code: 'VERSION_STALE', facts: { current: 2, changes: [{ actor: 'olga', fields: { title: [null, 'theirs'] } }] } });
    expect((await engine.send({ record: id, type: 'SET', data: { title: 'mine' }, actor: ann, version: 2 })).record.version).toBe(3);
  });

  it('goes with what this one does at the same time into one legal path', async () => {
    const { engine, beside, ann, create, sound, events } = await two();
    const records = await Promise.all([create('job'), create('job'), create('job')]);
    const acknowledged: string[] = [];
    const client = async (of: RunningEngine, n: number) => {
      for (let sent = 0; sent < 15; sent += 1) {
        const record = records[(n + sent) % 3]?.id ?? '';
        await of.send({ record, type: 'STEP', data: {}, actor: ann }).then(
          (result) => void acknowledged.push(`${record} ${result.entry.sequence}`),
          // Four times another was faster: the caller is told, and nothing was done.
          (error: EngineError) => expect(error.code, JSON.stringify(error.facts)).toBe('VERSION_STALE'),
        );
      }
    };
    await Promise.all([engine, beside].flatMap((of) => [0, 1, 2, 3].map((n) => client(of, n))));
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    let entries = 0;
    for (const { id } of records) entries += (await events(id)).length - 1;
    expect(entries).toBe(acknowledged.length);
    expect(acknowledged.length).toBeGreaterThan(60);
    await sound();
  }, 30_000);

  it('under one idempotency key happens once', async () => {
    const { engine, beside, ann, create, events } = await two();
    const { id } = await create('job');
    const idempotency = { scope: 'ann POST 1', bodyHash: 'x' };
    const results = await Promise.allSettled(
      [engine, beside, engine, beside].map((of) => of.send({ record: id, type: 'SET', data: { title: 'once' }, actor: ann, idempotency })),
    );
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.entry.sequence : result.reason))).toEqual([2, 2, 2, 2]);
    expect(await events(id)).toEqual(['record.created', 'SET']);
    expect((await beside.send({ record: id, type: 'SET', data: { title: 'once' }, actor: ann, idempotency })).replayed).toBe(true);
  });
});

describe('what another program published or changed of people', () => {
  it('is noticed within two seconds', async () => {
    const { engine, beside, ann } = await two();
    const files = Object.fromEntries(
      Object.entries({ ...job, 'process.json': { title: 'Second edition' } }).map(([file, content]) => [file, JSON.stringify(content)]),
    );
    const { hash } = await beside.publish({ process: 'job', files, note: '', actor: owner, source: 'api' });
    await within(2_000, async () => (await engine.definition('job', ann)).hash === hash);
    expect((await engine.create({ process: 'job', data: {}, actor: ann })).record.definitionVersion).toBe(hash);
    await beside.people.saveUser({
      id: 'newcomer',
      name: 'New',
      email: null,
      passwordHash: null,
      roles: [],
      teams: [],
      zone: null,
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt: 0,
    });
    await within(2_000, async () =>
      engine.create({ process: 'job', data: { owner: 'newcomer' }, actor: ann }).then(
        () => true,
        () => false,
      ),
    );
  });
});

describe('timers that two programs see', () => {
  it('fire once each', async () => {
    const { engine, beside, ann, create, send, clock, events, sound } = await two();
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const { id } = await create('job');
      await send(id, 'STEP');
      await (n % 2 === 0 ? engine : beside).send({ record: id, type: 'WAIT', data: {}, actor: ann });
      ids.push(id);
    }
    clock.set(clock.now() + 2 * MINUTE);
    await Promise.all([engine.wake(), beside.wake(), engine.wake()]);
    for (const id of ids) expect(await events(id)).toEqual(['record.created', 'STEP', 'WAIT', 'after.60000']);
    expect((await engine.parked()).timers).toEqual([]);
    await sound();
  });
});
