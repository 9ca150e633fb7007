/** A throw-away copy of everything the engine keeps, so that a dry run decides exactly what a run would, and writes nothing that stays. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type EngineOptions, type RunningEngine, storeExists } from '../../engine/index.js';

export interface ThrowAway {
  readonly engine: RunningEngine;
  /** Closes the engine and removes the copy. */
  close(): Promise<void>;
}

/** The copy begins with what the store holds at this moment; where there is no store yet it begins empty, and none is made. */
export async function openThrowAway(options: EngineOptions): Promise<ThrowAway> {
  const folder = await mkdtemp(join(tmpdir(), 'charter-dry-run-'));
  const remove = async (): Promise<void> => await rm(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'copy.sqlite');
    if (await storeExists(options.databaseUrl)) {
      // What the folders hold is published in the copy only.
      const real = await createEngine({ ...options, publishFolders: false, watch: false });
      await real.store.backup(copy).finally(() => real.close());
    }
    const engine = await createEngine({ ...options, databaseUrl: `sqlite:${copy}`, dataDir: folder, smtpUrl: null, watch: false });
    const close = async (): Promise<void> => {
      await engine.close();
      await remove();
    };
    return { engine, close };
  } catch (error) {
    await remove();
    throw error;
  }
}
