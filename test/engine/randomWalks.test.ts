import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../engine/core/program.js';
import { checkAll, closeOver } from '../../engine/definitions/index.js';
import { runWithCoverage } from '../../engine/trial/scenario.js';
import { randomFrom } from './seeded.js';
import { shippedSources } from './shippedSources.js';
import { twofold } from './trial/plain.js';
import { type Walked, walkThrough } from './trial/walker.js';

/** Steps in each process. `CHARTER_WALK_STEPS` for longer walks. */
const steps = Number(process.env.CHARTER_WALK_STEPS ?? 150);
/** The same walks every time, so that what fails can be mended before it is called done; `CHARTER_SEED=random` for others. */
const seed = process.env.CHARTER_SEED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(process.env.CHARTER_SEED ?? 20_261_123);
const checked = checkAll(shippedSources());
const programs = new Map([...checked.processes].map(([key, files]) => [key, compileProgram(closeOver(key, files, checked.shared))]));
const surroundings = { others: programs, reference: checked.shared.reference };
const walks = new Map<string, Walked>();

describe(`random walks (CHARTER_SEED=${seed})`, () => {
  it.each([...programs.keys()])(
    'through %s go where XState as it comes goes, survive storing and restoring, and replay to the same record',
    (key) => {
      const compiled = programs.get(key);
      if (!compiled) throw new Error(key);
      const both = twofold(compiled);
      const { program } = both;
      const places = runWithCoverage(program, surroundings).places.flatMap(({ simulation }) => (simulation.record?.status === 'active' ? [simulation] : []));
      const near = new Map([...programs].filter(([other]) => other === key || namesProcess(program.files, other)));
      const walked = walkThrough(both, near, { reference: checked.shared.reference, random: randomFrom(seed), places, least: steps, most: steps });
      walks.set(key, walked);
      expect(walked.steps).toBeGreaterThanOrEqual(steps);
    },
    60_000,
  );

  it('take most of what there is to be taken', () => {
    const all = [...walks.values()].reduce((sum, { transitions }) => sum + transitions, 0);
    const missing = [...walks.values()].reduce((sum, walked) => sum + walked.missing.length, 0);
    process.stdout.write(`random walks: ${all - missing} of ${all} transitions; CHARTER_SEED=${seed}\n`);
    expect((all - missing) / all).toBeGreaterThan(0.5);
  });
});

function namesProcess(files: object, key: string): boolean {
  return JSON.stringify(files).includes(`"${key}"`);
}
