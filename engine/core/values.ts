/** Computed fields: rules that give a field its value on every step. */
import { withoutNulls } from './actions.js';
import { type FactSource, factsOf } from './facts.js';
import type { Program } from './program.js';
import { sameJson } from './step.js';

/** Computes the fields that rules give a value, each after those it depends on. */
export function computeValues(program: Pick<Program, 'values' | 'quoted' | 'approvals' | 'links'>, source: FactSource): void {
  for (const [field, rule] of program.values) {
    const value = rule.evaluate(factsOf(program, source), source.step.environment);
    if (!sameJson(value, source.step.record[field] ?? null)) source.step.record = withoutNulls({ ...source.step.record, [field]: value });
  }
}
