import { describe, expect, it } from 'vitest';
import { exampleOptions } from '../../../engine/rules/exampleEnvironment.js';
import { checkCalendar, checkList, checkRule, checkTable, type RuleProblem, ruleProblems } from '../../../engine/rules/index.js';
import type { Example } from '../../../engine/rules/problems.js';

function check(example: Example): readonly RuleProblem[] {
  if ('rule' in example) return checkRule(example.rule, { ...exampleOptions, ...example.options });
  if ('table' in example) return checkTable(example.table);
  return 'list' in example ? checkList(example.list) : checkCalendar(example.calendar);
}

describe('the catalogue of problems', () => {
  for (const [code, kind] of Object.entries(ruleProblems)) {
    it(`${code} is reported for its bad example, as ${kind.severity}, and for nothing else`, () => {
      const found = check(kind.bad);
      expect(found.map((one) => one.code)).toEqual([code]);
      expect(found[0]).toMatchObject({ severity: kind.severity, remedy: kind.remedy });
      expect(found[0]?.message).toMatch(/^\S.*[.]$/);
    });
    it(`${code} has a good example without any problem`, () => expect(check(kind.good)).toEqual([]));
  }
});
