/** Trust: what was recorded can be shown to be unaltered. */
import type { KeyObject } from 'node:crypto';
import type { Engine } from '../engine.js';
import { EngineError } from '../errors.js';
import type { EngineContext } from '../runtime/context.js';
import type { CheckpointRow } from '../store/types.js';
import { type Head, sealHeads, signingKey } from './checkpoint.js';
import { verifyAll } from './verify.js';

export function trustVerbs(context: EngineContext, secret: string): Pick<Engine, 'verify' | 'checkpoint' | 'checkpoints' | 'checkpointFile' | 'kept'> {
  const key = signingKey(secret);
  return {
    verify: (options = {}) => verifyAll(context, key, options),
    checkpoint: () => seal(context, key),
    async checkpoints() {
      return (await context.store.history.checkpoints()).map(({ heads: _, ...row }) => row).reverse();
    },
    async checkpointFile(sequence) {
      const row = (await context.store.history.checkpoints()).find((each) => each.sequence === sequence);
      if (!row) throw new EngineError('NOT_FOUND', { checkpoint: sequence });
      return row;
    },
    kept: () => context.store.history.counts(),
  };
}

/** Milliseconds between checkpoints that are made without being asked for. */
const SEAL_EVERY = 86_400_000;

/**
 * Seals once a day if anything was recorded since, and says the root where the log goes: kept there it is out of reach of
 * whoever can write the database.
 */
export async function sealDaily(context: EngineContext, secret: string, log: (message: string, facts: Record<string, unknown>) => void): Promise<void> {
  const last = (await context.store.history.checkpoints()).at(-1);
  const { entries } = await context.store.history.counts();
  if (entries === 0 || (last && (context.clock.now() - last.at < SEAL_EVERY || entries === last.entries))) return;
  const { sequence, root, publicKey, signature, records } = await sealed(context, signingKey(secret));
  log('checkpoint sealed', { checkpoint: sequence, root, records, entries, signature, publicKey });
}

async function seal(context: EngineContext, key: KeyObject): Promise<{ readonly sequence: number; readonly root: string }> {
  const { sequence, root } = await sealed(context, key);
  return { sequence, root };
}

async function sealed({ store: { history }, clock }: EngineContext, key: KeyObject): Promise<CheckpointRow> {
  const heads: Head[] = [];
  for await (const batch of history.heads({ batch: 1_000 })) for (const { record, version, head } of batch) heads.push([record, version, head]);
  const before = await history.checkpoints();
  const entries = heads.reduce((sum, [, sequence]) => sum + sequence, 0);
  const row = sealHeads(heads, { sequence: (before.at(-1)?.sequence ?? 0) + 1, at: clock.now(), entries, key });
  await history.addCheckpoint(row);
  return row;
}
