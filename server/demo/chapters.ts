/** The chapters of the year as a timetable. Days are counted from the beginning, times are local, and nobody works at the weekend. */
import { DateTime } from 'luxon';
import { EngineError, type JsonObject } from '../../engine/index.js';
import { type PlannedStep, resolve } from './plan.js';
import type { Chapter, ChapterStep, Demonstration } from './story.js';

const MINUTE = 60_000;
const USUAL_TIME = '09:00';
const BETWEEN = 10 * MINUTE;
const SATURDAY = 6;

/** All steps of all chapters up to `until`, each chapter's in its own order. `from` is the midnight on which the first day begins. */
export function planChapters({ chapters, zone }: Demonstration, from: number, until: number): readonly PlannedStep[] {
  return chapters.flatMap((chapter) => planChapter(chapter, { zone, from })).filter((step) => step.at <= until);
}

interface Calendar {
  readonly zone: string;
  readonly from: number;
}

function planChapter({ title, steps }: Chapter, calendar: Calendar): readonly PlannedStep[] {
  let at = Number.NEGATIVE_INFINITY;
  let day = 1;
  let record = '';
  let as = '';
  return steps.map((step, index): PlannedStep => {
    const place = `step ${index + 1} of the chapter “${title}”`;
    at = instantOf(step, { day, at, calendar });
    day = step.day ?? day;
    record = step.name !== undefined && (step.create ?? step.newest) !== undefined ? step.name : (step.record ?? record);
    as = step.as ?? as;
    if (record === '' || (as === '' && step.newest === undefined))
      throw new EngineError('DATA_INVALID', { fields: [{ field: place, message: 'Say who does it, and to which record.' }] });
    return planned(step, { at, as, record, place });
  });
}

function planned(step: ChapterStep, known: Pick<PlannedStep, 'at' | 'as' | 'record' | 'place'>): PlannedStep {
  const { create, event, comment, link, newest, where, made, expect, ifPossible = false, data = {} } = step;
  return {
    ...known,
    ...(create ? { create } : {}),
    ...(event ? { event } : {}),
    ...(comment ? { comment } : {}),
    ...(link ? { link } : {}),
    ...(newest ? { newest } : {}),
    ...(where ? { where } : {}),
    ...(made ? { made } : {}),
    ...(expect ? { expect } : {}),
    data: resolve(data, {}, known.at) as JsonObject,
    ifPossible,
  };
}

/** Never before the step before: two days of one weekend become the same Monday. */
function instantOf({ day, time }: ChapterStep, { day: before, at, calendar }: { day: number; at: number; calendar: Calendar }): number {
  if (day === undefined && time === undefined) return at === Number.NEGATIVE_INFINITY ? localTime(before, USUAL_TIME, calendar) : at + BETWEEN;
  return Math.max(localTime(day ?? before, time ?? USUAL_TIME, calendar), at + MINUTE);
}

function localTime(day: number, time: string, { zone, from }: Calendar): number {
  const [hour = 9, minute = 0] = time.split(':').map(Number);
  const date = DateTime.fromMillis(from, { zone: 'utc' }).plus({ days: day });
  const moved = date.plus({ days: date.weekday >= SATURDAY ? 8 - date.weekday : 0 });
  return DateTime.fromObject({ year: moved.year, month: moved.month, day: moved.day, hour, minute }, { zone }).toMillis();
}
