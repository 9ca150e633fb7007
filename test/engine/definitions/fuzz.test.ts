/** Mutated definitions: the checker neither throws nor hangs, and what it accepts can be compiled. */
import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../engine/core/program.js';
import type { Json } from '../../../engine/definitions/authored.js';
import { checkProcess, closeOver, readShared } from '../../../engine/definitions/index.js';
import type { Example } from '../../../engine/definitions/problems/kind.js';
import { randomFrom } from '../seeded.js';
import { textsOf } from './examples.js';
import { goodCharts } from './goodCharts.js';
import { goodFolders } from './goodFolders.js';

const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 1_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_302);

const odd: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  '',
  ' ',
  'constructor',
  '__proto__',
  'toString',
  '*',
  'a.b',
  '#x',
  '.x',
  'xstate.init',
  'open',
  'closed',
  'final',
  'P1D',
  '-PT1H',
  'x'.repeat(5_000),
  '\u202e',
  [],
  {},
  [[]],
  [null],
  { type: 'constructor' },
  { target: 'open' },
  { var: 'record.x' },
  { '===': [1, { var: 'event' }] },
  { and: [] },
  { if: [1, 2] },
  { reduce: [{ var: '' }, { '+': [1] }] },
  { in_state: 'open' },
  [{ type: 'raise', params: { event: 'CLOSE' } }],
  { initial: 'a', states: { a: {} } },
  '(a+)+$',
  42,
];
const keys = [
  'on',
  'states',
  'always',
  'after',
  'onDone',
  'entry',
  'initial',
  'type',
  'guard',
  'target',
  'history',
  'constructor',
  '__proto__x',
  'CLOSE',
  'open',
  'a.b',
  '*',
  '',
  'meta',
  'form',
  'pattern',
  'params',
  'when',
];

type Tree = { [key: string]: Json } | Json[];

function mutate(root: Json, random: () => number): void {
  const holders: Tree[] = [];
  const collect = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    holders.push(value as Tree);
    for (const inner of Object.values(value)) collect(inner as Json);
  };
  collect(root);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const holder = pick(holders) as { [key: string]: Json };
  const own = Object.keys(holder);
  const key = own.length > 0 ? pick(own) : pick(keys);
  const choice = random();
  if (choice < 0.35) holder[key] = structuredClone(pick(odd)) as Json;
  else if (choice < 0.5) delete holder[key];
  else if (choice < 0.65) holder[pick(keys)] = structuredClone(Object.hasOwn(holder, key) ? (holder[key] ?? null) : null) as Json;
  else if (choice < 0.8) holder[key] = structuredClone(pick(holders)) as Json;
  else if (choice < 0.9) holder[pick(keys)] = structuredClone(pick(odd)) as Json;
  else if (own.length > 1) {
    const other = pick(own);
    [holder[key], holder[other]] = [holder[other] as Json, holder[key] as Json];
  }
}

describe('mutated definitions', () => {
  it(`are checked without crash or hang, and compile when accepted (${ROUNDS} rounds, FUZZ_SEED=${SEED})`, { timeout: 600_000 }, () => {
    const random = randomFrom(SEED);
    const seeds = [...Object.values(goodCharts), ...Object.values(goodFolders)];
    let accepted = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const seed = seeds[Math.floor(random() * seeds.length)] as Example;
      const example = structuredClone(seed) as Example;
      for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1)
        mutate((random() < 0.1 ? (example.rules ?? example.files) : example.files) as Json, random);
      const texts = textsOf(example.files);
      const began = performance.now();
      const { shared } = readShared(textsOf(example.rules ?? {}));
      const { files, problems } = checkProcess('example', texts, { shared, processes: new Map(Object.entries(example.others ?? {})) });
      expect(performance.now() - began, `round ${round} took too long`).toBeLessThan(2_000);
      for (const problem of problems) expect(problem.line * problem.column, problem.code).toBeGreaterThan(0);
      if (!files) continue;
      accepted += 1;
      expect(() => compileProgram(closeOver('example', files, shared)), `round ${round} was accepted: ${JSON.stringify(files).slice(0, 2_000)}`).not.toThrow();
    }
    expect(accepted, 'enough are accepted for the test to mean something').toBeGreaterThan(ROUNDS / 20);
  });
});
