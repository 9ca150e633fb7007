import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyToData } from '../../../engine/rules/library.js';

type Case = readonly [rule: unknown, data: unknown, expected: unknown];

const file = new URL('./fixtures/jsonLogicTests.json', import.meta.url);
const cases = (JSON.parse(readFileSync(file, 'utf8')) as (string | Case)[]).filter((one): one is Case => typeof one !== 'string');

/** Cases of operators Charter does not keep. */
const left = (rule: unknown): boolean => /"(log|method)"/.test(JSON.stringify(rule));
/** Cases where Charter differs on purpose, each with its reason. None so far. */
const differing: ReadonlyMap<string, string> = new Map();

describe('the public JSON-logic test suite', () => {
  it('is all there', () => expect(cases.length).toBe(277));
  for (const [index, [rule, data, expected]] of cases.entries()) {
    if (left(rule) || differing.has(JSON.stringify(rule))) continue;
    it(`case ${index + 1}: ${JSON.stringify(rule).slice(0, 100)}`, () => {
      expect(applyToData(rule, data) ?? null).toEqual(expected);
    });
  }
});
