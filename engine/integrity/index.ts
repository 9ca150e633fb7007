/** Trust: what was recorded can be shown to be unaltered. */
import type { Engine } from '../engine.js';
import { EngineError } from '../errors.js';
import type { EngineContext } from '../runtime/context.js';
import { type Head, sealHeads, signingKey } from './checkpoint.js';
import { verifyAll } from './verify.js';

export function trustVerbs(context: EngineContext, secret: string): Pick<Engine, 'verify' | 'checkpoint' | 'checkpoints' | 'checkpointFile' | 'kept'> {
  const key = signingKey(secret);
  return {
    verify: (options = {}) => verifyAll(context, key, options),
    async checkpoint() {
      const { history } = context.store;
      const heads: Head[] = [];
      for await (const batch of history.heads({ batch: 1_000 })) for (const { record, version, head } of batch) heads.push([record, version, head]);
      const before = await history.checkpoints();
      const entries = heads.reduce((sum, [, sequence]) => sum + sequence, 0);
      const row = sealHeads(heads, { sequence: (before.at(-1)?.sequence ?? 0) + 1, at: context.clock.now(), entries, key });
      await history.addCheckpoint(row);
      return { sequence: row.sequence, root: row.root };
    },
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
