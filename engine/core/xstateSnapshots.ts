/** Snapshots of configurations and what they declare, each made once: a record stands in few of them. */
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { Json, StateValue } from '../types.js';
import type { Candidate, Configuration } from './kernel.js';
import { candidatesOf, type NodeFacts } from './xstateNodes.js';
import type { InertScope } from './xstateScope.js';

/** Configurations remembered; charts with many regions have more than are ever used. */
const REMEMBERED = 2_000;

export interface Snapshots {
  restore(state: Configuration): AnyMachineSnapshot;
  /** The same list each time. */
  candidates(state: Configuration, event: string): readonly Candidate[];
}

export function rememberSnapshots(machine: AnyStateMachine, scope: InertScope, facts: NodeFacts): Snapshots {
  const snapshots = new Map<string, AnyMachineSnapshot>();
  const lists = new WeakMap<AnyMachineSnapshot, Map<string, readonly Candidate[]>>();
  // One step asks for the same one many times.
  let last: { readonly value: StateValue; readonly historyValue: Json | null; readonly snapshot: AnyMachineSnapshot } | null = null;

  const found = (state: Configuration): AnyMachineSnapshot => {
    const key = typeof state.value === 'string' && state.historyValue === null ? state.value : JSON.stringify([state.value, state.historyValue]);
    const known = snapshots.get(key);
    if (known) return known;
    const made = restored(machine, scope, state);
    if (snapshots.size > REMEMBERED) snapshots.clear();
    snapshots.set(key, made);
    return made;
  };
  const restore = (state: Configuration): AnyMachineSnapshot => {
    if (last?.value !== state.value || last.historyValue !== state.historyValue)
      last = { value: state.value, historyValue: state.historyValue, snapshot: found(state) };
    return last.snapshot;
  };
  return {
    restore,
    candidates(state, event) {
      const snapshot = restore(state);
      const known = lists.get(snapshot) ?? new Map<string, readonly Candidate[]>();
      const list = known.get(event) ?? candidatesOf(snapshot, event, facts);
      if (!known.has(event)) lists.set(snapshot, known.set(event, list));
      return list;
    },
  };
}

function restored(machine: AnyStateMachine, scope: InertScope, state: Configuration): AnyMachineSnapshot {
  return machine.restoreSnapshot(
    {
      status: state.status,
      value: state.value,
      historyValue: state.historyValue ?? {},
      context: {},
      children: {},
      output: undefined,
      error: undefined,
    } as never,
    scope as never,
  );
}
