/** The scope XState's algorithm needs around it, doing nothing outside: what it would do is noted on the step. */
import type { AnyTransitionDefinition } from 'xstate';
import type { MachineEvent, StepContext } from './step.js';
import { takenOf } from './xstateConflicts.js';
import { pathOf, transitionIds } from './xstateNodes.js';

export interface InertScope {
  step: StepContext | null;
}

/** What XState's algorithm needs around it, doing nothing outside: armed and cancelled `after`s are noted on the step. */
export function createScope(): InertScope {
  const self = { id: 'record', sessionId: 'record', send: () => undefined, getSnapshot: () => undefined };
  const scope = {
    step: null as StepContext | null,
    self,
    id: 'record',
    sessionId: 'record',
    logger: () => undefined,
    defer: () => undefined,
    emit: () => undefined,
    stopChild: () => undefined,
    system: {
      _sendInspectionEvent: (inspected: { event: MachineEvent; _transitions?: AnyTransitionDefinition[] }) =>
        noteTaken(scope.step, inspected.event, inspected._transitions ?? []),
      scheduler: { schedule: () => undefined, cancel: () => undefined },
    },
    actionExecutor: (action: { type: string; params?: unknown }) => noteTimer(scope.step, action),
  };
  return scope;
}

function noteTimer(step: StepContext | null, action: { type: string; params?: unknown }): void {
  if (!step) return;
  if (action.type === 'xstate.raise') {
    const { id, delay } = action.params as { id?: string; delay?: number };
    if (typeof delay === 'number' && id) step.armed = { ...step.armed, [id]: step.at };
  } else if (action.type === 'xstate.cancel') {
    const { sendId } = action.params as { sendId: string };
    const { [sendId]: _gone, ...rest } = step.armed;
    step.armed = rest;
  }
}

function noteTaken(step: StepContext | null, event: MachineEvent, transitions: readonly AnyTransitionDefinition[]): void {
  if (!step) return;
  for (const transition of takenOf(transitions)) {
    if (!transition.source) continue;
    step.taken.push({
      id: transitionIds.get(transition) ?? '',
      event: transition.eventType === '' ? 'always' : event.type,
      source: pathOf(transition.source),
      targets: (transition.target ?? []).map(pathOf),
    });
  }
}
