/** How long rules took, for those who want to know. Deciding is synchronous, so what is spent between two looks was spent by one decision. */
import { monotonic } from '../clock.js';

let spent: { ms: number } | null = null;

/** Runs `work` and gives with its result the milliseconds that rules took in it. */
export function timingRules<T>(work: () => T): { readonly result: T; readonly ms: number } {
  const mine = { ms: 0 };
  spent = mine;
  try {
    return { result: work(), ms: mine.ms };
  } finally {
    spent = null;
  }
}

/** Evaluates a rule; looks at the clock only when somebody asked. */
export function timed<T>(evaluate: () => T): T {
  const account = spent;
  if (account === null) return evaluate();
  const began = monotonic();
  // A rule within this one is part of it.
  spent = null;
  try {
    return evaluate();
  } finally {
    account.ms += monotonic() - began;
    spent = account;
  }
}
