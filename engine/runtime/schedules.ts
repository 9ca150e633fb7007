/** Schedules that open records by themselves; the store knows which occurrence was served. */
import type { ScheduleSpec } from '../definitions/authored.js';
import { EngineError } from '../errors.js';
import type { QueueStore } from '../store/types.js';
import type { DefinitionLibrary } from './definitionLibrary.js';
import { newId } from './ids.js';
import { type Occurrences, occurrencesOf } from './occurrences.js';
import type { Steps } from './steps.js';

/** Occurrences missed longer ago than this are not made up for. */
const LOOK_BACK = 7 * 86_400_000;

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
  readonly occurrences: Occurrences;
}

interface ScheduleParts {
  readonly queue: QueueStore;
  readonly library: DefinitionLibrary;
  readonly steps: Steps;
  readonly log: (message: string, facts: Record<string, unknown>) => void;
}

export function createSchedules(parts: ScheduleParts): Schedules {
  const patterns = new Map<string, Occurrences>();
  const refused = new Set<string>();
  const patternOf = ({ cron, timezone }: ScheduleSpec): Occurrences => {
    const key = `${cron} ${timezone ?? 'UTC'}`;
    const known = patterns.get(key) ?? occurrencesOf(cron, timezone ?? 'UTC');
    patterns.set(key, known);
    return known;
  };
  /** What cannot be opened stays due, is said once, and holds up no other schedule. */
  const tryOpen = async (schedule: Planned, at: number): Promise<boolean> => {
    const place = `${schedule.key} ${at}`;
    try {
      await open(parts, { schedule, at });
      return true;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (!refused.has(place))
        parts.log('a schedule could not open its record', { schedule: schedule.key, at: new Date(at).toISOString(), code: error.code, ...error.facts });
      refused.add(place);
      return false;
    }
  };
  const planned = (): readonly Planned[] =>
    [...parts.library.processes()].flatMap(([process, { schedules }]) =>
      Object.entries(schedules ?? {}).map(([name, spec]) => ({
        key: `${process}.${name}`,
        process: spec.create.process ?? process,
        spec,
        occurrences: patternOf(spec),
      })),
    );
  return {
    async run(now) {
      let opened = 0;
      for (const schedule of planned()) {
        const last = await parts.queue.scheduleLast(schedule.key);
        if (last === null) await parts.queue.setScheduleLast(schedule.key, now);
        let at = last === null ? null : schedule.occurrences.next(Math.max(last, now - LOOK_BACK), now);
        while (at !== null && (await tryOpen(schedule, at))) {
          opened += 1;
          at = schedule.occurrences.next(at, now);
        }
      }
      return opened;
    },
    next(from, until) {
      const found = planned().flatMap(({ occurrences }) => occurrences.next(from, until) ?? []);
      return found.length === 0 ? null : Math.min(...found);
    },
  };
}

async function open({ queue, steps }: { queue: QueueStore; steps: Steps }, { schedule, at }: { schedule: Planned; at: number }): Promise<void> {
  const scope = `schedule:${schedule.key}:${at}`;
  if (!(await queue.idempotency(scope, at))) {
    await steps.run(
      {
        kind: 'create',
        process: schedule.process,
        record: newId(at),
        type: 'create',
        data: schedule.spec.create.data,
        actor: { id: 'schedule', roles: [], teams: [] },
        origin: 'schedule',
        internal: true,
        at,
        recordedAt: at,
      },
      { idempotency: () => ({ scope, bodyHash: '', answer: '{}', expiresAt: at + LOOK_BACK * 2 }) },
    );
  }
  await queue.setScheduleLast(schedule.key, at);
}
