/** Taking a timer off the step when it fires. */
import { EngineError } from '../errors.js';
import type { Command } from '../types.js';
import { noteArrival } from './internal.js';
import type { StepContext } from './step.js';

/** A timer fires once; one that its record no longer has (the state was left meanwhile) is not accepted. */
export function consumeTimer(step: StepContext, command: Command): void {
  const { timer } = command;
  if (timer === undefined) return;
  const refuse = () => new EngineError('EVENT_NOT_ACCEPTED', { event: command.type, reason: 'the timer is no longer armed' });
  if (timer.startsWith('raise.')) {
    const { [timer.slice('raise.'.length)]: fired, ...raised } = step.raised;
    if (!fired) throw refuse();
    step.raised = raised;
  } else if (timer.startsWith('clock.')) {
    const clock = step.clocks[String(command.data.clock)];
    if (clock?.status !== 'running' || clock.cycle !== command.data.cycle || clock.arrived.includes(command.data.fraction as number)) throw refuse();
    step.clocks = noteArrival(step.clocks, command.data, step.at);
  } else {
    const { [timer]: since, ...armed } = step.armed;
    if (since === undefined) throw refuse();
    step.armed = armed;
  }
}
