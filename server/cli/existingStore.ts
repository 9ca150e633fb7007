/** Opens a store that is there, beside any server that runs, and leaves its definitions as they are. */
import { existsSync } from 'node:fs';
import { type Actor, createEngine, EngineError, type RunningEngine } from '../../engine/index.js';
import { databaseFile } from '../databaseFile.js';
import type { CommandContext } from './command.js';

/** Who acts on the command line: whoever may read the database file may read and publish everything. */
export const operator: Actor = { id: 'system', roles: ['administrator', 'process-owner'], teams: [] };

/** @throws STORE_UNUSABLE when there is no database: a command that looks must not make one. */
export async function withExistingStore<T>(context: CommandContext, work: (engine: RunningEngine) => Promise<T>): Promise<T> {
  const options = context.engineOptions();
  const file = databaseFile(options.databaseUrl);
  if (file !== null && !existsSync(file))
    throw new EngineError('STORE_UNUSABLE', { path: file, reason: 'There is no database yet. Start the server once, or set DATA_DIR or DATABASE_URL.' });
  const engine = await createEngine({ ...options, publishFolders: false });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}
