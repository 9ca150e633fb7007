/** A chart as pure functions: what `compile.ts` gives and what the rest of the core plugs into it. */
import type { ActionSpec, Json, TransitionMeta } from '../definitions/authored.js';
import type { StateValue } from '../types.js';
import type { MachineEvent, StepContext } from './step.js';

/** Where a record stands, as it is stored. */
export interface Configuration {
  readonly value: StateValue;
  readonly historyValue: Json | null;
  readonly status: 'active' | 'done';
  readonly output: Json | null;
}

/** A transition that an active state declares for an event. */
export interface Candidate {
  readonly id: string;
  readonly event: string;
  /** Dot-joined path of the state that declares it; empty for the root. */
  readonly source: string;
  readonly guard: string | null;
  readonly meta: TransitionMeta;
  readonly description: string | null;
  readonly targets: readonly string[];
  readonly actions: readonly (string | ActionSpec)[];
  /** No target, no action, no meta: XState's way of forbidding an event. */
  readonly forbidden: boolean;
}

/** What the rest of the core plugs into the chart. */
export interface KernelParts {
  /** Whether a named guard holds; throws EngineError when its rule fails. */
  guard(name: string, step: StepContext, event: MachineEvent, paths: ReadonlySet<string>): boolean;
  /** Runs one action; may queue events that are handled inside the same macrostep. */
  action(action: ActionSpec, run: ActionRun): void;
  /** Actions that a name in `rules.json` stands for. */
  expand(name: string): readonly ActionSpec[];
  /** Actions to put before a state's own entry or exit actions, by path (approvals). */
  extra(path: string, when: 'entry' | 'exit'): readonly ActionSpec[];
}

/** An action's surroundings. */
export interface ActionRun {
  readonly step: StepContext;
  readonly event: MachineEvent;
  readonly paths: ReadonlySet<string>;
  raise(event: MachineEvent): void;
}

/** A chart as pure functions. */
export interface Kernel {
  initial(step: StepContext): Configuration;
  /** Candidates of an event in the present state, innermost first. */
  candidates(state: Configuration, event: string): readonly Candidate[];
  /** The transitions XState would select now; guards are evaluated. */
  selected(state: Configuration, event: MachineEvent, step: StepContext): readonly Candidate[];
  transition(state: Configuration, event: MachineEvent, step: StepContext): Configuration;
  /** Paths of all active states, outermost first. */
  paths(state: Configuration): readonly string[];
  /** Tags of all active states. */
  tags(state: Configuration): ReadonlySet<string>;
  /** The same as a set; the same object for the same configuration. */
  pathSet(state: Configuration): ReadonlySet<string>;
  /** Events that active states declare, in document order. */
  declared(state: Configuration): readonly string[];
  /** Every event of the chart. */
  readonly events: ReadonlySet<string>;
  /** Titles of events, from their first transition that has one. */
  readonly eventTitles: ReadonlyMap<string, string>;
  /** The configuration made of these leaf states; regions not named begin at their start. Null when one does not exist. */
  configuration(leaves: readonly string[]): Configuration | null;
  /** XState event ids of the `after`s of active states. */
  armedIn(state: Configuration): readonly string[];
  /** The `after` of an XState event id: delay name and state path. */
  after(id: string): { readonly delay: string; readonly path: string } | null;
  readonly stateTitle: (path: string) => string;
  /** Every transition of the chart that is not forbidden. */
  readonly transitions: readonly Candidate[];
}
