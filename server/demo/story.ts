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

/** What a step must come to; the year is a test of all processes together. */
export interface Expected {
  readonly state?: string | readonly string[];
  readonly status?: 'active' | 'done';
  readonly fields?: JsonObject;
  /** The code of the refusal. */
  readonly refused?: string;
}

/** One step of a chapter: something somebody does on a day of the year. */
export interface ChapterStep {
  /** Counted from the beginning; what falls on a weekend happens on Monday. Absent: the day of the step before. */
  readonly day?: number;
  /** Local time, such as `09:30`. Absent: ten minutes after the step before. */
  readonly time?: string;
  readonly as?: string;
  readonly create?: string;
  /** What the record is called from here on. */
  readonly name?: string;
  /** The record it happens to; absent: the one of the step before. */
  readonly record?: string;
  readonly event?: string;
  readonly comment?: string;
  readonly link?: { readonly name: string; readonly to: string };
  /** Names a record that came to be by itself: the newest of this process, of those whose fields are `where`. */
  readonly newest?: string;
  readonly where?: JsonObject;
  /** On some days of loading there is nothing to be done, or no need: then the step is left out. */
  readonly ifPossible?: boolean;
  readonly data?: JsonObject;
  /** Names for records the step made, by process. */
  readonly made?: { readonly [process: string]: string };
  readonly expect?: Expected;
}

export interface Chapter {
  readonly title: string;
  readonly steps: readonly ChapterStep[];
}

export interface Demonstration {
  readonly title: string;
  /** Days the demonstration goes back, and of those the last in which stories happen. */
  readonly days: number;
  readonly storyDays: number;
  /** Where the working day is. */
  readonly zone: string;
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
  readonly chapters: readonly Chapter[];
  readonly stories: readonly Story[];
}
