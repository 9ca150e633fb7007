/** What the engine does in the background besides timers and effects. A failure is remembered, for every server to see, until the job succeeds. */
import { type Clock, monotonic } from '../clock.js';
import type { FailedJob } from '../engine.js';
import { EngineError } from '../errors.js';
import { codeOf, type Observer } from '../observing.js';
import type { Store } from '../store/types.js';

const PREFIX = 'job:';
const LISTED = 500;
const REASON_LENGTH = 2_000;
/** A job that fails again and again is written down so often, and one that succeeds looks so often whether another server failed with it. */
const WRITE_EVERY = 60_000;

export interface Jobs {
  /** Runs a job. False when it failed; it does not throw. */
  run(job: string, work: () => Promise<unknown>): Promise<boolean>;
  /** Makes a job known, so that it can be run by hand before it ran by itself. */
  offer(job: string, work: () => Promise<unknown>): void;
  /** Runs a job of that name as it was offered or run last; null when none was. */
  again(job: string): Promise<boolean> | null;
  /** Forgets that it failed, until it does so again; false: it had not. */
  dismiss(job: string): Promise<boolean>;
  /** Of the jobs whose name begins so there are these only: no other is run or named again. */
  only(prefix: string, names: ReadonlySet<string>): Promise<void>;
  /** Jobs whose last run failed, on this server or another. */
  failed(): Promise<readonly FailedJob[]>;
}

interface Standing {
  readonly failure: FailedJob | null;
  /** Monotonic: when the store was last asked or told. */
  readonly writtenAt: number;
}

interface JobParts {
  readonly store: Pick<Store, 'meta' | 'setMeta' | 'metas'>;
  readonly clock: Clock;
  readonly observer: Observer;
}

export function createJobs({ store, clock, observer }: JobParts): Jobs {
  const standings = new Map<string, Standing>();
  const works = new Map<string, () => Promise<unknown>>();

  /** Keeps memory and store in step; a store that can not be written is what may have failed, so that is no failure here. */
  const keep = async (job: string, failure: FailedJob | null): Promise<void> => {
    const known = standings.get(job);
    const due = !known || (known.failure === null) !== (failure === null) || monotonic() - known.writtenAt > WRITE_EVERY;
    standings.set(job, { failure, writtenAt: due ? monotonic() : known.writtenAt });
    if (!due) return;
    try {
      const text = failure ? JSON.stringify(failure) : '';
      if (((await store.meta(PREFIX + job)) ?? '') !== text) await store.setMeta(PREFIX + job, text);
    } catch {
      standings.set(job, { failure, writtenAt: Number.NEGATIVE_INFINITY });
    }
  };

  const jobs: Jobs = {
    async run(job, work) {
      works.set(job, work);
      const began = monotonic();
      const before = standings.get(job)?.failure ?? null;
      try {
        await observer.within({ kind: 'job', job }, work);
        observer.happened({ kind: 'job', job, ms: monotonic() - began, code: null, first: false });
        await keep(job, null);
        return true;
      } catch (error) {
        observer.happened({ kind: 'job', job, ms: monotonic() - began, code: codeOf(error), first: before === null });
        const at = clock.now();
        await keep(job, { job, since: before?.since ?? at, at, times: (before?.times ?? 0) + 1, reason: reasonOf(error) });
        return false;
      }
    },
    offer: (job, work) => void works.set(job, work),
    again(job) {
      const work = works.get(job);
      return work ? jobs.run(job, work) : null;
    },
    async dismiss(job) {
      const known = standings.get(job)?.failure ?? null;
      standings.delete(job);
      const kept = (await store.meta(PREFIX + job)) ?? '';
      if (kept !== '') await store.setMeta(PREFIX + job, '');
      return known !== null || kept !== '';
    },
    async only(prefix, names) {
      // Also of those that remain: what they did they did as it was planned before.
      for (const job of [...works.keys()].filter((name) => name.startsWith(prefix))) works.delete(job);
      const gone = (await jobs.failed()).filter(({ job }) => job.startsWith(prefix) && !names.has(job));
      for (const { job } of gone) await jobs.dismiss(job);
    },
    async failed() {
      const kept = (await store.metas(PREFIX, LISTED)).flatMap(({ value }) => (value === '' ? [] : [JSON.parse(value) as FailedJob]));
      const own = [...standings.values()].flatMap(({ failure }) => failure ?? []);
      const newest = new Map([...kept, ...own].sort((a, b) => a.at - b.at).map((failure) => [failure.job, failure]));
      return [...newest.values()].sort((a, b) => a.since - b.since);
    },
  };
  return jobs;
}

/** In words for an administrator. */
export function reasonOf(error: unknown): string {
  if (error instanceof EngineError) return `${error.code}: ${error.message} ${JSON.stringify(error.facts)}`.slice(0, REASON_LENGTH);
  return (error instanceof Error ? error.message : String(error)).slice(0, REASON_LENGTH);
}
