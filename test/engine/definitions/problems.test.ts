import { describe, expect, it } from 'vitest';
import { type ProblemCode, problemTable } from '../../../engine/definitions/index.js';
import { briefly, problemsOf } from './examples.js';

const codes = Object.keys(problemTable) as ProblemCode[];

describe('the table of problems', () => {
  it.each(codes)('%s: its bad example has exactly this problem, placed and worded', (code) => {
    const found = problemsOf(problemTable[code].bad);
    const others = found.filter((one) => one.code !== code && code !== 'TOO_MANY_PROBLEMS');
    expect(briefly(others), 'other problems').toEqual([]);
    expect(found.length, 'the problem itself').toBeGreaterThan(0);
    for (const one of found.filter((other) => other.code === code)) {
      expect(one.severity).toBe(problemTable[code].severity);
      expect(one.message + one.remedy, 'every place of the message is filled').not.toMatch(/\{(?!\{)\w+\}(?!\})/);
      expect(one.line).toBeGreaterThan(0);
      expect(one.column).toBeGreaterThan(0);
    }
  });

  it.each(codes)('%s: its good example has no problem at all', (code) => {
    expect(briefly(problemsOf(problemTable[code].good))).toEqual([]);
  });
});
