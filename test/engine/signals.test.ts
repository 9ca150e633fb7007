import { describe, expect, it } from 'vitest';
import type { Store } from '../../engine/store/types.js';
import { below } from '../databases.js';
import { DAY, HOUR, running } from './running.js';
import { processes, withProblem } from './twoProcesses.js';

describe('a signal', () => {
  it('reaches linked records in either direction, as an event of its process', async () => {
    const test = await withProblem();
    await test.send(test.problem, 'SOLVE');
    await test.engine.wake();
    expect(await test.look(test.incident)).toMatchObject({ state: 'open', data: { heard: 'solved: patched' } });
    await test.send(test.incident, 'TELL');
    await test.engine.wake();
    expect(await test.look(test.problem)).toMatchObject({ data: { heard: ' hello' } });
    const last = (await test.engine.history(test.incident, test.ann, { limit: 9 })).items.at(-2);
    expect(last).toMatchObject({ event: 'problem.SOLVED', actor: 'system', origin: 'signal' });
    await test.sound();
  });

  it('reaches the record that is named', async () => {
    const test = await running({ processes });
    const [a, b] = [await test.create('incident'), await test.create('incident')];
    await test.send(a.id, 'TELL_ONE', { other: b.number });
    await test.engine.wake();
    expect((await test.look(b.id)).data.heard).toBe(' you');
  });

  it('is delivered once, also when the server ended between delivering it and noting so', async () => {
    const test = await withProblem();
    const store = test.engine.store as Store;
    await test.send(test.problem, 'SOLVE');
    const [queued] = await store.queue.dueEffects(test.clock.now(), 10);
    await test.engine.wake();
    // As if `done` had never been written: the same effect is due again in the next process.
    const later = await test.again();
    await below(later.databaseUrl, `UPDATE outbox SET status = 'waiting', done_at = NULL WHERE key = '${queued?.key}'`);
    expect(await later.engine.wake()).toMatchObject({ effects: 1 });
    expect((await later.events(test.incident)).filter((event) => event === 'problem.SOLVED')).toHaveLength(1);
    await later.sound();
  });

  it('to a finished record is let go, and one that nobody handles is recorded', async () => {
    const test = await withProblem();
    const [teller, finished] = [await test.create('incident'), await test.create('incident')];
    await test.send(finished.id, 'CLOSE');
    await test.send(teller.id, 'TELL_ONE', { other: finished.number });
    await test.send(teller.id, 'TELL_ONE', { other: test.problem });
    await test.engine.wake();
    expect((await test.engine.parked()).effects).toEqual([]);
    expect((await test.look(finished.id)).version).toBe(2);
    expect(await test.events(test.problem)).toEqual(['record.created', 'incident.TELL']);
    await test.sound();
  });

  it('that goes in a circle ends, parked with the circle shown', async () => {
    const echo = {
      'statechart.json': {
        id: 'echo',
        initial: 'on',
        states: {
          on: {
            on: {
              CALL: { actions: { type: 'signal', params: { event: 'CALL', link: 'mate' } } },
              'echo.CALL': {
                actions: [
                  { type: 'signal', params: { event: 'CALL', link: 'mate' } },
                  { type: 'set', params: { count: { '+': [{ var: ['record.count', 0] }, 1] } } },
                ],
              },
            },
          },
        },
      },
      'form.json': { type: 'object', properties: { count: { type: 'integer', default: 0 } } },
      'process.json': { prefix: 'ECH', links: { mate: { title: 'Mate', many: true } } },
    };
    const test = await running({ processes: { echo } });
    const [a, b] = [await test.create('echo'), await test.create('echo')];
    await test.engine.link({ record: a.id, actor: test.ann, name: 'mate', to: b.id });
    await test.send(a.id, 'CALL');
    await test.wait(DAY);
    const { effects } = await test.engine.parked();
    expect(effects).toHaveLength(1);
    expect(effects[0]).toMatchObject({ lastError: expect.stringMatching(/SIGNAL_CIRCULAR.*ECH-000001.*ECH-000002.*ECH-000001/) });
    const counts = [(await test.look(a.id)).data.count, (await test.look(b.id)).data.count];
    expect(Number(counts[0]) + Number(counts[1])).toBeLessThan(6);
    await test.wait(DAY);
    expect([(await test.look(a.id)).data.count, (await test.look(b.id)).data.count]).toEqual(counts);
    await test.sound();
  });

  it('whose step fails is tried again with longer and longer waits, then parked, and can be retried', async () => {
    const deaf = {
      'statechart.json': {
        id: 'deaf',
        initial: 'on',
        states: { on: { on: { FIX: { meta: { form: ['divisor'] } }, 'caller.HEY': [{ guard: 'works', target: 'heard' }] } }, heard: {} },
      },
      'rules.json': { guards: { works: { '>': [{ '/': [1, { var: ['record.divisor', 0] }] }, 0] } } },
      'form.json': { type: 'object', properties: { divisor: { type: 'number', default: 0 } } },
    };
    const caller = {
      'statechart.json': {
        id: 'caller',
        initial: 'on',
        states: { on: { on: { HEY: { actions: { type: 'signal', params: { event: 'HEY', link: 'friend' } } } } } },
      },
      'process.json': { links: { friend: { title: 'Friend', many: true } } },
    };
    const test = await running({ processes: { deaf, caller } });
    const admin = await test.user('ada', ['administrator']);
    const [from, to] = [await test.create('caller'), await test.create('deaf')];
    await test.engine.link({ record: from.id, actor: test.ann, name: 'friend', to: to.id });
    await test.send(from.id, 'HEY');
    await test.wait(HOUR);
    expect((await test.engine.parked()).effects).toEqual([]);
    await test.wait(DAY);
    const [parked] = (await test.engine.parked()).effects;
    expect(parked).toMatchObject({ attempts: 6, lastError: expect.stringContaining('RULE_FAILED') });
    await test.send(to.id, 'FIX', { divisor: 2 });
    await test.engine.retry({ effect: parked?.key ?? '' }, admin);
    await test.engine.wake();
    expect((await test.look(to.id)).state).toBe('heard');
    await test.sound();
  });
});
