/** Why a step was refused, in words and with the values the rules had. */
import { EngineError } from '../errors.js';
import { type CompiledRule, describeRule } from '../rules/index.js';
import type { Explanation } from '../types.js';
import { withheldFields } from './access.js';
import { type FactSource, factsOf } from './facts.js';
import type { Candidate } from './kernel.js';
import type { Program } from './program.js';

/** The refusal when no candidate's guard holds. */
export function refusedBy(program: Program, candidates: readonly Candidate[], source: FactSource): EngineError {
  const event = candidates[0]?.event ?? source.event.type;
  return new EngineError('GUARD_REFUSED', { event, reasons: guardReasons(program, candidates, source) });
}

/** Each guard that does not hold, explained. */
export function guardReasons(program: Program, candidates: readonly Candidate[], source: FactSource): readonly Explanation[] {
  const guards = [...new Set(candidates.flatMap((candidate) => candidate.guard ?? []))];
  return guards.map((name) => explainGuard(program, name, source)).filter((explanation) => !explanation.holds);
}

function explainGuard(program: Program, name: string, source: FactSource): Explanation {
  const rule = program.guards.get(name);
  if (!rule) throw new EngineError('RULE_FAILED', { rule: name, reason: 'the guard is not defined' });
  const explanation = explainTo(program, rule, source);
  const sentence = program.files['rules.json']?.descriptions?.[name];
  return {
    ...explanation,
    rule: name,
    sentence: sentence ? `${sentence} (${explanation.sentence || describeRule(rule.rule, program.titles)})` : explanation.sentence,
  };
}

/** A rule explained with the values it had, save those the actor may not see: where it reads one, the rule is told without values. */
export function explainTo(program: Program, rule: CompiledRule, source: FactSource): Explanation {
  const explanation = rule.explain(factsOf(program, source), source.step.environment, program.titles);
  const withheld = withheldFields(program.fields, source.step.actor);
  const hides = (path: string): boolean => path.startsWith('record.') && withheld.has(path.split('.')[1] ?? '');
  if (!rule.reads.some(hides)) return explanation;
  const parts = explanation.parts.map((part) => (hides(part.path) ? { ...part, value: null } : part));
  return { ...explanation, sentence: describeRule(rule.rule, program.titles), parts };
}
