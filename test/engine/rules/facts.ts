import type { Json, JsonObject, Rule } from '../../../engine/definitions/authored.js';
import { EngineError } from '../../../engine/errors.js';
import { exampleEnvironment } from '../../../engine/rules/exampleEnvironment.js';
import { compileRule, type RuleFacts } from '../../../engine/rules/index.js';

export const noFacts: RuleFacts = {
  record: {},
  event: {},
  actor: { id: 'mira', roles: ['service-desk'], teams: ['network'] },
  state: { active: 'waiting' },
  links: { order: { count: 0 } },
  clocks: { resolution: { status: 'running', elapsed: 7_200_000, remaining: 3_600_000, dueAt: '2026-03-02T10:00:00.000Z', breached: false } },
  votes: {},
  now: '2026-03-02T09:00:00.000Z',
};

export function factsWith(record: JsonObject, more: Partial<RuleFacts> = {}): RuleFacts {
  return { ...noFacts, record, ...more };
}

export function evaluated(rule: Rule, record: JsonObject = {}, more: Partial<RuleFacts> = {}): Json {
  return compileRule('tried', rule).evaluate(factsWith(record, more), exampleEnvironment);
}

/** The reason with which a rule fails; throws when it does not fail, or in another way than it should. */
export function failureOf(rule: Rule, record: JsonObject = {}): string {
  try {
    evaluated(rule, record);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'RULE_FAILED' && error.facts.rule === 'tried') return String(error.facts.reason);
    throw error;
  }
  throw new Error('the rule did not fail');
}
