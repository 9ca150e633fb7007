/** Whether this server can do its work: asked by those who send it requests, and told part by part. */
import { monotonic, type RunningEngine } from '../../engine/index.js';

export interface HealthPart {
  readonly part: 'database' | 'definitions' | 'timers' | 'shutdown';
  readonly ok: boolean;
  /** What is wrong; null when nothing is. */
  readonly reason: string | null;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly parts: readonly HealthPart[];
}

export interface Health {
  check(): Promise<HealthReport>;
  /** From now on not ready: the server is about to stop. */
  drain(): void;
  readonly draining: () => boolean;
  /** A request came in; gives how to say that it was answered. */
  attend(): () => void;
  /** Requests that are being answered. */
  readonly underWay: () => number;
}

/** A database that takes longer is none that can be worked with. */
const ANSWER_MS = 3_000;
/** Writing is tried so often at most, however often somebody asks. */
const WRITE_EVERY = 10_000;
/** Timers that are due are taken up within seconds; left alone so long, something hangs. */
const STALLED_MS = 120_000;
/** One look serves everybody who asks within this time: readiness is open to all and stands outside back-pressure. */
const SHARED_MS = 1_000;
const TRIED = 'readiness';

interface Limits {
  /** How long timers that are due may be left alone. */
  readonly stalledMs: number;
  readonly sharedMs: number;
}

export function createHealth(engine: RunningEngine, { stalledMs = STALLED_MS, sharedMs = SHARED_MS }: Partial<Limits> = {}): Health {
  let draining = false;
  let underWay = 0;
  let written = Number.NEGATIVE_INFINITY;

  const database = async (): Promise<string | null> => {
    if (engine.store.readOnly()) return 'It can not be written at the moment.';
    try {
      await engine.people.revision();
    } catch {
      return 'It can not be read.';
    }
    if (monotonic() - written < WRITE_EVERY) return null;
    try {
      await engine.store.setMeta(TRIED, String(engine.now()));
      written = monotonic();
      return null;
    } catch {
      return 'It can not be written.';
    }
  };
  const definitions = (): string | null => ((engine.metrics().processes ?? 0) > 0 ? null : 'No process is in force.');
  const timers = async (): Promise<string | null> => {
    const stalled = await engine.timersStalled();
    return stalled <= stalledMs ? null : `Some are due and none was taken up for ${Math.round(stalled / 1000)} seconds.`;
  };
  const look = (): Promise<Looked> => Promise.all([inTime(database()), inTime(timers())]);
  let last: { readonly at: number; readonly looked: Promise<Looked> } | null = null;
  const looked = (): Promise<Looked> => {
    if (last === null || monotonic() - last.at >= sharedMs) last = { at: monotonic(), looked: look() };
    return last.looked;
  };
  return {
    draining: () => draining,
    underWay: () => underWay,
    attend() {
      underWay += 1;
      return () => {
        underWay -= 1;
      };
    },
    drain() {
      draining = true;
    },
    async check() {
      const [store, due] = await looked();
      const parts = [
        partOf('database', store),
        partOf('definitions', definitions()),
        partOf('timers', due),
        partOf('shutdown', draining ? 'The server is about to stop.' : null),
      ];
      return { ready: parts.every(({ ok }) => ok), parts };
    },
  };
}

/** What is wrong with the database and with the timers. */
type Looked = readonly [string | null, string | null];

function partOf(part: HealthPart['part'], reason: string | null): HealthPart {
  return { part, ok: reason === null, reason };
}

function inTime(answer: Promise<string | null>): Promise<string | null> {
  // Does not keep the process alive, as a pause would.
  const late = new Promise<string>((resolve) => {
    AbortSignal.timeout(ANSWER_MS).addEventListener('abort', () => resolve(`There was no answer within ${ANSWER_MS / 1000} seconds.`));
  });
  return Promise.race([answer.catch(() => 'It could not be asked.'), late]);
}
