import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../engine/core/program.js';
import { checkAll, closeOver } from '../../engine/definitions/index.js';
import { randomFrom } from './seeded.js';
import { shippedSources } from './shippedSources.js';
import { walkThrough } from './trial/walker.js';

/** Steps in each process; more of them while a transition is missing. `CHARTER_WALK_STEPS` for longer walks. */
const least = Number(process.env.CHARTER_WALK_STEPS ?? 600);
const most = Math.max(least, 1_800);
const seed = Number(process.env.CHARTER_SEED ?? Math.floor(Math.random() * 2 ** 31));
const checked = checkAll(shippedSources());
const programs = new Map([...checked.processes].map(([key, files]) => [key, compileProgram(closeOver(key, files, checked.shared))]));

describe(`random walks (CHARTER_SEED=${seed})`, () => {
  it.each([...programs.keys()])(
    'through %s survive storing and restoring after each step and replay to the same record',
    (key) => {
      const program = programs.get(key);
      if (!program) throw new Error(key);
      const walked = walkThrough(program, programs, { reference: checked.shared.reference, random: randomFrom(seed), least, most });
      const covered = walked.transitions - walked.missing.length;
      process.stdout.write(
        `${key}: ${walked.walks} walks, ${walked.steps} steps, ${walked.refused} refusals, ${covered} of ${walked.transitions} transitions (${walked.missing.join(', ') || 'all'}); CHARTER_SEED=${seed}\n`,
      );
      expect(covered / walked.transitions, `never taken: ${walked.missing.join(', ')}`).toBeGreaterThanOrEqual(0.95);
    },
    60_000,
  );
});
