/** From stories to a timetable: who does what when, worked out before anything happens. */
import { type Json, type JsonObject, parseDuration, seeded } from '../../engine/index.js';
import type { Demonstration, Expected, Story, StoryStep } from './story.js';

export interface PlannedStep {
  readonly at: number;
  /** The record's name within the demonstration. */
  readonly record: string;
  readonly as: string;
  readonly create?: string;
  readonly event?: string;
  readonly comment?: string;
  readonly link?: { readonly name: string; readonly to: string };
  readonly newest?: string;
  readonly where?: JsonObject;
  readonly made?: { readonly [process: string]: string };
  readonly data: JsonObject;
  readonly ifPossible: boolean;
  readonly expect?: Expected;
  /** Where in the demonstration it stands. */
  readonly place: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Random = () => number;

/** All steps in the order of their instants. `from` is the midnight on which the first day begins, `until` the present. */
export function planStories({ stories, storyDays: days, seed }: Demonstration, from: number, until: number): readonly PlannedStep[] {
  const random = seeded(seed);
  const planned = stories.flatMap((story, index) =>
    Array.from({ length: story.count }, (_, turn) => planOne(story, { random, days, from, until, record: `${index}-${turn}` })).flat(),
  );
  return planned.filter((step) => step.at <= until).sort((a, b) => a.at - b.at);
}

interface Around {
  readonly random: Random;
  readonly days: number;
  readonly from: number;
  readonly until: number;
  readonly record: string;
}

function planOne(story: Story, { random, days, from, until, record }: Around): readonly PlannedStep[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const variant = pick(story.variants);
  const facts: Record<string, Json> = { ...variant, requester: pick(story.requesters) };
  const person = (as: string | readonly string[]): string => {
    const named = typeof as === 'string' ? as : pick(as);
    const who = named.startsWith('$') ? String(facts[named.slice(1)]) : named;
    facts.last = who;
    return who;
  };
  let at = startOf(story, { random, days, from, until });
  const creator = person(story.as);
  const requester = String(facts.requester);
  const first: PlannedStep = {
    at,
    record,
    as: creator,
    create: story.create,
    data: resolve({ ...variant.data, ...(creator === requester ? {} : { requester }) }, facts, at) as JsonObject,
    ifPossible: false,
    place: `the story “${story.name}”`,
  };
  const rest = story.steps.map((step): PlannedStep => {
    // What is new is new whatever the hour: the demonstration may be opened on a Monday before anyone is at work.
    at = story.lastDays === undefined ? inDaytime(at + between(step, random)) : at + between(step, random);
    const as = person(step.as);
    return {
      at,
      record,
      as,
      ...(step.event ? { event: step.event } : {}),
      ...(step.comment ? { comment: step.comment } : {}),
      data: (resolve(step.data ?? {}, facts, at) ?? {}) as JsonObject,
      ifPossible: step.ifPossible ?? false,
      place: `the story “${story.name}”`,
    };
  });
  return [first, ...rest];
}

/** A weekday between eight and five, or in the last hours where a story is about what is new. */
function startOf(story: Story, { random, days, from, until }: Omit<Around, 'record'>): number {
  if (story.lastDays !== undefined) return until - Math.floor(random() * story.lastDays * DAY * 0.9) - HOUR;
  const day = story.day ?? 1 + Math.floor(random() * (days - 2));
  return inDaytime(from + day * DAY + Math.floor((7 + random() * 9) * HOUR));
}

/** People do not work at night or at the weekend: what falls there happens the next morning. */
function inDaytime(at: number): number {
  let moved = at;
  for (;;) {
    const date = new Date(moved);
    const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
    if (!weekend && date.getUTCHours() >= 6 && date.getUTCHours() < 17) return moved;
    const midnight = Math.floor(moved / DAY) * DAY;
    moved = (weekend || date.getUTCHours() >= 17 ? midnight + DAY : midnight) + 7 * HOUR + (moved % HOUR);
  }
}

function between({ after: [least, most] }: StoryStep, random: Random): number {
  const [low, high] = [milliseconds(least), milliseconds(most)];
  return Math.floor(low + random() * (high - low));
}

function milliseconds(text: string): number {
  const back = text.startsWith('-');
  const parts = parseDuration(back ? text.slice(1) : text);
  if (!parts) throw new RangeError(`The demonstration has “${text}” where a duration belongs`);
  const days = parts.years * 365 + parts.months * 30 + parts.weeks * 7 + parts.days;
  return (back ? -1 : 1) * (days * DAY + parts.hours * HOUR + parts.minutes * 60_000);
}

/** Puts facts in for `$name`, instants for `{"$in": duration}` and dates for `{"$on": duration}`, which may begin with a minus; `@name` is left for the loader. */
export function resolve(value: Json, facts: Readonly<Record<string, Json>>, at: number): Json {
  if (typeof value === 'string') return value.startsWith('$') ? (facts[value.slice(1)] ?? null) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => resolve(item, facts, at));
  const { $in: ahead } = value as JsonObject;
  if (typeof ahead === 'string') return new Date(at + milliseconds(ahead)).toISOString();
  const { $on: dayAhead } = value as JsonObject;
  if (typeof dayAhead === 'string') return new Date(at + milliseconds(dayAhead)).toISOString().slice(0, 10);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner as Json, facts, at)]));
}
