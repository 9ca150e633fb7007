/** Schedules that open records by themselves. node-cron knows the patterns; the store knows which occurrence was served. */
import { createTask, type ScheduledTask } from 'node-cron';
import type { ScheduleSpec } from '../definitions/authored.js';
import type { QueueStore } from '../store/types.js';
import type { DefinitionLibrary } from './definitionLibrary.js';
import { newId } from './ids.js';
import type { Steps } from './steps.js';

const MINUTE = 60_000;
/** Occurrences missed longer ago than this are not made up for. */
const LOOK_BACK = 7 * 24 * 60 * MINUTE;

export interface Schedules {
  /** Opens a record for each occurrence since the last one served, up to now. Returns how many. */
  run(now: number): Promise<number>;
  /** The next occurrence after `from` and at or before `until`, or null. */
  next(from: number, until: number): number | null;
}

interface Planned {
  readonly key: string;
  readonly process: string;
  readonly spec: ScheduleSpec;
  readonly task: ScheduledTask;
}

export function createSchedules(parts: { queue: QueueStore; library: DefinitionLibrary; steps: Steps }): Schedules {
  const tasks = new Map<string, ScheduledTask>();
  const taskFor = ({ cron, timezone }: ScheduleSpec): ScheduledTask => {
    const key = `${cron} ${timezone ?? 'UTC'}`;
    const known = tasks.get(key) ?? createTask(cron, () => undefined, { timezone: timezone ?? 'UTC' });
    tasks.set(key, known);
    return known;
  };
  const planned = (): readonly Planned[] =>
    parts.library.keys().flatMap((process) =>
      Object.entries(parts.library.current(process).process.schedules ?? {}).map(([name, spec]) => ({ key: `${process}.${name}`, process: spec.create.process ?? process, spec, task: taskFor(spec) })),
    );
  return {
    async run(now) {
      let opened = 0;
      for (const schedule of planned()) {
        const last = await parts.queue.scheduleLast(schedule.key);
        if (last === null) await parts.queue.setScheduleLast(schedule.key, now);
        for (const at of last === null ? [] : occurrences(schedule.task, Math.max(last, now - LOOK_BACK), now)) {
          await open(parts, { schedule, at });
          opened += 1;
        }
      }
      return opened;
    },
    next(from, until) {
      const found = planned().flatMap(({ task }) => {
        const first = firstOccurrence(task, from, until);
        return first === null ? [] : [first];
      });
      return found.length === 0 ? null : Math.min(...found);
    },
  };
}

async function open({ queue, steps }: { queue: QueueStore; steps: Steps }, { schedule, at }: { schedule: Planned; at: number }): Promise<void> {
  const scope = `schedule:${schedule.key}:${at}`;
  if (!(await queue.idempotency(scope, at))) {
    await steps.run(
      { kind: 'create', process: schedule.process, record: newId(at), type: 'create', data: schedule.spec.create.data, actor: { id: 'schedule', roles: [], teams: [] }, origin: 'schedule', internal: true, at, recordedAt: at },
      { idempotency: () => ({ scope, bodyHash: '', answer: '{}', expiresAt: at + LOOK_BACK * 2 }) },
    );
  }
  await queue.setScheduleLast(schedule.key, at);
}

function occurrences(task: ScheduledTask, after: number, until: number): readonly number[] {
  const found: number[] = [];
  for (let minute = nextMinute(after); minute <= until; minute += MINUTE) if (task.match(new Date(minute))) found.push(minute);
  return found;
}

function firstOccurrence(task: ScheduledTask, after: number, until: number): number | null {
  for (let minute = nextMinute(after); minute <= until; minute += MINUTE) if (task.match(new Date(minute))) return minute;
  return null;
}

function nextMinute(after: number): number {
  return (Math.floor(after / MINUTE) + 1) * MINUTE;
}
