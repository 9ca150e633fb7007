/** Schedules that open records by themselves; the store knows which occurrence was served. */
import type { ScheduleSpec } from '../definitions/authored.js';
import type { QueueStore } from '../store/types.js';
import type { DefinitionLibrary } from './definitionLibrary.js';
import { newId } from './ids.js';
import type { Jobs } from './jobs.js';
import { type Occurrences, occurrencesOf } from './occurrences.js';
import type { Steps } from './steps.js';

const DAY = 86_400_000;
/** Occurrences missed longer ago than this are not made up for. */
const LOOK_BACK = 7 * DAY;
/** How far ahead an occurrence is looked for: 29 February comes within eight years. */
const HORIZON = 3_000 * DAY;

/** What the job of each schedule is called. */
const JOB = 'schedule ';
const jobOf = ({ key }: Planned): string => JOB + key;

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

/** A schedule as this process saw it last. The store decides: another process may have served it since. */
interface Standing {
  /** The first occurrence that nobody had served. */
  readonly due: number | null;
}

interface ScheduleParts {
  readonly queue: QueueStore;
  readonly library: DefinitionLibrary;
  readonly steps: Steps;
  readonly jobs: Jobs;
}

export function createSchedules(parts: ScheduleParts): Schedules {
  const patterns = new Map<string, Occurrences>();
  const patternOf = ({ cron, timezone }: ScheduleSpec): Occurrences => {
    const key = `${cron} ${timezone ?? 'UTC'}`;
    const known = patterns.get(key) ?? occurrencesOf(cron, timezone ?? 'UTC');
    patterns.set(key, known);
    return known;
  };
  /** What cannot be opened stays due and holds up no other schedule. */
  const tryOpen = (schedule: Planned, at: number): Promise<boolean> => parts.jobs.run(jobOf(schedule), () => open(parts, { schedule, at }));
  let plannedFrom: ReturnType<DefinitionLibrary['processes']> | null = null;
  let planned: readonly Planned[] = [];
  const standings = new Map<string, Standing>();
  const plan = (): readonly Planned[] => {
    const processes = parts.library.processes();
    if (processes === plannedFrom) return planned;
    plannedFrom = processes;
    standings.clear();
    planned = [...processes].flatMap(([process, { schedules }]) =>
      Object.entries(schedules ?? {}).map(([name, spec]) => ({
        key: `${process}.${name}`,
        process: spec.create.process ?? process,
        spec,
        occurrences: patternOf(spec),
      })),
    );
    return planned;
  };
  let told: readonly Planned[] = [];
  /** Schedules that a new version did away with are no longer jobs. */
  const tellPlanned = async (): Promise<void> => {
    const now = plan();
    if (now === told) return;
    await parts.jobs.only(JOB, new Set(now.map(jobOf)));
    told = now;
  };
  const note = ({ key, occurrences }: Planned, last: number): void => void standings.set(key, { due: occurrences.next(last, last + HORIZON) });
  /** Opens what is due. Returns how many. */
  const serve = async (schedule: Planned, now: number): Promise<number> => {
    const last = await parts.queue.scheduleLast(schedule.key);
    if (last === null) await parts.queue.beginSchedule(schedule.key, now);
    let served = Math.max(last ?? (await parts.queue.scheduleLast(schedule.key)) ?? now, now - LOOK_BACK);
    for (let opened = 0; ; opened += 1) {
      const at = schedule.occurrences.next(served, now);
      if (at === null || !(await tryOpen(schedule, at))) {
        note(schedule, served);
        return opened;
      }
      served = at;
    }
  };
  return {
    async run(now) {
      let opened = 0;
      await tellPlanned();
      for (const schedule of plan()) {
        const standing = standings.get(schedule.key);
        if (!standing || (standing.due !== null && standing.due <= now)) opened += await serve(schedule, now);
      }
      return opened;
    },
    next(from, until) {
      const found = plan().flatMap(({ key, occurrences }) => {
        const due = standings.get(key)?.due;
        const next = due === undefined || (due !== null && due <= from) ? occurrences.next(from, until) : due;
        return next === null || next > until ? [] : next;
      });
      return found.length === 0 ? null : Math.min(...found);
    },
  };
}

async function open({ queue, steps }: { queue: QueueStore; steps: Steps }, { schedule, at }: { schedule: Planned; at: number }): Promise<void> {
  const scope = `schedule:${schedule.key}:${at}`;
  const served = async (): Promise<boolean> => (await queue.idempotency(scope, at)) !== null;
  if (!(await served())) {
    const opening = steps.run(
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
    await opening.catch(async (error: unknown) => {
      // Another server opened it at the same moment.
      if (!(await served())) throw error;
    });
  }
  await queue.setScheduleLast(schedule.key, at);
}
