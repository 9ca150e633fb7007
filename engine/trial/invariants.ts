/** Invariants: what must hold after every step on every path. */

import { factsOf } from '../core/facts.js';
import { lookingStep } from '../core/looking.js';
import type { Program } from '../core/program.js';
import { EngineError } from '../errors.js';
import type { Simulation } from './simulation.js';

/** The first invariant that does not hold now, in words; null when all do. */
export function invariantBroken(program: Program, simulation: Simulation): string | null {
  const invariants = program.files['scenarios.json']?.invariants ?? [];
  if (invariants.length === 0 || !simulation.record) return null;
  const { record, now: at, environment, lookups } = simulation;
  const step = lookingStep(record, { at, actor: { id: 'system', roles: [], teams: [] }, environment, lookups });
  const source = { step, event: { type: '', data: {} }, paths: new Set(simulation.paths), visited: simulation.visited };
  for (const { name, rule } of invariants) {
    const compiled = program.rule(rule, `invariant ${name}`);
    try {
      if (compiled.holds(factsOf(program, source), simulation.environment)) continue;
      return `The invariant “${name}” does not hold: ${compiled.explain(factsOf(program, source), simulation.environment, program.titles).sentence}`;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      return `The invariant “${name}” could not be evaluated: ${JSON.stringify(error.facts)}`;
    }
  }
  return null;
}
