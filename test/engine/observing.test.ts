import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Observation, Observer, Undertaking } from '../../engine/index.js';
import { DAY, HOUR, MINUTE, refusal, running } from './running.js';

interface Watching extends Observer {
  readonly seen: Observation[];
  readonly undertaken: Undertaking[];
  of<K extends Observation['kind']>(kind: K): readonly Extract<Observation, { kind: K }>[];
}

function watching(headers: Readonly<Record<string, string>> = {}): Watching {
  const seen: Observation[] = [];
  const undertaken: Undertaking[] = [];
  return {
    seen,
    undertaken,
    happened: (observation) => void seen.push(observation),
    within: (undertaking, run) => {
      undertaken.push(undertaking);
      return run({ headers });
    },
    of: <K extends Observation['kind']>(kind: K) => seen.filter((one): one is Extract<Observation, { kind: K }> => one.kind === kind),
  };
}

const admin = { id: 'root', roles: ['administrator'], teams: [] };
const secret = 'value-that-nobody-should-see';
const form = { type: 'object', properties: { text: { type: 'string' }, owner: { type: 'string', 'x-charter': { reference: { kind: 'user' } } } } };
const chart = {
  id: 'thing',
  initial: 'open',
  states: {
    open: {
      on: {
        SAY: { actions: { type: 'webhook', params: { target: 'nowhere', body: 'x' } }, meta: { form: ['text'] } },
        STOP: { guard: 'never', target: 'done' },
      },
      after: { 60000: { target: 'later', guard: 'broken' } },
    },
    later: {},
    done: { type: 'final' },
  },
};

const thing = {
  'statechart.json': chart,
  'form.json': form,
  'rules.json': { guards: { never: { '===': [{ var: 'record.text' }, 'never'] }, broken: { '===': [{ var: 'record.text' }, 'never'] } } },
};

describe('an engine that is watched', () => {
  it('tells of each step: which record and entry, how long it took, and nothing of what it holds', async () => {
    const watch = watching();
    const test = await running({ processes: { thing }, observe: watch });
    const { id } = await test.create('thing', { text: secret });
    const said = await test.send(id, 'SAY', { text: `${secret} again` });
    expect(watch.of('step')).toMatchObject([
      { process: 'thing', record: id, event: 'create', sequence: 1, origin: 'person', tries: 1, effects: 0 },
      { process: 'thing', record: id, event: 'SAY', sequence: 2, hash: said.entry.hash, effects: 1 },
    ]);
    for (const { times } of watch.of('step')) {
      expect(times.decide).toBeGreaterThan(0);
      expect(times.commit).toBeGreaterThan(0);
    }
    expect(watch.of('step')[0]?.times.rules).toBeTypeOf('number');
    expect(watch.of('step')[1]?.times.rules).toBeNull();
    expect(watch.of('batch').every(({ jobs, ms, failed }) => jobs > 0 && ms > 0 && !failed)).toBe(true);
    expect(JSON.stringify(watch.seen)).not.toContain(secret);
  });

  it('tells of each refusal by its code', async () => {
    const watch = watching();
    const test = await running({ processes: { thing }, observe: watch });
    const { id } = await test.create('thing');
    await refusal(test.send(id, 'STOP'));
    await refusal(test.send(id, 'SAY', { text: 5 }));
    expect(watch.of('refusal').map(({ process, record, event, code }) => [process, record, event, code])).toEqual([
      ['thing', id, 'STOP', 'GUARD_REFUSED'],
      ['thing', id, 'SAY', 'DATA_INVALID'],
    ]);
  });

  it('tells how late timers fire, and that they happen within something that is its own', async () => {
    const watch = watching();
    const test = await running({
      processes: { thing: { 'statechart.json': { ...chart, states: { ...chart.states, open: { after: { 60000: 'later' } } } }, 'form.json': form } },
      observe: watch,
    });
    const { id } = await test.create('thing');
    test.clock.set(test.clock.now() + 3 * MINUTE);
    await test.engine.wake();
    expect(watch.of('timer')).toMatchObject([{ record: id, outcome: 'fired', lagMs: 2 * MINUTE, code: null }]);
    expect(watch.undertaken.map(({ kind }) => kind)).toContain('timers');
  });

  it('tells of deliveries, and lets them carry what the watcher gives', async () => {
    const watch = watching({ traceparent: '00-1-2-01' });
    const test = await running({ processes: { thing }, observe: watch });
    const { id } = await test.create('thing');
    await test.send(id, 'SAY', { text: 'x' });
    await test.engine.wake();
    expect(watch.of('delivery')).toMatchObject([{ record: id, sequence: 2, effect: 'webhook', outcome: 'again', attempt: 1, code: 'NOT_FOUND' }]);
    await test.wait(2 * HOUR);
    expect(watch.of('delivery').at(-1)).toMatchObject({ outcome: 'parked', attempt: 6 });
  });

  it('is not harmed by a watcher that fails', async () => {
    const test = await running({
      processes: { thing },
      observe: {
        happened: () => {
          throw new Error('a fault of the watcher');
        },
        within: (_, run) => run({ headers: {} }),
      },
    });
    expect((await test.create('thing')).version).toBe(1);
  });
});

describe('what an administrator sees of the work that happens by itself', () => {
  const schedules = { bad: { cron: '0 12 * * *', create: { data: { owner: 'nobody' } } } };
  const scheduled = { 'statechart.json': { id: 'review', initial: 'open', states: { open: {} } }, 'form.json': form, 'process.json': { schedules } };

  it('is his alone', async () => {
    const test = await running({ processes: { thing } });
    expect((await refusal(test.engine.operations(test.ann))).code).toBe('FORBIDDEN');
    for (const what of [{ effect: 'x' }, { record: 'r', timer: 't' }, { job: 'sealing' }, { all: 'effects' }, { all: 'timers' }] as const)
      expect((await refusal(test.engine.retry(what, test.ann))).code).toBe('FORBIDDEN');
  });

  it('names a job that failed, how often and why, until it succeeds, also after a restart', async () => {
    let test = await running({ processes: { review: scheduled } });
    await test.engine.wake();
    await test.wait(4 * HOUR);
    await test.engine.wake();
    const [failed] = (await test.engine.operations(admin)).failedJobs;
    expect(failed).toMatchObject({ job: 'schedule review.bad', reason: expect.stringContaining('DATA_INVALID') });
    expect(failed?.times).toBeGreaterThan(1);
    test = await test.again();
    expect((await test.engine.operations(admin)).failedJobs).toMatchObject([{ job: 'schedule review.bad' }]);
    await test.engine.wake();
    expect(await test.engine.retry({ job: 'schedule review.bad' }, admin)).toBe(0);
    await test.user('nobody', []);
    expect(await test.engine.retry({ job: 'schedule review.bad' }, admin)).toBe(1);
    const { failedJobs, retries } = await test.engine.operations(admin);
    expect(failedJobs).toEqual([]);
    expect(retries.map(({ by, what, tried }) => [by, what, tried])).toEqual([
      ['root', { job: 'schedule review.bad' }, 1],
      ['root', { job: 'schedule review.bad' }, 0],
    ]);
    expect((await refusal(test.engine.retry({ job: 'no such job' }, admin))).code).toBe('NOT_FOUND');
  });

  it('no longer names the job of a schedule that a new version does without, and never does it again', async () => {
    const test = await running({ processes: { review: scheduled } });
    await test.engine.wake();
    await test.wait(4 * HOUR);
    expect((await test.engine.operations(admin)).failedJobs).toMatchObject([{ job: 'schedule review.bad' }]);
    const other = { other: { cron: '0 12 * * *', create: { data: {} } } };
    writeFileSync(join(test.folder, 'processes', 'review', 'process.json'), JSON.stringify({ schedules: other }));
    await test.engine.readFolders();
    await test.engine.wake();
    expect((await test.engine.operations(admin)).failedJobs).toEqual([]);
    expect((await refusal(test.engine.retry({ job: 'schedule review.bad' }, admin))).code).toBe('NOT_FOUND');
    const again = await test.again();
    expect((await again.engine.operations(admin)).failedJobs).toEqual([]);
  });

  it('can be rid of a job that failed and is not wanted any more, until it fails again', async () => {
    const test = await running({ processes: { review: scheduled } });
    await test.engine.wake();
    await test.wait(4 * HOUR);
    expect(await test.engine.retry({ dismiss: 'schedule review.bad' }, admin)).toBe(1);
    const { failedJobs, retries } = await test.engine.operations(admin);
    expect([failedJobs, retries]).toMatchObject([[], [{ by: 'root', what: { dismiss: 'schedule review.bad' }, tried: 1 }]]);
    expect(await test.engine.retry({ dismiss: 'schedule review.bad' }, admin)).toBe(0);
    expect((await (await test.again()).engine.operations(admin)).failedJobs).toEqual([]);
  });

  it('names a job again that failed again after he had been rid of it', async () => {
    const test = await running({ processes: { review: scheduled } });
    await test.engine.wake();
    await test.wait(4 * HOUR);
    await test.engine.retry({ dismiss: 'schedule review.bad' }, admin);
    await test.engine.wake();
    expect((await (await test.again()).engine.operations(admin)).failedJobs).toMatchObject([{ job: 'schedule review.bad', times: 1 }]);
  });

  it('counts what is parked and has all of it tried again', async () => {
    const test = await running({ processes: { thing } });
    for (const _ of [1, 2]) {
      const { id } = await test.create('thing');
      await test.send(id, 'SAY', { text: 'x' });
    }
    await test.wait(2 * HOUR);
    expect((await test.engine.operations(admin)).depth).toMatchObject({ parkedEffects: 2, effects: 0 });
    expect(await test.engine.retry({ all: 'effects' }, admin)).toBe(2);
    expect((await test.engine.operations(admin)).depth).toMatchObject({ parkedEffects: 0, effects: 2 });
    expect(await test.engine.retry({ all: 'effects' }, admin)).toBe(0);
  });

  it('lists timers that are due and have been left alone, and says how long', async () => {
    const test = await running({
      processes: { thing: { 'statechart.json': { ...chart, states: { ...chart.states, open: { after: { 60000: 'later' } } } }, 'form.json': form } },
    });
    const { id } = await test.create('thing');
    expect((await test.engine.operations(admin)).lateTimers).toEqual([]);
    test.clock.set(test.clock.now() + DAY);
    expect((await test.engine.operations(admin)).lateTimers).toMatchObject([{ record: id }]);
    expect((await test.engine.standing()).depth.timersDue).toBe(1);
    await test.engine.wake();
    expect(await test.engine.standing()).toMatchObject({ timersStalledMs: 0, failedJobs: 0, writerWaiting: 0, definitionVersions: 1, depth: { timersDue: 0 } });
  });
});
