/** A request under a key is carried out once; a repeat gets the first answer. */
import type { StepResult } from '../engine.js';
import { EngineError } from '../errors.js';
import type { EngineContext } from './context.js';
import { resultOf } from './context.js';
import type { Actor } from '../types.js';
import type { Committed, StepOptions } from './steps.js';

/** CONTRACT.md: kept P7D. */
const KEPT_MS = 7 * 86_400_000;

export interface IdempotencyKey {
  readonly scope: string;
  readonly bodyHash: string;
}

type Work = (options: StepOptions) => Promise<Committed>;

const inFlight = new WeakMap<EngineContext, Map<string, Promise<StepResult>>>();

/** Runs `work` unless the key was used before; the key is written in the step's own transaction. */
export async function onceOnly(context: EngineContext, { key, actor }: { key: IdempotencyKey | undefined; actor: Actor }, work: Work): Promise<StepResult> {
  if (!key) return resultOf(context, await work({}), actor);
  const earlier = await answered(context, key);
  if (earlier) return earlier;
  const running = inFlight.get(context) ?? new Map<string, Promise<StepResult>>();
  inFlight.set(context, running);
  const first = running.get(key.scope);
  if (first) {
    await first.catch(() => undefined);
    return onceOnly(context, { key, actor }, work);
  }
  const mine = carryOut(context, { key, actor }, work);
  running.set(key.scope, mine);
  try {
    return await mine;
  } finally {
    running.delete(key.scope);
  }
}

async function carryOut(context: EngineContext, { key, actor }: { key: IdempotencyKey; actor: Actor }, work: Work): Promise<StepResult> {
  const idempotency = (committed: Committed) => ({ ...key, answer: JSON.stringify(resultOf(context, committed, actor)), expiresAt: context.clock.now() + KEPT_MS });
  return resultOf(context, await work({ idempotency }), actor);
}

async function answered({ store, clock }: EngineContext, key: IdempotencyKey): Promise<StepResult | null> {
  const row = await store.queue.idempotency(key.scope, clock.now());
  if (!row) return null;
  if (row.bodyHash !== key.bodyHash) throw new EngineError('IDEMPOTENCY_MISMATCH', {});
  return { ...(JSON.parse(row.answer) as StepResult), replayed: true };
}
