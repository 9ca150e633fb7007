/** Remembers what was worked out over all records of a process until one of them, or what they are judged by, changes. */
import { monotonic } from '../clock.js';
import type { EngineContext } from '../runtime/context.js';
import type { RecordStore } from '../store/types.js';

/** Counts what this server process writes, and what it hears that others wrote, by process. */
export interface Changes {
  /** The same store, its writes counted. */
  counting(records: RecordStore): RecordStore;
  /** Records of these processes were written elsewhere; null: perhaps of any. */
  elsewhere(processes: readonly string[] | null): void;
  of(process: string): number;
}

export function createChanges(): Changes {
  const counts = new Map<string, number>();
  let ofAny = 0;
  const count = (process: string): void => void counts.set(process, (counts.get(process) ?? 0) + 1);
  return {
    counting: (records) => ({
      ...records,
      async commit(unit) {
        await records.commit(unit);
        for (const { record } of unit.steps) count(record.process);
      },
    }),
    elsewhere(processes) {
      if (processes) processes.forEach(count);
      else ofAny += 1;
    },
    of: (process) => (counts.get(process) ?? 0) + ofAny,
  };
}

export type Remember = <T>(process: string, what: string, work: () => Promise<T>) => Promise<T>;

/** Answers kept. */
const KEPT = 300;
/** Rules may look at the time and at other records, so nothing is kept for longer, in milliseconds; what took long to work out a little longer. */
const LONGEST = 60_000;
/** How many times as long as it took an answer is kept. */
const WORTH = 100;

interface Kept {
  readonly mark: string;
  readonly since: number;
  readonly answer: Promise<unknown>;
  /** Milliseconds it took; 0 while it is being worked out. */
  took: number;
}

/** Whoever asks while an answer is being worked out waits for that one. */
export function createMemory(context: EngineContext, changes: Changes): Remember {
  const known = new Map<string, Kept>();
  return async <T>(process: string, what: string, work: () => Promise<T>): Promise<T> => {
    const key = `${process} ${what}`;
    const mark = await markOf(context, process, changes);
    const found = known.get(key);
    const now = context.clock.now();
    if (found?.mark === mark && now >= found.since && now - found.since < Math.max(LONGEST, found.took * WORTH)) return found.answer as Promise<T>;
    const begun = monotonic();
    const answer = work();
    const kept: Kept = { mark, since: now, answer, took: 0 };
    known.delete(key);
    known.set(key, kept);
    answer.then(
      () => void (kept.took = monotonic() - begun),
      () => void known.delete(key),
    );
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) break;
      known.delete(oldest);
    }
    return answer;
  };
}

/** Changes with the definition, the reference rules, every write here, and the newest write elsewhere. */
async function markOf({ library, store }: EngineContext, process: string, changes: Changes): Promise<string> {
  const { hash } = library.activation(process);
  const { items } = await store.records.list({
    processes: [process],
    sort: 'updated',
    direction: 'desc',
    limit: 1,
    scope: { all: '*', named: [], principals: [] },
  });
  return [hash, library.referenceHash(), changes.of(process), items[0]?.record.head].join(' ');
}
