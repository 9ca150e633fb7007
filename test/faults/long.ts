/** How much the fault tests do: a short form in every run, hours on request (`npm run faults -- --minutes 120`). */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { monotonic } from '../../engine/index.js';
import { droppingLeftovers } from './leftovers.js';

/** Minutes for all fault tests together; 0 is the short form. */
const minutes = Number(process.env.CHARTER_FAULT_MINUTES ?? 0);
export const isLong = minutes > 0;

/**
 * Tests that go on in rounds share the minutes, on each store anew: back-pressure 2, backup 2, clocks 3, crash 1, damage 1, disks 1, many servers 3,
 * migrations 2, outbox 2, overload 2, points 1, publishing 2, server crash 2, storms 3.
 */
const SHARES = 27;
const share = (minutes * 60_000) / SHARES;

/** A limit for a test of which the short form takes `seconds` on a quiet machine: a busy one is no fault. */
export const patience = (seconds: number): number => seconds * 10_000 + share * 2;

/** Runs `work` in rounds: as many as the short form has, or until the share of the minutes (or this part of one) is used up. Returns how many. */
export async function inRounds(short: number, work: (round: number) => Promise<void>, part = 1): Promise<number> {
  const began = monotonic();
  let round = 0;
  for (; round < short || monotonic() - began < share * part; round += 1) await droppingLeftovers(() => work(round));
  return round;
}

/** What a test did, for whoever reads the log; also kept in `.reports/faults.jsonl`. */
export function account(test: string, facts: Readonly<Record<string, unknown>>): void {
  const line = JSON.stringify({ test, ...facts });
  process.stdout.write(`faults: ${line}\n`);
  const reports = join(import.meta.dirname, '..', '..', '.reports');
  mkdirSync(reports, { recursive: true });
  appendFileSync(join(reports, 'faults.jsonl'), `${line}\n`);
}

/** The value below which this part of the values lies; milliseconds rounded. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
}
