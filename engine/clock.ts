/** The only place that reads the time. Everything else is handed a `Clock` or an instant. */

export interface Clock {
  readonly kind: 'system' | 'manual';
  /** The current instant, milliseconds since the epoch. */
  now(): number;
}

export interface ManualClock extends Clock {
  readonly kind: 'manual';
  /** Sets the instant. The engine moves it to each due instant in turn while it runs what falls due. */
  set(instant: number): void;
}

export const systemClock: Clock = { kind: 'system', now: () => Date.now() };

/** A clock that moves only when told; `start` in milliseconds since the epoch. */
export function createManualClock(start: number): ManualClock {
  let current = start;
  return { kind: 'manual', now: () => current, set: (instant) => void (current = instant) };
}

/** A monotonic reading in milliseconds, for budgets and heartbeats; never shown and never stored. */
export function monotonic(): number {
  return performance.now();
}

/** Calls back every `ms` milliseconds without keeping the process alive; returns how to stop. */
export function every(ms: number, work: () => void): () => void {
  const handle = setInterval(work, ms);
  handle.unref();
  return () => clearInterval(handle);
}

/** Resolves after `ms` milliseconds of real time. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
