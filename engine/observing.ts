/**
 * What the engine tells whoever watches it: small facts about what happened and how long it took, never the value of a field.
 * How they are counted, logged or traced is not the engine's business.
 */
import type { ErrorCode } from './errors.js';
import { EngineError } from './errors.js';
import type { WrittenBatch } from './store/types.js';
import type { Effect, Origin } from './types.js';

/** A step that was asked for: whose record, which event, from where. */
interface Asked {
  /** Null when the record is not known. */
  readonly process: string | null;
  readonly record: string;
  readonly event: string;
  readonly origin: Origin;
}

export type Observation =
  | (Asked & {
      readonly kind: 'step';
      readonly number: string;
      readonly sequence: number;
      /** Of the entry of history. */
      readonly hash: string;
      /** Records it made, and effects it put into the outbox. */
      readonly made: number;
      readonly effects: number;
      readonly tries: number;
      readonly times: StepTimes;
    })
  | (Asked & { readonly kind: 'refusal'; readonly code: ErrorCode; readonly ms: number })
  | ({ readonly kind: 'batch' } & WrittenBatch)
  | {
      readonly kind: 'timer';
      readonly record: string;
      readonly event: string;
      /** Between the instant it was due and the one at which it was taken up. */
      readonly lagMs: number;
      /** `gone`: the state was left meanwhile. `postponed`: the store could not take it now. */
      readonly outcome: 'fired' | 'gone' | 'parked' | 'postponed';
      readonly code: string | null;
    }
  | {
      readonly kind: 'delivery';
      readonly key: string;
      readonly record: string;
      readonly sequence: number;
      readonly effect: Effect['type'];
      readonly outcome: 'done' | 'again' | 'parked';
      readonly attempt: number;
      readonly ms: number;
      readonly code: string | null;
    }
  /** `first`: the first failure after a success. `code` null: it succeeded. */
  | { readonly kind: 'job'; readonly job: string; readonly ms: number; readonly code: string | null; readonly first: boolean };

/** Milliseconds. `rules` is measured of one step in sixteen, else null: looking at the clock takes longer than a small rule. */
export interface StepTimes {
  readonly load: number;
  readonly decide: number;
  readonly commit: number;
  readonly rules: number | null;
}

/** Something the engine does by itself, within which steps happen. */
export type Undertaking =
  | { readonly kind: 'timers' | 'effects' | 'schedules' | 'retiming' }
  | { readonly kind: 'job'; readonly job: string }
  | { readonly kind: 'delivery'; readonly effect: Effect['type']; readonly key: string; readonly record: string };

/** What goes out with a delivery, so that whoever receives it can tell what it belongs to. */
export interface Carried {
  readonly headers: Readonly<Record<string, string>>;
}

export interface Observer {
  /** Told of what happened, in the asynchronous context of who caused it. Must return at once. */
  happened(observation: Observation): void;
  /** Wraps what the engine does by itself; must call `run` once and give what it gives. */
  within<T>(undertaking: Undertaking, run: (carried: Carried) => Promise<T>): Promise<T>;
}

const nothingCarried: Carried = { headers: {} };

export const unobserved: Observer = { happened: () => undefined, within: (_, run) => run(nothingCarried) };

/** The code of what the engine refuses on purpose, otherwise the kind of error: what may be told without telling what a record holds. */
export function codeOf(error: unknown): string {
  return error instanceof EngineError ? error.code : error instanceof Error ? error.name : 'UNKNOWN';
}
