/** The closed table of operators: the checker, the documentation and the tests all read it. */
import type { Json } from '../definitions/authored.js';
import type { Operators } from './operatorKinds.js';
import { operatorsOfCharter } from './operatorsOfCharter.js';
import { operatorsOfJsonLogic } from './operatorsOfJsonLogic.js';

export const operators: Operators = Object.freeze({ ...operatorsOfJsonLogic, ...operatorsOfCharter });

/** Whether a value is a rule: an object with exactly one key, which is an operator. */
export function isRule(value: Json): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && Object.hasOwn(operators, keys[0] ?? '');
}
