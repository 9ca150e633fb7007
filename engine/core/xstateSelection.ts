/** What XState selected for a step, kept from looking at it to taking it. */
import type { AnyMachineSnapshot, AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import type { JsonObject } from '../types.js';
import type { Configuration } from './kernel.js';
import type { MachineEvent, StepContext } from './step.js';
import { watchedForConflicts } from './xstateConflicts.js';

interface Asked {
  readonly state: Configuration;
  readonly event: MachineEvent;
  readonly step: StepContext;
}

interface Selected extends Asked {
  /** The record's fields for which guards were evaluated. */
  readonly record: JsonObject;
  readonly snapshot: AnyMachineSnapshot;
  readonly transitions: AnyTransitionDefinition[];
}

/**
 * A step asks which transitions would be selected, looks at their roles, and then takes them: what was selected for this very
 * state, event and step is handed to XState, so that every guard is evaluated once.
 */
export function rememberSelection(machine: AnyStateMachine) {
  const select = machine.getTransitionData.bind(machine);
  let noted: Selected | null = null;
  let taken: Selected | null = null;
  machine.getTransitionData = ((snapshot: AnyMachineSnapshot, event: MachineEvent) => {
    const known = taken;
    taken = null;
    const selected = known?.snapshot === snapshot && known.event === event ? known.transitions : select(snapshot as never, event as never);
    return watchedForConflicts(selected as AnyTransitionDefinition[]);
  }) as never;
  return {
    select(snapshot: AnyMachineSnapshot, asked: Asked): readonly AnyTransitionDefinition[] {
      taken = null;
      const transitions = select(snapshot as never, asked.event as never) as AnyTransitionDefinition[];
      noted = { ...asked, record: asked.step.record, snapshot, transitions };
      return transitions;
    },
    /** The snapshot for which a selection was just made, to go on from; null when none was or its record changed since. */
    take({ state, event, step }: Asked): AnyMachineSnapshot | null {
      const known = noted;
      noted = null;
      taken = known?.state === state && known.event === event && known.step === step && known.record === step.record ? known : null;
      return taken?.snapshot ?? null;
    },
  };
}
