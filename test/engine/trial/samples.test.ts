import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../engine/core/program.js';
import { checkAll, closeOver } from '../../../engine/definitions/index.js';
import { sampleValues, sampleWorld } from '../../../engine/trial/index.js';
import { randomFrom } from '../seeded.js';
import { shippedSources } from '../shippedSources.js';
import { randomValue, randomWorld } from './randomData.js';

const now = Date.UTC(2026, 2, 2, 9);
const checked = checkAll(shippedSources());
const programs = new Map([...checked.processes].map(([key, files]) => [key, compileProgram(closeOver(key, files, checked.shared))]));

describe('sample values', () => {
  it('are admitted by the form of every shipped process, every one of them', () => {
    for (const program of programs.values()) {
      for (const field of program.fields.keys()) {
        for (const value of sampleValues(program, field, now))
          expect(program.fieldSet.problems([{ field, required: false }], { [field]: value }), `${program.key}.${field} ${JSON.stringify(value)}`).toEqual([]);
      }
    }
  });

  it('name records that the sample world has', () => {
    const { records, users } = sampleWorld(programs, ['desk'], now);
    for (const program of programs.values()) {
      for (const [field, schema] of program.fields) {
        const reference = schema['x-charter']?.reference;
        if (reference?.kind === 'record')
          for (const value of sampleValues(program, field, now))
            expect(records.get(String([value].flat()[0]))?.process ?? reference.process, `${program.key}.${field}`).toBe(reference.process);
        if (reference?.kind === 'user')
          for (const value of sampleValues(program, field, now).flat()) expect(users.has(String(value)), `${program.key}.${field}`).toBe(true);
      }
    }
  });
});

describe('random values of the walks', () => {
  it('are admitted too', () => {
    const random = randomFrom(7);
    const { around } = randomWorld(programs, ['desk'], { random, now });
    for (const program of programs.values()) {
      for (const field of program.fields.keys()) {
        for (let n = 0; n < 20; n += 1) {
          const value = randomValue(program, field, around);
          if (value !== null)
            expect(
              program.fieldSet.problems([{ field, required: false }], { [field]: value }),
              `${program.key}.${field} ${JSON.stringify(value).slice(0, 80)}`,
            ).toEqual([]);
        }
      }
    }
  });
});
