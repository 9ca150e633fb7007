import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../engine/core/program.js';
import { checkAll, closeOver } from '../../../engine/definitions/index.js';
import { explore } from '../../../engine/trial/explore.js';
import { runWithCoverage } from '../../../engine/trial/scenario.js';

type Files = { readonly [file: string]: unknown };

function programOf(processes: { readonly [key: string]: Files }, key = Object.keys(processes)[0] as string) {
  const sources = Object.entries(processes).flatMap(([name, files]) =>
    Object.entries(files).map(([file, content]): [string, string] => [`${name}/${file}`, JSON.stringify(content)]),
  );
  const checked = checkAll({ processes: Object.fromEntries(sources), rules: {} });
  expect(checked.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const programs = new Map([...checked.processes].map(([name, files]) => [name, compileProgram(closeOver(name, files, checked.shared))]));
  const program = programs.get(key);
  if (!program) throw new Error(`no process ${key}`);
  return { program, surroundings: { others: programs, reference: {} } };
}

const record = (name: string) => ({ var: `record.${name}` });

/** A purchase of a high price needs consent; the fault, when it is there, is a way around it. */
function purchase(fault: boolean): Files {
  return {
    'statechart.json': {
      id: 'purchase',
      initial: 'draft',
      states: {
        draft: { on: { EDIT: { meta: { form: ['price', 'note'] } }, ASK: { target: 'asked', guard: 'dear' }, BUY: { target: 'bought', guard: 'cheap' } } },
        asked: { on: { CONSENT: { target: 'agreed' }, REFUSE: 'draft', ...(fault ? { EDIT: { meta: { form: ['price'] } } } : {}) } },
        agreed: { on: { BUY: 'bought', ...(fault ? { EDIT: { meta: { form: ['price'] } } } : {}), TAKE_BACK: 'draft' } },
        bought: { type: 'final' },
      },
    },
    'form.json': {
      type: 'object',
      properties: {
        price: { type: 'integer', minimum: 0, maximum: 100_000, default: 0 },
        note: { type: 'string', maxLength: 100 },
        agreedPrice: { type: 'integer', readOnly: true },
      },
    },
    'rules.json': {
      guards: { dear: { '>=': [record('price'), 1_000] }, cheap: { '<': [record('price'), 1_000] } },
    },
    'scenarios.json': {
      invariants: [
        {
          name: 'nothing dear is bought without consent',
          rule: { or: [{ '!': { in_state: 'bought' } }, { '<': [record('price'), 1_000] }, { visited: 'agreed' }] },
        },
        ...(fault ? [{ name: 'what is agreed stays dear', rule: { or: [{ '!': { in_state: 'agreed' } }, { '>=': [record('price'), 1_000] }] } }] : []),
      ],
    },
  };
}

describe('exploring a process', () => {
  it('ends when nothing is left to be tried, and says so', () => {
    const { program, surroundings } = programOf({ purchase: purchase(false) });
    const found = explore(program, surroundings);
    expect(found).toMatchObject({ states: 4, transitions: 7, complete: true, counterexample: null });
  });

  it('finds a path on which an invariant is broken, by values that only a threshold in a rule tells apart', () => {
    const { program, surroundings } = programOf({ purchase: purchase(true) });
    const { counterexample } = explore(program, surroundings);
    expect(counterexample?.message).toContain('what is agreed stays dear');
    const events = counterexample?.walk.map((step) => step.split(' ')[0]);
    expect(events?.[0]).toBe('created');
    expect(events).toContain('CONSENT');
    expect(events?.at(-1)).toBe('EDIT');
  });

  it('gives the same answer every time', () => {
    const { program, surroundings } = programOf({ purchase: purchase(true) });
    expect(explore(program, surroundings)).toEqual(explore(program, surroundings));
  });

  it('stops at its bound, and does not call itself complete then', () => {
    const { program, surroundings } = programOf({ purchase: purchase(false) });
    expect(explore(program, surroundings, { most: 5 }).complete).toBe(false);
  });

  it('counts on all that may happen to linked records meanwhile', () => {
    const part: Files = { 'statechart.json': { id: 'part', initial: 'open', states: { open: { on: { END: 'done' } }, done: { type: 'final' } } } };
    const whole: Files = {
      'statechart.json': {
        id: 'whole',
        initial: 'open',
        states: { open: { on: { CLOSE: { target: 'closed', guard: 'ready' } } }, closed: { on: { REOPEN: 'open' } } },
      },
      'rules.json': { guards: { ready: { all: [{ var: 'links.parts.records' }, { includes: [{ var: ['states', []] }, 'done'] }] } } },
      'process.json': { links: { parts: { title: 'Parts', to: ['part'], many: true } } },
      'scenarios.json': {
        invariants: [
          {
            name: 'closed only while its parts are done',
            rule: { or: [{ '!': { in_state: 'closed' } }, { all: [{ var: 'links.parts.records' }, { includes: [{ var: ['states', []] }, 'done'] }] }] },
          },
        ],
      },
    };
    const { program, surroundings } = programOf({ whole, part });
    const { states, counterexample } = explore(program, surroundings);
    expect(states).toBe(2);
    expect(counterexample?.walk.at(-1)).toMatch(/^meanwhile parts/);
  });

  it('goes on from where the scenarios led', () => {
    const files: Files = {
      'statechart.json': {
        id: 'door',
        initial: 'shut',
        states: { shut: { on: { OPEN: { target: 'open', guard: 'knowsTheWord', meta: { form: ['word'] } } } }, open: { on: { SLAM: 'broken' } }, broken: {} },
      },
      'form.json': { type: 'object', properties: { word: { type: 'string', pattern: '^[a-z]{6}$' } } },
      'rules.json': { guards: { knowsTheWord: { starts_with: [{ var: ['event.word', ''] }, 'sesam'] } } },
      'scenarios.json': {
        scenarios: [{ name: 'in', given: { users: { ali: {} } }, steps: [{ event: 'OPEN', data: { word: 'sesame' }, expect: { state: 'open' } }] }],
        invariants: [{ name: 'never broken', rule: { '!': { in_state: 'broken' } } }],
      },
    };
    const { program, surroundings } = programOf({ door: files });
    const { places } = runWithCoverage(program, surroundings);
    expect(explore(program, surroundings, { from: places }).counterexample?.walk.at(-1)).toContain('SLAM');
  });
});
