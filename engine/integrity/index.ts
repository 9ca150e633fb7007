/** Trust: what was recorded can be shown to be unaltered. */
import type { Engine } from '../engine.js';
import { EngineError } from '../errors.js';
import type { EngineContext } from '../runtime/context.js';
import type { ChainEnd, CheckpointRow } from '../store/types.js';
import { gatherHeads, sealHeads, signingKey } from './checkpoint.js';
import { refuseOtherKey } from './keys.js';
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
    async checkpointFile(sequence) {
      const row = await context.store.history.checkpoint(sequence);
      if (!row) throw new EngineError('NOT_FOUND', { checkpoint: sequence });
      return row;
    },
    async rootNow() {
      const { records, entries, root } = await gatherHeads(chainEnds(context), false);
      return { records, entries, root };
    },
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
    const { sequence, root, publicKey, signature, records, entries } = await sealed(context, secret);
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
  const { sequence, root } = await sealed(context, secret);
  return { sequence, root };
}

const chainEnds = ({ store: { history } }: EngineContext): AsyncIterable<readonly ChainEnd[]> => history.chainEnds({ batch: 5_000 });

async function sealed(context: EngineContext, secret: string): Promise<CheckpointRow> {
  const { history } = context.store;
  // The key may have been changed while this server ran.
  await refuseOtherKey(context.store, secret);
  const key = signingKey(secret);
  const heads = await gatherHeads(chainEnds(context), true);
  const newest = async () => (await history.newestCheckpoint())?.sequence ?? 0;
  for (;;) {
    const row = sealHeads(heads, { sequence: (await newest()) + 1, at: context.clock.now(), key });
    try {
      await history.addCheckpoint(row);
      return row;
    } catch (error) {
      // Another server made one of this number meanwhile.
      if ((await newest()) < row.sequence) throw error;
    }
  }
}
