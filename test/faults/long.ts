/** How much the fault tests do: a short form in every run, hours on request (`npm run faults -- --minutes 120`). */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { monotonic } from '../../engine/index.js';

/** Minutes for all fault tests together; 0 is the short form. */
const minutes = Number(process.env.CHARTER_FAULT_MINUTES ?? 0);
export const isLong = minutes > 0;

/** Tests that go on in rounds share the minutes. */
const SHARES = 11;
const share = (minutes * 60_000) / SHARES;

/** A limit for a test of which the short form takes `seconds` on a quiet machine: a busy one is no fault. */
export const patience = (seconds: number): number => seconds * 10_000 + share * 2;

/** Runs `work` in rounds: as many as the short form has, or until the share of the minutes is used up. Returns how many. */
export async function inRounds(short: number, work: (round: number) => Promise<void>): Promise<number> {
  const began = monotonic();
  let round = 0;
  for (; round < short || monotonic() - began < share; round += 1) await work(round);
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
