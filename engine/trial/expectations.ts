/** What a scenario expects after a step, held against what came out. */

import { tally } from '../core/approvals.js';
import { clockFacts } from '../core/facts.js';
import { sameJson } from '../core/step.js';
import type { Json, JsonObject, ScenarioExpectation } from '../definitions/authored.js';
import { durationMs, parseInstant } from '../rules/index.js';
import type { Simulation } from './simulation.js';

/** The first expectation that is not met, in words; null when all are. */
export function mismatch(simulation: Simulation, expected: ScenarioExpectation): string | null {
  return (
    stateMismatch(simulation, expected) ??
    fieldMismatch(simulation, expected) ??
    clockMismatch(simulation, expected) ??
    voteMismatch(simulation, expected) ??
    effectMismatch(simulation, expected)
  );
}

function stateMismatch({ record, paths }: Simulation, expected: ScenarioExpectation): string | null {
  const missing = [expected.state ?? []].flat().filter((path) => !paths.includes(path));
  if (missing.length > 0) return `Expected the state ${missing.join(' and ')}, but the record is in ${paths.join(', ')}.`;
  if (expected.status !== undefined && record?.status !== expected.status) return `Expected the record to be ${expected.status}, but it is ${record?.status}.`;
  return null;
}

function fieldMismatch({ record }: Simulation, expected: ScenarioExpectation): string | null {
  for (const [field, value] of Object.entries(expected.fields ?? {})) {
    const actual = record?.data[field] ?? null;
    if (!sameJson(actual, value)) return `Expected ${field} to be ${JSON.stringify(value)}, but it is ${JSON.stringify(actual)}.`;
  }
  return null;
}

function clockMismatch(simulation: Simulation, expected: ScenarioExpectation): string | null {
  for (const [name, want] of Object.entries(expected.clocks ?? {})) {
    const clock = simulation.record?.clocks[name];
    const facts = clock ? clockFacts(clock, simulation.now, simulation.environment) : null;
    const compare: readonly (readonly [string, Json | undefined, Json | undefined])[] = [
      ['status', want.status, facts?.status ?? 'idle'],
      ['breached', want.breached, facts?.breached ?? false],
      ['elapsed', want.elapsed === undefined ? undefined : durationMs(want.elapsed), facts?.elapsed ?? 0],
      ['remaining', want.remaining === undefined ? undefined : durationMs(want.remaining), facts?.remaining ?? null],
      ['dueAt', want.dueAt === undefined ? undefined : parseInstant(want.dueAt), clock?.dueAt ?? null],
    ];
    const off = compare.find(([, wanted, actual]) => wanted !== undefined && !sameJson(wanted, actual));
    if (off) return `Expected ${off[0]} of the clock ${name} to be ${JSON.stringify(off[1])}, but it is ${JSON.stringify(off[2])}.`;
  }
  return null;
}

function voteMismatch({ record }: Simulation, expected: ScenarioExpectation): string | null {
  for (const [name, want] of Object.entries(expected.votes ?? {})) {
    const approval = record?.approvals[name];
    const actual: JsonObject = approval ? { status: approval.status, step: approval.step, attempt: approval.attempt, ...tally(approval) } : {};
    if (!contains(actual, want)) return `Expected the votes of ${name} to be ${JSON.stringify(want)}, but they are ${JSON.stringify(actual)}.`;
  }
  return null;
}

/** Each effect named must be among those of the step; further ones are no fault. */
function effectMismatch({ last }: Simulation, expected: ScenarioExpectation): string | null {
  const effects = last.flatMap((decision) => [
    ...decision.effects.map((effect) => effect as unknown as Json),
    ...decision.children.map((child) => ({ type: 'create', ...child }) as unknown as Json),
  ]);
  const missing = (expected.effects ?? []).find((want) => !effects.some((effect) => contains(effect, want)));
  return missing === undefined ? null : `Expected the effect ${JSON.stringify(missing)}, but there were ${JSON.stringify(effects).slice(0, 600)}.`;
}

/** Whether `actual` has everything `wanted` says; lists must be equal. */
function contains(actual: Json, wanted: Json): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return sameJson(actual, wanted);
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
  return Object.entries(wanted).every(([key, value]) => contains((actual as JsonObject)[key] ?? null, value as Json));
}
