/** Brings the schema up to date with umzug. Each migration and its mark are one transaction, so an interrupted one has not happened. */
import { Umzug, type UmzugStorage } from 'umzug';
import { EngineError } from '../errors.js';
import type { Connection } from './connection.js';
import { applicationId } from './dialect/sqlite.js';
import { migrations, type SchemaMigration } from './migrations/index.js';
import { waitForSchema } from './postgres/partitions.js';

/** What differs between the stores where their schema is made. */
interface Schema {
  readonly dialect: 'sqlite' | 'postgres';
  /** Begins a transaction in which no other process changes the schema. */
  readonly begin: string;
  readonly tables: string;
  /** Makes the table that lists migrations. */
  readonly prepare: string;
}

const schemas: Readonly<Record<Schema['dialect'], Schema>> = {
  sqlite: {
    dialect: 'sqlite',
    begin: 'BEGIN IMMEDIATE',
    tables: "SELECT name FROM sqlite_schema WHERE type = 'table'",
    prepare: `CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID; PRAGMA application_id=${applicationId};`,
  },
  postgres: {
    dialect: 'postgres',
    begin: `BEGIN; ${waitForSchema}`,
    tables: "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    prepare: `${waitForSchema}; CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY);`,
  },
};

const executed = async (connection: Connection): Promise<string[]> =>
  (await connection.all<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name')).map((row) => row.name);

async function apply(connection: Connection, schema: Schema, migration: SchemaMigration): Promise<void> {
  await connection.exec(schema.begin);
  try {
    // Another process may have been faster while this one waited for the lock.
    if (!(await executed(connection)).includes(migration.name)) {
      await connection.exec(migration[schema.dialect]);
      await connection.run('INSERT INTO schema_migrations (name) VALUES (?)', [migration.name]);
    }
    await connection.exec('COMMIT');
  } catch (cause) {
    await connection.exec('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}

export interface Migrating {
  readonly connection: Connection;
  readonly dialect: Schema['dialect'];
  /** How the database is named in errors. */
  readonly path: string;
  /** For tests of upgrades. */
  readonly known?: readonly SchemaMigration[];
}

/** Applies what is missing. Throws STORE_UNUSABLE when the database is another program's or was written by a newer Charter. */
export async function migrate({ connection, dialect, path, known = migrations }: Migrating): Promise<void> {
  const schema = schemas[dialect];
  const tables = await connection.all<{ name: string }>(schema.tables);
  if (tables.length > 0 && !tables.some((table) => table.name === 'schema_migrations')) {
    throw new EngineError('STORE_UNUSABLE', { path, reason: 'It is a database of another program.' });
  }
  if (tables.length === 0) {
    await connection.exec(schema.prepare);
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
  const steps = known.map((migration) => ({ name: migration.name, up: () => apply(connection, schema, migration) }));
  await new Umzug({ migrations: steps, storage, logger: undefined }).up();
}
