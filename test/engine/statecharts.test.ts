import { describe, expect, it } from 'vitest';
import { logForm, MINUTE, note, refusal, running } from './running.js';

/** One process made of a chart, with a `log` that actions write to. */
function chart(states: object, root: object = {}) {
  return { processes: { thing: { 'statechart.json': { id: 'thing', initial: Object.keys(states)[0], ...root, states }, 'form.json': logForm } } };
}
const words = (log: unknown): string[] => String(log).trim().split(' ').filter(Boolean);

describe('nested and parallel states', () => {
  const work = {
    work: {
      type: 'parallel',
      onDone: 'checked',
      on: { ABORT: 'checked' },
      states: {
        build: { initial: 'doing', states: { doing: { on: { BUILT: 'done' } }, done: { type: 'final' } } },
        test: { initial: 'doing', states: { doing: { on: { TESTED: 'done', BUILT: {} } }, done: { type: 'final' } } },
      },
    },
    checked: {},
  };

  it('move region by region, and leave together when all regions are final', async () => {
    const { create, send, look, again } = await running(chart(work));
    const { id } = await create('thing');
    expect(await look(id)).toMatchObject({
      state: { work: { build: 'doing', test: 'doing' } },
      paths: ['work', 'work.build', 'work.build.doing', 'work.test', 'work.test.doing'],
    });
    expect((await send(id, 'BUILT')).record.state).toEqual({ work: { build: 'done', test: 'doing' } });
    expect((await refusal(send(id, 'BUILT'))).code).toBe('EVENT_NOT_ACCEPTED');
    const later = await again();
    expect((await later.send(id, 'TESTED')).record.state).toBe('checked');
    await later.sound();
  });

  it('take a parent’s transition from any depth', async () => {
    const { create, send } = await running(chart(work));
    const { id } = await create('thing');
    expect((await send(id, 'ABORT')).record.state).toBe('checked');
  });

  it('take one event in every region that declares it, and several targets at once', async () => {
    const both = {
      off: { on: { GO: { target: ['#b2', '#c2'] } } },
      on: {
        type: 'parallel',
        states: {
          b: { initial: 'b1', states: { b1: { on: { STEP: 'b2' } }, b2: { id: 'b2', on: { STEP: 'b1' } } } },
          c: { initial: 'c1', states: { c1: { on: { STEP: 'c2' } }, c2: { id: 'c2', on: { STEP: 'c1' } } } },
        },
      },
    };
    const { create, send, events } = await running(chart(both));
    const { id } = await create('thing');
    expect((await send(id, 'GO')).record.state).toEqual({ on: { b: 'b2', c: 'c2' } });
    expect((await send(id, 'STEP')).record.state).toEqual({ on: { b: 'b1', c: 'c1' } });
    expect(await events(id)).toEqual(['record.created', 'GO', 'STEP']);
  });
});

describe('history states', () => {
  const states = {
    active: {
      initial: 'one',
      on: { HOLD: 'held', LONG: 'held' },
      states: {
        one: { on: { NEXT: 'two' } },
        two: { initial: 'x', states: { x: { on: { DEEPER: 'y' } }, y: {} } },
        shallow: { type: 'history' },
        deep: { type: 'history', history: 'deep' },
      },
    },
    held: { on: { RESUME: 'active.shallow', RESUME_DEEP: 'active.deep' } },
  };

  it('remember where the record was after the store was closed and opened: shallow the child, deep the leaf', async () => {
    let test = await running(chart(states));
    const { id } = await test.create('thing');
    await test.send(id, 'NEXT');
    await test.send(id, 'DEEPER');
    await test.send(id, 'HOLD');
    test = await test.again();
    expect((await test.send(id, 'RESUME_DEEP')).record.state).toEqual({ active: { two: 'y' } });
    await test.send(id, 'HOLD');
    test = await test.again();
    expect((await test.send(id, 'RESUME')).record.state).toEqual({ active: { two: 'x' } });
    await test.sound();
  });

  it('begin at the start when there is nothing to remember', async () => {
    const { create, send } = await running(chart({ held: states.held, active: states.active }));
    const { id } = await create('thing');
    expect((await send(id, 'RESUME_DEEP')).record.state).toEqual({ active: 'one' });
  });

  it('remember parallel regions each for itself', async () => {
    const parallel = {
      active: {
        type: 'parallel',
        on: { HOLD: 'held' },
        states: {
          a: { initial: 'a1', states: { a1: { on: { A: 'a2' } }, a2: {} } },
          b: { initial: 'b1', states: { b1: { on: { B: 'b2' } }, b2: {} } },
          back: { type: 'history', history: 'deep' },
        },
      },
      held: { on: { RESUME: 'active.back' } },
    };
    const test = await running(chart(parallel));
    const { id } = await test.create('thing');
    await test.send(id, 'B');
    await test.send(id, 'HOLD');
    const later = await test.again();
    expect((await later.send(id, 'RESUME')).record.state).toEqual({ active: { a: 'a1', b: 'b2' } });
    await later.sound();
  });
});

describe('the order of things', () => {
  it('leaves from the inside out, acts, enters from the outside in', async () => {
    const states = {
      a: {
        initial: 'a1',
        exit: note('-a'),
        states: { a1: { initial: 'a11', exit: note('-a1'), states: { a11: { exit: note('-a11'), on: { GO: { target: '#b1', actions: note('go') } } } } } },
      },
      b: { initial: 'b1', entry: note('+b'), states: { b1: { id: 'b1', initial: 'b11', entry: note('+b1'), states: { b11: { entry: note('+b11') } } } } },
    };
    const { create, send } = await running(chart(states));
    const { id } = await create('thing');
    expect(words((await send(id, 'GO')).record.data.log)).toEqual(['-a11', '-a1', '-a', 'go', '+b', '+b1', '+b11']);
  });

  it('follows always transitions to the end within the same step', async () => {
    const states = { a: { on: { GO: 'b' } }, b: { entry: note('b'), always: 'c' }, c: { entry: note('c'), always: 'd' }, d: { entry: note('d') } };
    const { create, send, events } = await running(chart(states));
    const { id } = await create('thing');
    const { record } = await send(id, 'GO');
    expect([record.state, record.version, words(record.data.log)]).toEqual(['d', 2, ['b', 'c', 'd']]);
    expect(await events(id)).toEqual(['record.created', 'GO']);
  });

  it('handles raised events in the same step, after always transitions', async () => {
    const states = {
      a: { on: { GO: { target: 'b', actions: [{ type: 'raise', params: { event: 'ECHO', data: { word: 'x' } } }, note('go')] } } },
      b: { entry: note('b'), always: { target: 'c', actions: note('always') } },
      c: { on: { ECHO: { target: 'd', actions: note('echo') } } },
      d: {},
    };
    const { engine, ann, create, send, sound } = await running(chart(states));
    const { id } = await create('thing');
    const { record } = await send(id, 'GO');
    expect([record.state, record.version]).toEqual(['d', 2]);
    expect(words(record.data.log)).toEqual(['go', 'b', 'always', 'echo']);
    expect((await engine.history(id, ann, { limit: 9 })).items.at(-1)?.to).toBe('d');
    await sound();
  });

  it('raises events later, which can be cancelled, and which survive closing', async () => {
    const states = {
      a: {
        entry: [
          { type: 'raise', params: { event: 'REMIND', delay: 'PT10M', id: 'reminder' } },
          { type: 'raise', params: { event: 'LATE', delay: 20 * MINUTE } },
        ],
        on: { REMIND: { actions: note('reminded') }, LATE: { actions: note('late') }, QUIET: { actions: { type: 'cancel', params: { id: 'reminder' } } } },
      },
    };
    let test = await running(chart(states));
    const [loud, quiet] = [await test.create('thing'), await test.create('thing')];
    expect((await test.engine.timers(loud.id, test.ann)).map((timer) => [timer.key, timer.kind])).toEqual([
      ['raise.reminder', 'raise'],
      ['raise.LATE', 'raise'],
    ]);
    await test.send(quiet.id, 'QUIET');
    test = await test.again();
    await test.wait(15 * MINUTE);
    expect([words((await test.look(loud.id)).data.log), words((await test.look(quiet.id)).data.log)]).toEqual([['reminded'], []]);
    await test.wait(15 * MINUTE);
    expect([words((await test.look(loud.id)).data.log), words((await test.look(quiet.id)).data.log)]).toEqual([['reminded', 'late'], ['late']]);
    expect(await test.events(loud.id)).toEqual(['record.created', 'REMIND', 'LATE']);
    await test.sound();
  });

  it('reenters only when told, with exit, entry and a timer that begins anew', async () => {
    const states = {
      a: {
        entry: note('in'),
        exit: note('out'),
        on: { AGAIN: { target: 'a', reenter: true }, STAY: { target: 'a' }, NOTE: { actions: note('note') } },
        after: { 600000: 'b' },
      },
      b: {},
    };
    const { create, send, look, wait } = await running(chart(states));
    const { id } = await create('thing');
    await wait(5 * MINUTE);
    expect(words((await send(id, 'NOTE')).record.data.log)).toEqual(['in', 'note']);
    expect(words((await send(id, 'AGAIN')).record.data.log)).toEqual(['in', 'note', 'out', 'in']);
    await wait(6 * MINUTE);
    expect((await look(id)).state).toBe('a');
    await wait(4 * MINUTE);
    expect((await look(id)).state).toBe('b');
  });
});

describe('the end', () => {
  it('keeps the output, takes away timers and clocks, and refuses everything from then on', async () => {
    const states = { open: { on: { CLOSE: 'closed' }, after: { 3600000: 'late' } }, late: {}, closed: { type: 'final', entry: note('closed') } };
    const test = await running(chart(states, { output: { well: true }, on: { TOUCH: { actions: note('touched') } } }));
    const { id, number } = await test.create('thing');
    const { record } = await test.send(id, 'CLOSE');
    expect(record).toMatchObject({ status: 'done', state: 'closed', output: { well: true } });
    expect(await test.engine.timers(id, test.ann)).toEqual([]);
    const later = await test.again();
    const other = await later.create('thing');
    for (const work of [
      () => later.send(id, 'TOUCH'),
      () => later.send(id, 'CLOSE'),
      () => later.engine.comment({ record: number, text: 'late', actor: later.ann }),
      () => later.engine.attach({ record: id, name: 'a.txt', type: 'text/plain', content: new Uint8Array([1]), actor: later.ann }),
    ])
      expect((await refusal(work())).code).toBe('RECORD_FINISHED');
    expect(await later.engine.transitions(id, later.ann)).toEqual([]);
    await later.wait(120 * MINUTE);
    expect([(await later.look(id)).version, (await later.look(other.id)).state]).toEqual([2, 'late']);
    await later.sound();
  });

  it('of a nested state gives its output to onDone', async () => {
    const states = {
      work: {
        initial: 'doing',
        onDone: { target: 'after', actions: { type: 'set', params: { log: { cat: ['outcome ', { var: 'event.output.code' }] } } } },
        states: { doing: { on: { END: 'ended' } }, ended: { type: 'final', output: { code: 7 } } },
      },
      after: {},
    };
    const { create, send } = await running(chart(states));
    const { id } = await create('thing');
    const { record } = await send(id, 'END');
    expect([record.state, record.status, record.data.log]).toEqual(['after', 'active', 'outcome 7']);
  });
});
