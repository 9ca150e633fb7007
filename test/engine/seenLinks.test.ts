import { describe, expect, it } from 'vitest';
import { systemClock } from '../../engine/clock.js';
import { openStore } from '../../engine/store/index.js';
import { testEngine } from './testEngine.js';

const text = { type: 'string', maxLength: 200 };
const processes = {
  fault: {
    'statechart.json': {
      id: 'fault',
      initial: 'open',
      states: {
        open: {
          on: {
            BLAME: { actions: { type: 'link', params: { name: 'cause', to: { var: 'record.on' } } }, meta: { form: ['on'] } },
            FIX: 'fixed',
            'cause.removed': { target: 'fixed', actions: { type: 'set', params: { note: { var: ['event.how', '?'] } } } },
          },
        },
        fixed: { on: { REOPEN: 'open' } },
      },
    },
    'form.json': {
      type: 'object',
      properties: { on: { ...text, 'x-charter': { reference: { kind: 'record', process: 'cause' } } }, note: text, secret: text },
    },
    'process.json': { prefix: 'FLT', links: { cause: { title: 'Cause', to: ['cause'], many: true } } },
  },
  cause: {
    'statechart.json': {
      id: 'cause',
      initial: 'open',
      states: {
        open: {
          on: {
            REMOVE: { actions: { type: 'signal', params: { event: 'removed', link: 'faults', data: { how: 'replaced' } } } },
            CLOSE: { target: 'closed', guard: 'allFixed' },
          },
        },
        closed: { type: 'final' },
      },
    },
    'rules.json': {
      guards: {
        allFixed: {
          and: [{ '>': [{ var: 'links.faults.count' }, 1] }, { all: [{ var: 'links.faults.records' }, { includes: [{ var: ['states', []] }, 'fixed'] }] }],
        },
      },
    },
    'process.json': { prefix: 'CAU', links: { faults: { title: 'Faults', reverse: 'cause', to: ['fault'] } } },
  },
  work: {
    'statechart.json': {
      id: 'work',
      initial: 'open',
      states: {
        open: {
          on: {
            JOIN: { actions: { type: 'link', params: { name: 'place', to: { var: 'event.on' } } }, meta: { form: ['on'] } },
            LOOK: { guard: 'alone', actions: { type: 'set', params: { looks: { '+': [{ var: ['record.looks', 0] }, 1] } } } },
            START: { target: 'running', guard: 'alone' },
          },
        },
        running: { on: { END: 'over' } },
        over: { type: 'final' },
      },
    },
    'form.json': { type: 'object', properties: { on: text, looks: { type: 'integer' } } },
    'rules.json': { guards: { alone: { none: [{ var: 'links.others.records' }, { includes: [{ var: ['states', []] }, 'running'] }] } } },
    'process.json': {
      prefix: 'WRK',
      links: { place: { title: 'Place', to: ['cause'], many: true }, others: { title: 'Other work there', shared: 'place', to: ['work'] } },
    },
  },
};

async function world() {
  const test = await testEngine({ processes });
  const ann = await test.user('ann', []);
  const { engine } = test;
  return {
    engine,
    ann,
    database: test.databaseUrl,
    make: async (process: string, data = {}) => (await engine.create({ process, data, actor: ann })).record,
    send: async (record: { id: string }, type: string, data = {}) => (await engine.send({ record: record.id, type, data, actor: ann })).record,
  };
}

describe('a link seen from the other end', () => {
  it('shows a guard the records that link here, and the states they are in', async () => {
    const { engine, make, send } = await world();
    const cause = await make('cause');
    const faults = [await make('fault'), await make('fault')];
    for (const fault of faults) await send(fault, 'BLAME', { on: cause.number });
    await expect(send(cause, 'CLOSE')).rejects.toMatchObject({ code: 'GUARD_REFUSED' });
    for (const fault of faults) await send(fault, 'FIX');
    expect((await send(cause, 'CLOSE')).status).toBe('done');
    expect((await engine.verify()).problems).toEqual([]);
  });

  it('carries a signal to each of them', async () => {
    const { engine, ann, make, send } = await world();
    const cause = await make('cause');
    const faults = [await make('fault'), await make('fault')];
    for (const fault of faults) await send(fault, 'BLAME', { on: cause.number });
    await send(cause, 'REMOVE');
    await engine.advanceTo(engine.now());
    for (const fault of faults) expect((await engine.record(fault.id, ann)).data.note).toBe('replaced');
  });

  it('can not be made from this end', async () => {
    const { engine, ann, make } = await world();
    const cause = await make('cause');
    const fault = await make('fault');
    await expect(engine.link({ record: cause.id, name: 'faults', to: fault.number, actor: ann })).rejects.toMatchObject({ code: 'LINK_REFUSED' });
  });

  it('has the title of this end where links are listed', async () => {
    const { engine, ann, make, send } = await world();
    const cause = await make('cause');
    const fault = await make('fault');
    await send(fault, 'BLAME', { on: cause.number });
    expect((await engine.links(cause.id, ann)).map(({ title, direction }) => [title, direction])).toEqual([['Faults', 'in']]);
  });

  it('keeps in the history only what a rule reads of the other records', async () => {
    const { database, make, send } = await world();
    const cause = await make('cause');
    for (const fault of [await make('fault', { secret: 'not for the history' }), await make('fault')]) {
      await send(fault, 'BLAME', { on: cause.number });
      await send(fault, 'FIX');
    }
    await send(cause, 'CLOSE');
    const store = await openStore({ url: database }, systemClock);
    const texts = JSON.stringify((await store.history.page({ record: cause.id, limit: 50 })).items);
    await store.close();
    expect(texts).toContain('fixed');
    expect(texts).not.toContain('not for the history');
  });
});

describe('a step that looks at other records', () => {
  it('is decided again on what they are now when one of them moved meanwhile', async () => {
    const { make, send } = await world();
    const place = await make('cause');
    const works = [await make('work'), await make('work')] as const;
    for (const work of works) await send(work, 'JOIN', { on: place.number });
    for (let turn = 0; turn < 10; turn += 1) {
      // Each looks at the other, and both are decided before either is written.
      const both = await Promise.allSettled(works.map((work) => send(work, 'LOOK')));
      expect(both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toEqual([]);
    }
  });
});

describe('a shared link', () => {
  it('shows the open records that link to the same thing, and never the record itself', async () => {
    const { make, send } = await world();
    const place = await make('cause');
    const [one, other] = [await make('work'), await make('work')];
    for (const work of [one, other]) await send(work, 'JOIN', { on: place.number });
    await send(one, 'START');
    await expect(send(other, 'START')).rejects.toMatchObject({ code: 'GUARD_REFUSED' });
    await send(one, 'END');
    expect((await send(other, 'START')).paths).toContain('running');
  });
});

describe('a record that another one makes', () => {
  it('is linked with nothing at first, whatever its maker is linked with', async () => {
    const place = { 'statechart.json': { id: 'place', initial: 'open', states: { open: {} } }, 'process.json': { prefix: 'PLC' } };
    const child = {
      'statechart.json': {
        id: 'child',
        initial: 'new',
        states: { new: { entry: { type: 'link', params: { name: 'places', to: { var: 'record.on' } } } } },
      },
      'form.json': { type: 'object', properties: { on: text } },
      'process.json': { prefix: 'CHI', links: { places: { title: 'Places', to: ['place'], many: true } } },
    };
    const parent = {
      'statechart.json': {
        id: 'parent',
        initial: 'open',
        states: {
          open: {
            on: {
              GO: { actions: { type: 'link', params: { name: 'places', to: { var: 'event.on' } } }, meta: { form: ['on'] } },
              BEAR: { actions: { type: 'create', params: { process: 'child', data: { on: { var: 'record.on' } } } } },
            },
          },
        },
      },
      'form.json': { type: 'object', properties: { on: text } },
      'process.json': { prefix: 'PAR', links: { places: { title: 'Places', to: ['place'], many: true } } },
    };
    const { engine, user } = await testEngine({ processes: { place, child, parent } });
    const ann = await user('ann', []);
    const where = (await engine.create({ process: 'place', data: {}, actor: ann })).record;
    const { record } = await engine.create({ process: 'parent', data: {}, actor: ann });
    await engine.send({ record: record.id, type: 'GO', data: { on: where.number }, actor: ann });
    const made = (await engine.send({ record: record.id, type: 'BEAR', data: {}, actor: ann })).created[0];
    expect((await engine.links(made?.id ?? '', ann)).map(({ record: other }) => other.number)).toEqual([where.number]);
    expect((await engine.verify()).problems).toEqual([]);
  });
});
