/** The risks of XState and JSON-logic that RISKS.md marks H (2.1 and 2.2), each at the engine's own door. */
import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../engine/core/program.js';
import type { DefinitionVersion } from '../../engine/definitions/index.js';
import { EngineError } from '../../engine/errors.js';
import { simulate } from '../../engine/trial/index.js';
import { DAY, logForm, note, type Running, refusal, running } from './running.js';

const owner = { id: 'olga', roles: ['process-owner'], teams: [] };
const good = { id: 'thing', initial: 'open', states: { open: { on: { GO: 'gone' } }, gone: {} } };

/** What publishing a chart beside a sound process comes to. */
async function publishing(test: Running, chart: object, more: object = {}): Promise<readonly string[]> {
  const files = Object.fromEntries(Object.entries({ 'statechart.json': chart, ...more }).map(([file, content]) => [file, JSON.stringify(content)]));
  const error = await refusal(test.engine.publish({ process: 'thing', files, note: '', actor: owner, source: 'api' }));
  expect(error.code).toBe('DEFINITION_FAULTY');
  return (error.facts.problems as { severity: string; code: string }[]).filter((problem) => problem.severity === 'error').map((problem) => problem.code);
}
const open = (transition: object) => ({ ...good, states: { open: { on: { GO: { target: 'gone', ...transition } } }, gone: {} } });
const running1 = () => running({ processes: { thing: { 'statechart.json': good } } });

/** A program that no checker has seen: the last line of defence. */
function unchecked(chart: object, rules: object = {}) {
  return compileProgram({
    key: 'thing',
    hash: 'f'.repeat(64),
    text: '',
    files: { 'statechart.json': chart, 'rules.json': rules, 'form.json': logForm },
    policy: {},
  } as unknown as DefinitionVersion);
}
const world = { environment: { tables: new Map(), lists: new Map(), calendars: new Map() }, users: new Map(), records: new Map(), open: true, at: 0 };
const ann = { id: 'ann', roles: [], teams: [] };
const refused = (work: () => void): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return (error as EngineError).code;
  }
  return 'taken';
};

describe('D1: a guard that is no guard', () => {
  it('never opens a transition: the definition is refused', async () => {
    const test = await running1();
    for (const transition of [{ guard: null }, { guard: '' }, { guard: false }, { guard: 0 }, { cond: 'never' }, { gaurd: 'never' }])
      expect((await publishing(test, open(transition))).length, JSON.stringify(transition)).toBeGreaterThan(0);
    expect((await test.create('thing')).definitionVersion).toBe((await test.engine.versions('thing', owner))[0]?.hash);
  });
});

describe('D2: a guard with an inherited name', () => {
  it('is refused by the checker, and by the engine should it ever get there', async () => {
    const test = await running1();
    for (const guard of ['constructor', 'toString', '__proto__', { type: 'hasOwnProperty' }]) {
      expect((await publishing(test, open({ guard }))).length, JSON.stringify(guard)).toBeGreaterThan(0);
      const simulation = simulate(unchecked(open({ guard })), world);
      simulation.create(ann, {});
      expect(
        refused(() => simulation.send(ann, 'GO', {})),
        JSON.stringify(guard),
      ).toBe('RULE_FAILED');
      expect(simulation.record?.value).toBe('open');
    }
  });
});

describe('D3: an event that only the engine sends', () => {
  it('is refused from anybody else, and moves nothing', async () => {
    const chart = {
      id: 'thing',
      initial: 'open',
      states: {
        open: {
          initial: 'a',
          onDone: 'gone',
          after: { 3600000: 'gone' },
          on: { 'clock.fix.breached': 'gone', 'other.SIGNAL': 'gone', 'record.comment': { actions: note('heard') } },
          states: { a: { on: { B: 'b' } }, b: { type: 'final' } },
        },
        gone: {},
      },
    };
    const other = {
      'statechart.json': { id: 'other', initial: 'a', states: { a: { on: { X: { actions: { type: 'signal', params: { event: 'SIGNAL', link: 'l' } } } } } } },
      'process.json': { links: { l: { title: 'L' } } },
    };
    const clocks = { fix: { runs: { in: ['open'] }, target: 'PT8H' } };
    const sound = await running({ processes: { thing: { 'statechart.json': chart, 'form.json': logForm, 'process.json': { clocks } }, other } });
    const { id } = await sound.create('thing');
    for (const type of [
      'xstate.stop',
      'xstate.init',
      'xstate.after.3600000.thing.open',
      'xstate.done.state.thing.open',
      'xstate.done.actor.x',
      'xstate.error.actor.x',
      'xstate.error.execution',
      'xstate.snapshot.x',
      'xstate.reenter.x',
      'clock.fix.breached',
      'approval.x.approved',
      'other.SIGNAL',
      'record.comment',
      'record.link',
      'erased.',
      'after.3600000',
      '*',
      '',
      '.',
      'B.',
    ]) {
      expect((await refusal(sound.send(id, type))).code, type).toBe('EVENT_INTERNAL');
    }
    for (const type of ['imported', 'migrated', 'erased', 'constructor', '__proto__', 'toString', 'b', 'B '])
      expect(['EVENT_UNKNOWN', 'EVENT_INTERNAL'], type).toContain((await refusal(sound.send(id, type))).code);
    expect(await sound.look(id)).toMatchObject({ version: 1, state: { open: 'a' } });
    expect((await sound.send(id, 'B')).record.state).toBe('gone');
    await sound.sound();
  });
});

describe('D4: a chart that goes round for ever', () => {
  const loops = {
    always: { id: 'thing', initial: 'a', states: { a: { on: { GO: 'b' } }, b: { always: 'c' }, c: { always: 'b' } } },
    raise: { id: 'thing', initial: 'a', states: { a: { on: { GO: { actions: { type: 'raise', params: { event: 'GO' } } } } } } },
    onDone: { id: 'thing', initial: 'a', states: { a: { on: { GO: 'b' } }, b: { initial: 'x', onDone: 'b', states: { x: { type: 'final' } } } } },
  };

  it('is refused by the checker', async () => {
    const test = await running1();
    for (const [name, chart] of Object.entries(loops)) expect((await publishing(test, chart)).length, name).toBeGreaterThan(0);
    expect((await publishing(test, { ...good, options: { maxIterations: -1 } })).length).toBeGreaterThan(0);
  });

  it('ends within a step should it ever get there', () => {
    for (const [name, chart] of Object.entries(loops)) {
      const simulation = simulate(unchecked(chart), world);
      simulation.create(ann, {});
      expect(
        refused(() => simulation.send(ann, 'GO', {})),
        name,
      ).toBe('RULE_FAILED');
      expect(simulation.record?.version, name).toBe(1);
    }
  });
});

describe('D5: a delay that a timer cannot hold', () => {
  it('of months is kept in the store; nonsense is refused', async () => {
    const test = await running({ processes: { thing: { 'statechart.json': { ...good, states: { open: { after: { 31536000000: 'gone' } }, gone: {} } } } } });
    const { id } = await test.create('thing');
    await test.wait(364 * DAY);
    expect((await test.look(id)).state).toBe('open');
    await test.wait(DAY);
    expect((await test.look(id)).state).toBe('gone');
    for (const delay of ['unheardOf', '-5', 'NaN', 'Infinity', '1e3', '2.5', 'constructor'])
      expect((await publishing(test, { ...good, states: { open: { after: { [delay]: 'gone' } }, gone: {} } })).length, delay).toBeGreaterThan(0);
  });
});

describe('D7: a finished record', () => {
  it('is left by nothing, not even by a transition of the root', async () => {
    const chart = {
      id: 'thing',
      initial: 'open',
      on: { ANY: '.open' },
      states: { open: { on: { END: 'ended' }, after: { 3600000: 'ended' } }, ended: { type: 'final' } },
    };
    const test = await running({ processes: { thing: { 'statechart.json': chart } } });
    const { id } = await test.create('thing');
    await test.send(id, 'END');
    expect((await refusal(test.send(id, 'ANY'))).code).toBe('RECORD_FINISHED');
    await test.wait(DAY);
    expect(await test.look(id)).toMatchObject({ version: 2, state: 'ended', status: 'done' });
  });
});

describe('R1 to R4: rules that are bombs, constants, or look through the prototype', () => {
  const ruled = (guard: unknown) =>
    [
      { ...good, states: { open: { on: { GO: { target: 'gone', guard: 'g' } } }, gone: {} } },
      { 'rules.json': { guards: { g: guard } }, 'form.json': { type: 'object', properties: { list: { type: 'array', items: { type: 'number' } } } } },
    ] as const;
  const ten = Array.from({ length: 10 }, (_, index) => index);
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { map: [ten, nested(depth - 1)] });
  const doubling = { reduce: [Array.from({ length: 60 }, (_, index) => index), { cat: [{ var: 'accumulator' }, { var: 'accumulator' }] }, 'x'] };
  const bombs = { nested: { '!!': nested(8) }, doubling: { '!!': doubling } };

  it('R1: are refused or stopped within their budget, and the step changes nothing', async () => {
    for (const [name, bomb] of Object.entries(bombs)) {
      const [chart, files] = ruled(bomb);
      const simulation = simulate(unchecked(chart, files['rules.json']), world);
      simulation.create(ann, {});
      expect(
        refused(() => simulation.send(ann, 'GO', {})),
        name,
      ).toBe('RULE_FAILED');
      expect(simulation.record?.version).toBe(1);
    }
  });

  it('R2, R3, R4: are refused by the checker', async () => {
    const test = await running1();
    const rules = {
      'R2 two keys': { '===': [1, 2], comment: 'never' },
      'R3 prototype': { '!!': { var: 'record.constructor' } },
      'R3 proto': { '!!': { var: 'record.__proto__.x' } },
      'R4 list': [{ '===': [1, 2] }],
      'R4 text': 'false',
      'R4 true': true,
      'R9 log': { log: 'x' },
    };
    for (const [name, rule] of Object.entries(rules)) {
      const [chart, files] = ruled(rule);
      expect((await publishing(test, chart, files)).length, name).toBeGreaterThan(0);
    }
  });

  it('R3: an inherited name is no fact, at the door or in a rule', async () => {
    const test = await running({
      processes: {
        thing: {
          'statechart.json': { ...good, states: { open: { on: { GO: { target: 'gone', meta: { form: ['list'] } } } }, gone: {} } },
          'form.json': { type: 'object', properties: { list: { type: 'array', items: { type: 'number' } } } },
        },
      },
    });
    const { id } = await test.create('thing');
    for (const data of ['{"__proto__":{"isAdmin":true}}', '{"constructor":1}', '{"toString":"x"}']) {
      expect((await refusal(test.send(id, 'GO', JSON.parse(data)))).code, data).toBe('DATA_INVALID');
      expect((await refusal(test.engine.create({ process: 'thing', data: JSON.parse(data), actor: test.ann }))).code, data).toBe('DATA_INVALID');
    }
    expect(({} as { isAdmin?: boolean }).isAdmin).toBe(undefined);
    const [chart, files] = ruled({ '!!': { var: 'record.constructor' } });
    const simulation = simulate(unchecked(chart, files['rules.json']), world);
    simulation.create(ann, {});
    expect(refused(() => simulation.send(ann, 'GO', {}))).not.toBe('taken');
  });
});
