/** Names only the engine may send, and the steps it takes that every process has. */
import type { ClockState, Command, JsonObject } from '../types.js';
import { noteThreshold } from './clocks.js';
import type { Configuration } from './kernel.js';
import type { StepContext } from './step.js';

/** Steps of the engine's own whose names have no dot. */
const ownNames: ReadonlySet<string> = new Set(['imported', 'erased', 'migrated']);

/** A name with a dot, a wildcard, nothing at all or one of the engine's own never comes from outside. */
export function isInternalName(type: string): boolean {
  return type === '' || type.includes('.') || type.includes('*') || ownNames.has(type);
}

interface ReservedStep {
  /** Works on the step; gives a configuration when the state is set outright (migration). */
  apply(step: StepContext, command: Command): Configuration | null;
}

const recorded: ReservedStep = { apply: () => null };

const linked: ReservedStep = {
  apply: (step, command) => {
    const { name, to } = command.data as { name: string; to: string };
    step.linkChanges.push({ name, to, ...(command.type === 'record.unlink' ? { remove: true } : {}) });
    return null;
  },
};

const erased: ReservedStep = {
  apply: (step, command) => {
    const fields = new Set(command.data.fields as readonly string[]);
    step.record = Object.fromEntries(Object.entries(step.record).filter(([field]) => !fields.has(field)));
    return null;
  },
};

/** Steps that are part of no chart, though a chart may handle them: comments, attachments, links, the end of an import. */
export const reservedSteps: ReadonlyMap<string, ReservedStep> = new Map([
  ['record.comment', recorded],
  ['record.attachment', recorded],
  ['record.link', linked],
  ['record.unlink', linked],
  ['record.retimed', recorded],
  ['record.measured', recorded],
  ['imported', recorded],
  ['erased', erased],
]);

/** A threshold's arrival is noted on the clock before the chart hears of it. */
export function noteArrival(clocks: Readonly<Record<string, ClockState>>, data: JsonObject, at: number): Readonly<Record<string, ClockState>> {
  const name = String(data.clock);
  const clock = clocks[name];
  return clock ? { ...clocks, [name]: noteThreshold(clock, Number(data.fraction), at) } : clocks;
}
