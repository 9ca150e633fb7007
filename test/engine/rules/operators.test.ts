import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../engine/definitions/authored.js';
import { exampleEnvironment, exampleOptions } from '../../../engine/rules/exampleEnvironment.js';
import { checkRule, compileRule, describeRule, isRule, operators, type RuleFacts } from '../../../engine/rules/index.js';
import { noFacts } from './facts.js';

describe('every operator', () => {
  for (const [name, { example, description }] of Object.entries(operators)) {
    it(`${name} does what its example says`, () => {
      const facts = { ...noFacts, ...(example.facts as Partial<RuleFacts> | undefined) };
      const rule = compileRule('example', example.rule);
      expect(rule.evaluate(facts, exampleEnvironment)).toEqual(example.gives);
      expect(description).toMatch(/\.$/);
    });
    it(`${name} has a sentence`, () => expect(describeRule(example.rule)).toMatch(/^\S.{2,}/));
    it(`${name}: its example passes the checker without errors`, () => {
      const fields = new Map([...exampleOptions.fields, ['openedAt', { type: 'string', format: 'date-time' } as const]]);
      const found = checkRule(example.rule, { ...exampleOptions, fields, expects: 'any', allowVisited: true, allowLiteral: true });
      expect(found.filter((one) => one.severity === 'error')).toEqual([]);
    });
  }
  it('is one of a closed list without log', () => {
    expect(Object.keys(operators)).not.toContain('log');
    expect(isRule({ log: 'x' })).toBe(false);
    expect(isRule({ toString: [] } as unknown as JsonObject)).toBe(false);
    expect(isRule({ constructor: [] } as unknown as JsonObject)).toBe(false);
    expect(isRule({ '==': [1, 1] })).toBe(true);
    expect(isRule([{ '==': [1, 1] }])).toBe(false);
    expect(isRule({ '==': [1, 1], '!': [] })).toBe(false);
  });
});
