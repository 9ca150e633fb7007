/** Opens a store that is there, beside any server that runs, and leaves its definitions as they are. */
import { type Actor, createEngine, EngineError, type EngineOptions, type RunningEngine, storeExists } from '../../engine/index.js';
import { databaseFile } from '../databaseFile.js';
import type { CommandContext } from './command.js';

/** Who acts on the command line: whoever may read the database may read and publish everything. */
export const operator: Actor = { id: 'system', roles: ['administrator', 'process-owner'], teams: [] };

/** @throws STORE_UNUSABLE when there is no database: a command that looks must not make one. */
export const withExistingStore = <T>(context: CommandContext, work: (engine: RunningEngine) => Promise<T>): Promise<T> =>
  withStoreOf(context.engineOptions(), work);

/** The same for a store at another address than this installation's. */
export async function withStoreOf<T>(options: EngineOptions, work: (engine: RunningEngine) => Promise<T>): Promise<T> {
  if (!(await storeExists(options.databaseUrl)))
    throw new EngineError('STORE_UNUSABLE', {
      path: databaseFile(options.databaseUrl) ?? 'postgres://…',
      reason: 'Nothing of Charter is there yet. Start the server once, or set DATA_DIR or DATABASE_URL.',
    });
  const engine = await createEngine({ ...options, publishFolders: false });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}
