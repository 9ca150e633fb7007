/** What both limits have in common: callers that each wait for their step before they send the next, and the group commit between them. */
import { monotonic } from '../../clock.js';
import { EngineError } from '../../errors.js';
import type { StepWrite, StoreOptions } from '../types.js';

export interface LimitOptions {
  /** Callers that each wait for their step before they send the next, each on a record of its own. */
  readonly callers: number;
  /** Steps altogether. */
  readonly steps: number;
  /** Representative steps; caller and version are put in, the rest is written as it is. At least one. */
  readonly rows: readonly StepWrite[];
  /** Records that exist before; default: one for each caller. */
  readonly records?: number;
  /** Place of the first caller's record, so that another run beside the same records works on others; default 0. */
  readonly first?: number;
  readonly driver?: StoreOptions['driver'];
}

export interface Measured {
  readonly steps: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Milliseconds from sending a step to its acknowledgement. */
  readonly p50: number;
  readonly p99: number;
}

const largestBatch = 64;

/** The record a caller writes. */
const recordId = (place: number): string => `00000000-0000-7000-8000-${String(place).padStart(12, '0')}`;

interface Waiting<Row> {
  readonly row: Row;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Runs the callers. `rowOf` makes what one step writes, `write` makes a batch durable. */
export async function runLimit<Row>(
  { callers, steps, rows, first = 0 }: LimitOptions,
  rowOf: (id: string, version: number, step: StepWrite) => Row,
  write: (batch: readonly Row[]) => Promise<unknown>,
): Promise<Measured> {
  if (rows.length === 0) {
    throw new EngineError('INTERNAL', { part: 'store', reason: 'The limit needs at least one step to write.' });
  }
  const queue = groupCommit(write);
  const waits: number[] = [];
  let left = steps;
  const caller = async (place: number): Promise<void> => {
    for (let version = 2; left > 0; version += 1) {
      left -= 1;
      const began = monotonic();
      await queue(rowOf(recordId(first + place), version, rows[version % rows.length] as StepWrite));
      waits.push(monotonic() - began);
    }
  };
  const began = monotonic();
  await Promise.all(Array.from({ length: callers }, (_, place) => caller(place)));
  return summary(waits, (monotonic() - began) / 1_000);
}

/** Rate and waiting times of a measurement. */
export function summary(waits: number[], seconds: number): Measured {
  waits.sort((a, b) => a - b);
  const at = (share: number): number => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
  return { steps: waits.length, seconds, perSecond: waits.length / seconds, p50: at(0.5), p99: at(0.99) };
}

function groupCommit<Row>(write: (batch: readonly Row[]) => Promise<unknown>): (row: Row) => Promise<void> {
  let waiting: Waiting<Row>[] = [];
  let busy = false;
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, largestBatch);
      waiting = waiting.slice(largestBatch);
      await write(batch.map((one) => one.row)).then(
        () => batch.forEach((one) => void one.resolve()),
        (error: unknown) => batch.forEach((one) => void one.reject(error)),
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
    busy = false;
  };
  return (row) =>
    new Promise((resolve, reject) => {
      waiting.push({ row, resolve, reject });
      if (!busy) {
        busy = true;
        setImmediate(() => void drain());
      }
    });
}
