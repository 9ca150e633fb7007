import { describe, expect, it } from 'vitest';
import type { Store } from '../../engine/store/types.js';
import { below } from '../databases.js';
import { DAY, HOUR, type Running, refusal, running } from './running.js';

/** A problem with causes; what happens to one is told to the other. */
const text = { type: 'string', default: '', maxLength: 5000 };
const heard = (field: string) => ({
  actions: { type: 'set', params: { heard: { cat: [{ var: ['record.heard', ''] }, ' ', { var: [`event.${field}`, '?'] }] } } },
});
const processes = {
  incident: {
    'statechart.json': {
      id: 'incident',
      initial: 'open',
      on: { 'problem.SOLVED': heard('how'), 'incident.TELL': heard('word') },
      states: {
        open: {
          on: {
            RAISE: {
              target: 'waiting',
              actions: { type: 'create', params: { process: 'problem', link: 'cause', data: { title: { cat: ['Why: ', { var: ['record.title', ''] }] } } } },
            },
            TELL: { actions: { type: 'signal', params: { event: 'TELL', link: 'cause', data: { word: 'hello' } } } },
            TELL_ONE: { actions: { type: 'signal', params: { event: 'TELL', to: { var: 'record.other' }, data: { word: 'you' } } }, meta: { form: ['other'] } },
            JOIN: { actions: { type: 'link', params: { name: 'related', to: { var: 'record.other' } } }, meta: { form: ['other'] } },
            PART: { actions: { type: 'link', params: { name: 'related', to: { var: 'record.other' }, remove: true } }, meta: { form: ['other'] } },
            CLOSE: { target: 'closed', guard: 'alone' },
            LONG: {
              actions: {
                type: 'create',
                params: { process: 'problem', data: { title: { cat: [{ var: ['record.title', ''] }, ' and much too long for the title of a problem'] } } },
              },
            },
          },
        },
        waiting: {
          on: { 'problem.SOLVED': { target: 'open', actions: { type: 'set', params: { heard: { cat: ['solved: ', { var: ['event.how', '?'] }] } } } } },
        },
        closed: { type: 'final' },
      },
    },
    'form.json': { type: 'object', properties: { title: text, heard: text, other: { type: 'string' } } },
    'rules.json': { guards: { alone: { '===': [{ var: ['links.related.count', 0] }, 0] } } },
    'process.json': {
      prefix: 'INC',
      links: {
        cause: { title: 'Cause', to: ['problem'], inverse: 'Incidents' },
        related: { title: 'Related', to: ['incident'], many: true },
        one: { title: 'Only one', many: false },
      },
    },
  },
  problem: {
    'statechart.json': {
      id: 'problem',
      initial: 'open',
      on: { 'incident.TELL': heard('word') },
      states: {
        open: {
          on: { SOLVE: { target: 'solved', actions: { type: 'signal', params: { event: 'SOLVED', link: 'cause', data: { how: 'patched' } } } }, END: 'ended' },
        },
        solved: {},
        ended: { type: 'final' },
      },
    },
    'form.json': { type: 'object', properties: { title: { type: 'string', maxLength: 40 }, heard: text } },
    'process.json': { prefix: 'PRB', links: { cause: { title: 'Incidents', to: ['incident'], many: true } } },
  },
};

async function withProblem(): Promise<Running & { incident: string; problem: string }> {
  const test = await running({ processes });
  const { id } = await test.create('incident', { title: 'no mail' });
  const { created } = await test.send(id, 'RAISE');
  return { ...test, incident: id, problem: created[0]?.id ?? '' };
}

describe('a record made by another', () => {
  it('is made and linked in the same step, both ways', async () => {
    const test = await withProblem();
    const { incident, problem, engine, ann } = test;
    expect(await test.look(problem)).toMatchObject({ number: 'PRB-000001', state: 'open', data: { title: 'Why: no mail' } });
    expect(await engine.links(incident, ann)).toMatchObject([{ name: 'cause', title: 'Cause', direction: 'out', record: { id: problem } }]);
    expect(await engine.links(problem, ann)).toMatchObject([{ name: 'cause', title: 'Incidents', direction: 'in', record: { id: incident } }]);
    expect((await engine.history(problem, ann, { limit: 5 })).items).toMatchObject([{ event: 'record.created', origin: 'record', actor: 'ann' }]);
    await test.sound();
  });

  it('keeps its maker from moving when it cannot be made', async () => {
    const test = await running({ processes });
    const { id } = await test.create('incident', { title: 'x' });
    expect((await refusal(test.send(id, 'LONG'))).code).toBe('DATA_INVALID');
    expect(await test.look(id)).toMatchObject({ version: 1, state: 'open' });
    expect((await test.engine.list({ processes: ['problem'], limit: 5 }, test.ann)).items).toEqual([]);
    await test.sound();
  });
});

describe('links', () => {
  it('are counted, made and removed, and refused with a reason', async () => {
    const test = await running({ processes });
    const [a, b] = [await test.create('incident'), await test.create('incident')];
    const link = (name: string, to: string, remove = false) => test.engine.link({ record: a.id, actor: test.ann, name, to, remove });
    await link('related', b.number);
    expect((await refusal(test.send(a.id, 'CLOSE'))).facts.reasons).toMatchObject([{ rule: 'alone' }]);
    const reasons: unknown[] = [];
    for (const work of [
      () => link('related', b.id),
      () => link('cause', b.id),
      () => link('nothing', b.id),
      () => link('related', a.id),
      () => link('related', 'INC-999999'),
      () => link('one', b.id, true),
    ]) {
      const error = await refusal(work());
      expect(error.code).toBe('LINK_REFUSED');
      reasons.push(error.facts.reason);
    }
    expect(reasons).toEqual([
      'the records are linked already',
      expect.stringContaining('no such record'),
      expect.stringContaining('declares no link'),
      expect.stringContaining('itself'),
      expect.stringContaining('no such record'),
      'the records are not linked',
    ]);
    await link('one', b.id);
    const c = await test.create('incident');
    expect((await refusal(link('one', c.id))).facts.reason).toContain('only one');
    for (const name of ['constructor', 'toString', '__proto__'])
      expect((await refusal(link(name, c.id))).facts.reason).toBe(`the process declares no link “${name}”`);
    await link('related', b.id, true);
    expect((await test.send(a.id, 'CLOSE')).record.state).toBe('closed');
    expect(await test.events(a.id)).toEqual(['record.created', 'record.link', 'record.link', 'record.unlink', 'CLOSE']);
    await test.sound();
  });

  it('are made and removed by actions too, and one that is not possible is left out', async () => {
    const test = await running({ processes });
    const [a, b] = [await test.create('incident'), await test.create('incident')];
    const linked = async () => (await test.engine.links(a.id, test.ann)).map((other) => other.record.number);
    await test.send(a.id, 'JOIN', { other: b.number });
    expect(await linked()).toEqual([b.number]);
    await test.send(a.id, 'JOIN', { other: 'INC-777777' });
    await test.send(a.id, 'PART', { other: b.number });
    expect(await linked()).toEqual([]);
    expect((await test.send(a.id, 'CLOSE')).record.state).toBe('closed');
    await test.sound();
  });
});

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
