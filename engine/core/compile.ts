/**
 * A definition's chart becomes a pure kernel: state in, event in, state out. This file and the `xstate…` files beside it are
 * the only ones that know XState, which is used as a library of functions: no actor is started, no timer armed, nothing
 * spawned. Its scope is ours and inert, because `transition()` builds an actor (and the machine's initial snapshot) on every call.
 */

import type { AnyMachineSnapshot, AnyStateMachine, AnyStateNode } from 'xstate';
import { createMachine } from 'xstate';
import type { StatechartFile } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { Configuration, Kernel, KernelParts } from './kernel.js';
import type { StepContext } from './step.js';
import { implementations, type Wrapped, withExtras } from './xstateImplementations.js';
import { configurationOf, declaredEvents, describeNodes, pathSet, toConfiguration } from './xstateNodes.js';
import { createScope } from './xstateScope.js';
import { rememberSelection } from './xstateSelection.js';
import { rememberSnapshots } from './xstateSnapshots.js';

/** Microsteps after which a macrostep is stopped: XState itself knows no limit. */
const MAX_MICROSTEPS = 200;

/** Builds the kernel of a checked chart. Costs milliseconds: keep it with the definition version. */
export function compileChart(key: string, chart: StatechartFile, parts: KernelParts): Kernel {
  const extended = withExtras(chart, [], parts);
  const machine = createMachine(
    { ...extended, id: key, context: ({ input }: { input: StepContext }) => ({ step: input }), options: { maxIterations: MAX_MICROSTEPS } } as never,
    implementations(extended as StatechartFile, parts) as never,
  ) as unknown as AnyStateMachine;
  return createKernel(machine);
}

function createKernel(machine: AnyStateMachine): Kernel {
  const scope = createScope();
  const facts = describeNodes(machine);
  const selection = rememberSelection(machine);
  const { restore, candidates } = rememberSnapshots(machine, scope, facts);

  const within = (state: Configuration, step: StepContext): AnyMachineSnapshot =>
    ({ ...restore(state), context: { step } satisfies Wrapped }) as AnyMachineSnapshot;
  const guarded = <T>(step: StepContext, work: () => T): T => {
    scope.step = step;
    try {
      return work();
    } catch (error) {
      throw step.failure ?? asFailure(error);
    } finally {
      scope.step = null;
    }
  };

  return {
    initial: (step) =>
      guarded(step, () => {
        const snapshot = machine.getInitialSnapshot(scope as never, step as never) as AnyMachineSnapshot;
        if (snapshot.status === 'error') throw snapshot.error;
        return toConfiguration(snapshot);
      }),
    candidates,
    selected: (state, event, step) =>
      guarded(step, () => selection.select(within(state, step), { state, event, step }).map((transition) => facts.candidate(transition))),
    transition: (state, event, step) =>
      guarded(step, () => {
        const snapshot = selection.take({ state, event, step }) ?? within(state, step);
        return toConfiguration(machine.transition(snapshot as never, event as never, scope as never) as AnyMachineSnapshot);
      }),
    paths: (state) => [...pathSet(restore(state))],
    tags: (state) => restore(state).tags as ReadonlySet<string>,
    pathSet: (state) => pathSet(restore(state)),
    declared: (state) => declaredEvents(restore(state)),
    events: facts.events,
    eventTitles: facts.eventTitles,
    configuration: (leaves) => configurationOf(machine, leaves, facts),
    armedIn: (state) => {
      const active = new Set(facts.paths(restore(state)._nodes as AnyStateNode[]));
      return [...facts.afters].filter(([, { path }]) => path === '' || active.has(path)).map(([id]) => id);
    },
    after: (id) => facts.afters.get(id) ?? null,
    stateTitle: (path) => facts.titles.get(path) ?? path,
    transitions: facts.transitions.filter((transition) => !transition.forbidden),
  };
}

function asFailure(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError('RULE_FAILED', { rule: 'statechart', reason }, { cause: error });
}
