/** Making a checkpoint: all heads go into its root, but it keeps only those that differ from what was sealed before. */
import type { EngineContext } from '../runtime/context.js';
import type { CheckpointRow, HistoryStore } from '../store/types.js';
import { headsInParts, type SealedHeads, sealHeads, signingKey } from './checkpoint.js';
import { refuseOtherKey } from './keys.js';

/** How many heads one checkpoint is to keep at most. */
export interface SealLimits {
  /** Beyond it a series is begun anew. */
  readonly changed: number;
  readonly series: number;
}

/** 110 bytes of text each, which are in memory several times while they are written. A large day should still be one checkpoint. */
const usual: SealLimits = { changed: 100_000, series: 25_000 };

/**
 * Seals everything. Where too many heads changed it is done in a series of checkpoints, begun anew: each seals the records up to its last, the last
 * one all of them; it is the one returned.
 */
export async function sealAll({ store, clock }: Pick<EngineContext, 'store' | 'clock'>, secret: string, limits: SealLimits = usual): Promise<CheckpointRow> {
  const { history } = store;
  // The key may have been changed while this server ran.
  await refuseOtherKey(store, secret);
  const key = signingKey(secret);
  const newest = async () => (await history.newestCheckpoint())?.sequence ?? 0;
  for (;;) {
    // Asked before the heads are read: if another server adds one meanwhile, what changed since then is not what was read here.
    let next = (await newest()) + 1;
    const add = async (heads: SealedHeads, anew: boolean): Promise<CheckpointRow> => {
      const row = sealHeads(heads, { sequence: next, at: clock.now(), key });
      await history.addCheckpoint(row, { anew });
      next += 1;
      return row;
    };
    try {
      const changed = next === 1 ? null : await changedHeads(history, limits.changed);
      return changed ? await add(changed, false) : await sealAnew(history, { most: limits.series, add });
    } catch (error) {
      if ((await newest()) < next) throw error;
    }
  }
}

/** Null when they are too many for one checkpoint. */
async function changedHeads(history: HistoryStore, most: number): Promise<SealedHeads | null> {
  for await (const part of headsInParts(history.sealable({ anew: false }), most)) return part.more ? null : part;
  return null;
}

interface Series {
  readonly most: number;
  add(heads: SealedHeads, anew: boolean): Promise<CheckpointRow>;
}

async function sealAnew(history: HistoryStore, { most, add }: Series): Promise<CheckpointRow> {
  let row: CheckpointRow | null = null;
  for await (const part of headsInParts(history.sealable({ anew: true }), most)) row = await add(part, row === null);
  return row as CheckpointRow;
}
