/** Timers of a record after a step: due instants are computed from the instant a state was entered, the record and the reference rules. */
import type { Timer } from '../types.js';
import { thresholdTimers } from './clocks.js';
import { factsOf } from './facts.js';
import type { Program } from './program.js';
import type { StepContext } from './step.js';

/** All timers from now on, sorted by key. A delay that gives nothing is no timer; one in the past is due now. */
export function timersOf(program: Program, step: StepContext, paths: ReadonlySet<string>): readonly Timer[] {
  const facts = { step, event: { type: '', data: {} }, paths };
  const afters = Object.entries(step.armed).flatMap(([id, since]): Timer[] => {
    const after = program.kernel.after(id);
    if (!after) return [];
    const dueAt = dueOf(program, after.delay, () => program.delays.get(after.delay)?.due(factsOf(program, facts), step.environment, since) ?? null, since);
    return dueAt === null ? [] : [{ key: id, kind: 'after', event: id, data: { state: after.path }, dueAt }];
  });
  const raised = Object.entries(step.raised).map(
    ([id, { event, data, dueAt }]): Timer => ({ key: `raise.${id}`, kind: 'raise', event, data: { ...data }, dueAt }),
  );
  const clocks = program.clocks.flatMap(({ name, spec }) => {
    const clock = step.clocks[name];
    return clock ? thresholdTimers(name, spec, clock, step.environment) : [];
  });
  return [...afters, ...raised, ...clocks].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** An `after` key is a named delay or a number of milliseconds. */
function dueOf(program: Program, delay: string, named: () => number | null, since: number): number | null {
  if (program.delays.has(delay)) return named();
  return since + Number(delay);
}

/** Whether two lists of timers are the same, so that unchanged ones are not rewritten. */
export function sameTimers(a: readonly Timer[], b: readonly Timer[]): boolean {
  return a.length === b.length && a.every((timer, index) => timer.key === b[index]?.key && timer.dueAt === b[index]?.dueAt);
}

/** The name a timer's or signal's step has in history: `after.<delay>` for an XState event id. */
export function historyName(program: Program, type: string): string {
  const after = program.kernel.after(type);
  return after ? `after.${after.delay}` : type;
}
