/** Finds a SQLite driver that really loads: `sqlite3`, else `node:sqlite`. */
import { createRequire } from 'node:module';
import { EngineError } from '../../errors.js';
import type { Driver, DriverModule, DriverName } from './contract.js';
import { type NodeSqlite, nodeSqliteModule } from './nodeSqlite.js';

const load = createRequire(import.meta.url);

const loaders: Record<DriverName, () => DriverModule> = {
  sqlite3: () => load('sqlite3') as DriverModule,
  // `process.getBuiltinModule` is absent before Node 22; require throws there as wanted.
  'node:sqlite': () => nodeSqliteModule(load('node:sqlite') as NodeSqlite),
};

/** Loads the driver that is asked for, or the first that works. Throws STORE_DRIVER_MISSING with what was tried and why it failed. */
export function loadDriver(choice: 'auto' | DriverName): Driver {
  const names: readonly DriverName[] = choice === 'auto' ? ['sqlite3', 'node:sqlite'] : [choice];
  const tried: Record<string, string> = {};
  for (const name of names) {
    try {
      return { name, module: loaders[name]() };
    } catch (cause) {
      tried[name] = firstLine(cause);
    }
  }
  throw new EngineError('STORE_DRIVER_MISSING', { tried });
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n')[0] ?? text;
}
