/** Verifications: one at a time on all servers together, in the background. The last ones are kept in the store, for every server to show. */
import { randomUUID } from 'node:crypto';
import { type CheckpointRow, EngineError, every, pause, type RunningEngine, type VerifyReport } from '../../engine/index.js';

export interface Verification {
  readonly id: string;
  readonly by: string;
  readonly startedAt: number;
  /** Number of the only record that was verified; null when all were. */
  readonly record: string | null;
  /** How many checkpoints from outside were held against the store. */
  readonly kept: number;
  readonly status: 'running' | 'done' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly endedAt: number | null;
  /** Real time in milliseconds. */
  readonly took: number | null;
  readonly report: VerifyReport | null;
  readonly failure: string | null;
}

export interface VerifyRequest {
  readonly by: string;
  readonly record?: { readonly id: string; readonly number: string };
  readonly kept?: readonly CheckpointRow[];
}

export interface Verifications {
  /** Starts one, or gives the one that is running. */
  start(request: VerifyRequest): Promise<{ readonly run: Verification; readonly fresh: boolean }>;
  find(id: string): Promise<Verification | null>;
  /** Newest first. */
  all(): Promise<readonly Verification[]>;
  running(): Promise<Verification | null>;
  /** Resolves when nothing runs here. */
  settled(): Promise<void>;
}

const KEPT = 20;
const PREFIX = 'verification:';
/** A server that was silent for so long does not work on it any more. */
const SILENT = 60_000;
const TOLD_EVERY = 1_000;
const TRIES = 100;

export interface VerificationsOptions {
  readonly engine: Pick<RunningEngine, 'verify' | 'now' | 'leases'> & { readonly store: Pick<RunningEngine['store'], 'metas' | 'setMeta'> };
  readonly wall: () => number;
  readonly failed: (error: unknown) => void;
}

/** A verification as it is kept. */
interface Kept {
  readonly run: Verification;
  /** Of all that ever were. */
  readonly sequence: number;
  /** When its server last told of it. */
  readonly toldAt: number;
}

export function createVerifications(options: VerificationsOptions): Verifications {
  const { engine, wall } = options;
  let current: Promise<void> = Promise.resolve();
  let mine: Telling | null = null;

  const kept = async (): Promise<readonly Kept[]> => {
    const rows = await engine.store.metas(PREFIX, KEPT);
    return rows.map(({ value }) => JSON.parse(value) as Kept).sort((a, b) => b.sequence - a.sequence);
  };
  const asOfNow = ({ run, toldAt }: Kept): Verification => {
    if (mine?.run.id === run.id) return mine.run;
    const left = run.status === 'running' && wall() - toldAt > SILENT;
    return left ? { ...run, status: 'failed', failure: 'The server that worked on it stopped.' } : run;
  };
  const all = async (): Promise<readonly Verification[]> => (await kept()).map(asOfNow);
  const running = async (): Promise<Verification | null> => (await all()).find(({ status }) => status === 'running') ?? null;

  const begin = async (id: string, request: VerifyRequest): Promise<Verification> => {
    const telling = createTelling(options, { run: newRun(id, request, engine.now()), sequence: ((await kept())[0]?.sequence ?? 0) + 1 });
    mine = telling;
    await telling.tell();
    current = carryOut(options, telling, request);
    return telling.run;
  };

  return {
    async start(request) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const id = randomUUID();
        if (await engine.leases.lease(PREFIX, id, SILENT)) {
          const run = await begin(id, request).catch(async (error: unknown) => {
            await engine.leases.releaseLease(PREFIX, id);
            throw error;
          });
          return { run, fresh: true };
        }
        const already = await running();
        if (already) return { run: already, fresh: false };
        // Another server is about to begin, or has just ended.
        await pause(20);
      }
      throw new EngineError('BUSY', { what: 'verifications', retryAfter: SILENT / 1000 });
    },
    find: async (id) => (await all()).find((run) => run.id === id) ?? null,
    all,
    running,
    settled: () => current,
  };
}

function newRun(id: string, { by, record, kept }: VerifyRequest, startedAt: number): Verification {
  return {
    id,
    by,
    startedAt,
    record: record?.number ?? null,
    kept: kept?.length ?? 0,
    status: 'running',
    done: 0,
    total: 0,
    endedAt: null,
    took: null,
    report: null,
    failure: null,
  };
}

/** A verification of this server, told to the others through the store. */
interface Telling {
  run: Verification;
  tell(): Promise<void>;
}

function createTelling({ engine, wall }: VerificationsOptions, { run, sequence }: Omit<Kept, 'toldAt'>): Telling {
  let told: Promise<unknown> = Promise.resolve();
  const telling: Telling = {
    run,
    tell() {
      const kept = () => JSON.stringify({ run: telling.run, sequence, toldAt: wall() } satisfies Kept);
      const mine = told.then(() => engine.store.setMeta(PREFIX + String(sequence % KEPT).padStart(2, '0'), kept()));
      told = mine.catch(() => undefined);
      return mine;
    },
  };
  return telling;
}

async function carryOut({ engine, wall, failed }: VerificationsOptions, telling: Telling, { record, kept }: VerifyRequest): Promise<void> {
  const began = wall();
  const { id } = telling.run;
  const change = (to: Partial<Verification>): void => void (telling.run = { ...telling.run, ...to });
  const ended = (): Partial<Verification> => ({ endedAt: engine.now(), took: wall() - began });
  const stop = every(TOLD_EVERY, () => {
    // What could not be told now is told the next time.
    void telling.tell().then(
      () => engine.leases.lease(PREFIX, id, SILENT).catch(() => undefined),
      () => undefined,
    );
  });
  try {
    const report = await engine.verify({
      ...(record ? { record: record.id } : {}),
      ...(kept ? { kept } : {}),
      onProgress: (done, total) => change({ done, total }),
    });
    change({ status: 'done', report, ...ended() });
  } catch (error) {
    failed(error);
    change({ status: 'failed', failure: error instanceof Error ? error.message : String(error), ...ended() });
  }
  stop();
  await telling.tell().catch(failed);
  await engine.leases.releaseLease(PREFIX, id).catch(failed);
}
