/** Verifications of this server process: one at a time, in the background, the last ones remembered. */
import { randomUUID } from 'node:crypto';
import type { CheckpointRow, RunningEngine, VerifyReport } from '../../engine/index.js';

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
  start(request: VerifyRequest): { readonly run: Verification; readonly fresh: boolean };
  find(id: string): Verification | null;
  /** Newest first. */
  all(): readonly Verification[];
  running(): Verification | null;
  /** Resolves when nothing runs. */
  settled(): Promise<void>;
}

const KEPT = 20;

export interface VerificationsOptions {
  readonly engine: Pick<RunningEngine, 'verify' | 'now'>;
  readonly wall: () => number;
  readonly failed: (error: unknown) => void;
}

export function createVerifications({ engine, wall, failed }: VerificationsOptions): Verifications {
  let runs: readonly Verification[] = [];
  let current: Promise<void> = Promise.resolve();
  const change = (id: string, to: Partial<Verification>): void => {
    runs = runs.map((run) => (run.id === id ? { ...run, ...to } : run));
  };
  const running = (): Verification | null => runs.find(({ status }) => status === 'running') ?? null;

  const carryOut = async (id: string, { record, kept }: VerifyRequest): Promise<void> => {
    const began = wall();
    const ended = (): Partial<Verification> => ({ endedAt: engine.now(), took: wall() - began });
    try {
      const report = await engine.verify({
        ...(record ? { record: record.id } : {}),
        ...(kept ? { kept } : {}),
        onProgress: (done, total) => change(id, { done, total }),
      });
      change(id, { status: 'done', report, ...ended() });
    } catch (error) {
      failed(error);
      change(id, { status: 'failed', failure: error instanceof Error ? error.message : String(error), ...ended() });
    }
  };

  return {
    start(request) {
      const already = running();
      if (already) return { run: already, fresh: false };
      const { by, record, kept } = request;
      const run: Verification = {
        id: randomUUID(),
        by,
        startedAt: engine.now(),
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
      runs = [run, ...runs].slice(0, KEPT);
      current = carryOut(run.id, request);
      return { run, fresh: true };
    },
    find: (id) => runs.find((run) => run.id === id) ?? null,
    all: () => runs,
    running,
    settled: () => current,
  };
}
