/** A request under a key is carried out once; a repeat gets the first answer. */
import { createHash } from 'node:crypto';
import { pause } from '../clock.js';
import type { Engine, StepResult } from '../engine.js';
import { EngineError } from '../errors.js';
import type { Actor, Json } from '../types.js';
import type { EngineContext } from './context.js';
import { resultOf } from './context.js';
import type { Committed, StepOptions } from './steps.js';

/** CONTRACT.md: kept P7D. */
const KEPT_MS = 7 * 86_400_000;

export interface IdempotencyKey {
  readonly scope: string;
  readonly bodyHash: string;
}

type Work = (options: StepOptions) => Promise<Committed>;

/** What runs now under a key; those who come meanwhile wait for it. */
const inFlight = new WeakMap<EngineContext, Map<string, Promise<unknown>>>();

/** Runs `work` unless the key was used before; the key is written in the step's own transaction. */
export async function onceOnly(context: EngineContext, { key, actor }: { key: IdempotencyKey | undefined; actor: Actor }, work: Work): Promise<StepResult> {
  if (!key) return resultOf(context, await work({}), actor);
  const answer = await answerOnce(context, key, () => carryOut(context, { key, actor }, work));
  return answer.repeated ? { ...(answer.value as unknown as StepResult), replayed: true } : (answer.value as unknown as StepResult);
}

/** The verb for what is no step: the answer is kept once the work is done. */
export function onceVerb(context: EngineContext): Pick<Engine, 'once'> {
  const { store, clock } = context;
  const carry = async (key: IdempotencyKey, work: () => Promise<Json>): Promise<Json> => {
    const answer = await work();
    await store.queue.keepAnswer({ ...key, answer: JSON.stringify(answer), expiresAt: clock.now() + KEPT_MS }, clock.now());
    return answer;
  };
  return { once: async (key, work) => (await answerOnce(context, key, () => alone(context, key, () => carry(key, work)))).value as Json };
}

interface Answer {
  readonly value: unknown;
  readonly repeated: boolean;
}

/** The place is taken before the store is asked: between asking and working nobody else may do the same. */
async function answerOnce(context: EngineContext, key: IdempotencyKey, work: () => Promise<unknown>): Promise<Answer> {
  const running = inFlight.get(context) ?? new Map<string, Promise<unknown>>();
  inFlight.set(context, running);
  for (let first = running.get(key.scope); first; first = running.get(key.scope)) await first.catch(() => undefined);
  const mine = answered(context, key).then((earlier) => earlier ?? worked(context, key, work));
  running.set(key.scope, mine);
  try {
    return await mine;
  } finally {
    running.delete(key.scope);
  }
}

/** Milliseconds for which other servers leave what is no step to the one that began it. */
const HELD_MS = 120_000;
const LOOK_EVERY = 50;

/** Steps are told apart by their commit; what is no step is done by one server while the others wait for its answer. */
async function alone(context: EngineContext, key: IdempotencyKey, work: () => Promise<Json>): Promise<Json> {
  const name = `once:${createHash('sha256').update(key.scope).digest('hex')}`;
  for (let waited = 0; waited < HELD_MS; waited += LOOK_EVERY) {
    const done = await context.store.queue.withLease(name, HELD_MS, async () => {
      const earlier = await answered(context, key);
      return { answer: earlier ? (earlier.value as Json) : await work() };
    });
    if (done) return done.answer;
    await pause(LOOK_EVERY);
  }
  throw new EngineError('BUSY', { what: 'the same request, which is still being carried out', retryAfter: 5 });
}

/** Another program may have carried out the same meanwhile: its answer is the answer. */
async function worked(context: EngineContext, key: IdempotencyKey, work: () => Promise<unknown>): Promise<Answer> {
  try {
    return { value: await work(), repeated: false };
  } catch (error) {
    // After it the record may refuse the very same step, or lose a race with it.
    const meanwhile = error instanceof EngineError ? await answered(context, key) : null;
    if (meanwhile) return meanwhile;
    throw error;
  }
}

/** The first answer is the very text that a repeat will get: clocks are read at one instant for both. */
async function carryOut(context: EngineContext, { key, actor }: { key: IdempotencyKey; actor: Actor }, work: Work): Promise<StepResult> {
  let answer = '';
  const idempotency = (committed: Committed) => {
    answer = JSON.stringify(resultOf(context, committed, actor));
    return { ...key, answer, expiresAt: context.clock.now() + KEPT_MS };
  };
  await work({ idempotency });
  return JSON.parse(answer) as StepResult;
}

async function answered({ store, clock }: EngineContext, key: IdempotencyKey): Promise<Answer | null> {
  const row = await store.queue.idempotency(key.scope, clock.now());
  if (!row) return null;
  if (row.bodyHash !== key.bodyHash) throw new EngineError('IDEMPOTENCY_MISMATCH', {});
  return { value: JSON.parse(row.answer), repeated: true };
}
