/** Brings the schema up to date with umzug. Each migration and its mark are one transaction, so an interrupted one has not happened. */
import { Umzug, type UmzugStorage } from 'umzug';
import { EngineError } from '../errors.js';
import type { Connection } from './connection.js';
import { applicationId } from './dialect/sqlite.js';
import { migrations, type SchemaMigration } from './migrations/index.js';

const executed = async (connection: Connection): Promise<string[]> =>
  (await connection.all<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name')).map((row) => row.name);

async function apply(connection: Connection, migration: SchemaMigration): Promise<void> {
  await connection.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been faster while this one waited for the lock.
    if (!(await executed(connection)).includes(migration.name)) {
      await connection.exec(migration.sqlite);
      await connection.run('INSERT INTO schema_migrations (name) VALUES (?)', [migration.name]);
    }
    await connection.exec('COMMIT');
  } catch (cause) {
    await connection.exec('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

/**
 * Applies what is missing. Throws STORE_UNUSABLE when the file is another program's or was written by a newer Charter.
 * `known` is for tests of upgrades.
 */
export async function migrate(connection: Connection, path: string, known: readonly SchemaMigration[] = migrations): Promise<void> {
  const tables = await connection.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
  if (tables.length > 0 && !tables.some((table) => table.name === 'schema_migrations')) {
    throw new EngineError('STORE_UNUSABLE', { path, reason: 'The file is a database of another program.' });
  }
  if (tables.length === 0) {
    await connection.exec(
      `CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID; PRAGMA application_id=${applicationId};`,
    );
  }
  const names = known.map((migration) => migration.name);
  const newer = (await executed(connection)).filter((name) => !names.includes(name));
  if (newer.length > 0) {
    throw new EngineError('STORE_UNUSABLE', {
      path,
      reason: 'The database was written by a newer version of Charter. Start that version, or restore a backup.',
      unknown: newer,
    });
  }
  const storage: UmzugStorage = { logMigration: async () => undefined, unlogMigration: async () => undefined, executed: () => executed(connection) };
  const steps = known.map((migration) => ({ name: migration.name, up: () => apply(connection, migration) }));
  await new Umzug({ migrations: steps, storage, logger: undefined }).up();
}
