/** The end of an import: what is still ahead is armed, what has passed meanwhile is listed and does not fire. */
import type { JsonObject } from '../definitions/authored.js';
import type { Timer } from '../types.js';
import { noteThreshold } from './clocks.js';
import type { Program } from './program.js';
import type { StepContext } from './step.js';
import { timersOf } from './timers.js';

export interface Arming {
  readonly timers: readonly Timer[];
  /** Timers whose instant lay before the end of the import: key and due instant. */
  readonly passed: readonly JsonObject[];
}

/** Takes what has passed by `now` off the step. */
export function armAfterImport(program: Program, step: StepContext, { paths, now }: { readonly paths: ReadonlySet<string>; readonly now: number }): Arming {
  const passed = timersOf(program, step, paths).filter((timer) => timer.dueAt <= now);
  for (const timer of passed) takeOff(step, timer);
  return {
    timers: timersOf(program, step, paths).filter((timer) => timer.dueAt > now),
    passed: passed.map((timer) => ({ timer: timer.key, dueAt: new Date(timer.dueAt).toISOString() })),
  };
}

function takeOff(step: StepContext, timer: Timer): void {
  if (timer.kind === 'after') {
    const { [timer.key]: _passed, ...armed } = step.armed;
    step.armed = armed;
  } else if (timer.kind === 'raise') {
    const { [timer.key.slice('raise.'.length)]: _passed, ...raised } = step.raised;
    step.raised = raised;
  } else {
    const name = String(timer.data?.clock);
    const clock = step.clocks[name];
    if (clock) step.clocks = { ...step.clocks, [name]: noteThreshold(clock, Number(timer.data?.fraction), timer.dueAt) };
  }
}
