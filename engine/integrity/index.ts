/** Trust: what was recorded can be shown to be unaltered. */
import type { Engine } from '../engine.js';
import type { EngineContext } from '../runtime/context.js';
import { gatherHeads, signingKey } from './checkpoint.js';
import { sealAll } from './sealing.js';
import { wholeCheckpoint } from './succession.js';
import { verifyAll } from './verify.js';

export { keepKey, refuseOtherKey } from './keys.js';

export function trustVerbs(
  context: EngineContext,
  secret: string,
): Pick<Engine, 'verify' | 'checkpoint' | 'checkpoints' | 'checkpointFile' | 'rootNow' | 'kept'> {
  const key = signingKey(secret);
  return {
    verify: (options = {}) => verifyAll(context, key, options),
    checkpoint: () => seal(context, secret),
    async checkpoints() {
      return [...(await context.store.history.checkpoints())].reverse();
    },
    checkpointFile: (sequence) => wholeCheckpoint(context.store.history, sequence),
    rootNow: () => gatherHeads(context.store.history.chainEnds({ batch: 5_000 })),
    kept: () => context.store.history.counts(),
  };
}

/** Milliseconds between checkpoints that are made without being asked for. */
const SEAL_EVERY = 86_400_000;
/** Milliseconds for which others leave it to a server that may have died over it. */
const SEALING = 60_000;

/**
 * Seals once a day if anything was recorded since, and says the root where the log goes: kept there it is out of reach of
 * whoever can write the database.
 */
export async function sealDaily(context: EngineContext, secret: string, log: (message: string, facts: Record<string, unknown>) => void): Promise<void> {
  if (!(await isDue(context))) return;
  await context.store.queue.withLease('sealing', SEALING, async () => {
    if (!(await isDue(context))) return;
    const { sequence, root, publicKey, signature, records, entries } = await sealAll(context, secret);
    log('checkpoint sealed', { checkpoint: sequence, root, records, entries, signature, publicKey });
  });
}

async function isDue({ store: { history }, clock }: EngineContext): Promise<boolean> {
  const last = await history.newestCheckpoint();
  if (last && clock.now() - last.at < SEAL_EVERY) return false;
  const { entries } = await history.counts();
  return entries > 0 && entries !== last?.entries;
}

async function seal(context: EngineContext, secret: string): Promise<{ readonly sequence: number; readonly root: string }> {
  const { sequence, root } = await sealAll(context, secret);
  return { sequence, root };
}
