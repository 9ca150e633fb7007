/** On whose account something happens: a request, or a run of the engine's own. Follows the work through every await. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from './spans.js';

export interface Cause {
  /** Id of the request, also of one that has the engine run what is due. */
  readonly request: string | null;
  /** Id of a run of the engine's own: timers, effects, schedules, jobs. */
  readonly run: string | null;
  /** `request`, or what kind of run. */
  readonly kind: string;
  /** What spans of this work belong to; null when nothing is traced. A run begins its span when something happens in it. */
  readonly span: () => Span | null;
}

const causes = new AsyncLocalStorage<Cause>();

export function currentCause(): Cause | null {
  return causes.getStore() ?? null;
}

export function withCause<T>(cause: Cause, work: () => T): T {
  return causes.run(cause, work);
}
