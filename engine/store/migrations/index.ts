/** All migrations in order. SQL is written by hand for each dialect: Sequelize's changeColumn drops triggers and indexes on SQLite. */
import { first } from './first.js';
import { limits } from './limits.js';
import { sealedHeads } from './sealedHeads.js';
import { searchWaiting } from './searchWaiting.js';

export interface SchemaMigration {
  readonly name: string;
  readonly sqlite: string;
  readonly postgres: string;
}

export const migrations: readonly SchemaMigration[] = [first, limits, searchWaiting, sealedHeads];
