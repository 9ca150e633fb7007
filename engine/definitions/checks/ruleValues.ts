/** In the params of actions (and in data of schedules) an object with exactly one known operator as its key is a rule. */
import { isRule } from '../../rules/index.js';
import type { Json } from '../authored.js';

export function isRuleValue(value: Json): boolean {
  return isRule(value);
}
