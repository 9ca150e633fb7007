/** The demonstration as `processes/demonstration.json` tells it. */
import type { Json, JsonObject } from '../../engine/index.js';

/** One step of a story; `as` may be several people, one of whom is drawn. */
export interface StoryStep {
  /** Shortest and longest time after the step before. */
  readonly after: readonly [string, string];
  readonly as: string | readonly string[];
  readonly event?: string;
  readonly comment?: string;
  readonly data?: JsonObject | string;
  /** The record may have gone another way: then the step is left out. */
  readonly ifPossible?: boolean;
}

export interface Story {
  readonly name: string;
  readonly create: string;
  readonly as: string | readonly string[];
  readonly count: number;
  /** Only in the last so many days. */
  readonly lastDays?: number;
  /** On this day. */
  readonly day?: number;
  readonly requesters: readonly string[];
  readonly variants: readonly { readonly data: JsonObject; readonly [fact: string]: Json }[];
  readonly steps: readonly StoryStep[];
}

export interface Demonstration {
  readonly title: string;
  readonly days: number;
  readonly seed: number;
  readonly teams: readonly { readonly id: string; readonly title: string }[];
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly teams: readonly string[];
    readonly signIn?: boolean;
  }[];
  readonly setUp: readonly {
    readonly as: string;
    readonly create?: string;
    readonly name?: string;
    readonly record?: string;
    readonly event?: string;
    readonly data: JsonObject;
  }[];
  readonly stories: readonly Story[];
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
