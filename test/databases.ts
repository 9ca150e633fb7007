/** Where a test keeps its records: a SQLite file, or a database in the PostgreSQL that this run started (`postgres/setup.ts`). */
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Client } from 'pg';
import { loadDriver } from '../engine/store/driver/load.js';

const { Client: PgClient } = createRequire(import.meta.url)('pg') as typeof import('pg');

/** Which of the two the tests of this project run on. */
export const storeUnderTest: 'sqlite' | 'postgres' = process.env.CHARTER_TEST_STORE === 'postgres' ? 'postgres' : 'sqlite';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database, or a copy of the one at `like`, which nobody may have open. `file` is where it lies if it is a file. */
export async function newDatabase(file: string, like?: string): Promise<TestDatabase> {
  if (storeUnderTest === 'postgres') return newPostgres(like);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (like !== undefined) copyFileSync(like.slice('sqlite:'.length), file);
  return { url: `sqlite:${file}`, drop: async () => undefined };
}

const isPostgres = (url: string): boolean => url.startsWith('postgres:');

/** The address of a database in the run's PostgreSQL. */
function addressOf(name: string): string {
  const server = process.env.CHARTER_TEST_POSTGRES;
  if (server === undefined) throw new Error('This project of tests has no PostgreSQL: its globalSetup is test/postgres/setup.ts.');
  return `${server}/${name}`;
}

async function newPostgres(like: string | undefined): Promise<TestDatabase> {
  const name = `charter_${randomUUID().replaceAll('-', '')}`;
  const template = like === undefined ? 'template0' : nameIn(like);
  await asAdministrator(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return { url: addressOf(name), drop: () => asAdministrator(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

const nameIn = (url: string): string => new URL(url).pathname.slice(1);

const asAdministrator = (sql: string): Promise<void> => onPostgres(addressOf('postgres'), async (client) => void (await client.query(sql)));

/** Works on a database below the engine. */
export async function onPostgres<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new PgClient({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Looks into a store below the engine. */
export async function rowsBelow<T>(url: string, sql: string): Promise<T[]> {
  if (isPostgres(url)) return onPostgres(url, async (client) => (await client.query(sql)).rows as T[]);
  const { module } = loadDriver('auto');
  return new Promise<T[]>((resolve, reject) => {
    const database = new module.Database(url.replace(/^sqlite:/, ''), module.OPEN_READWRITE, (opened) => {
      if (opened) return reject(opened);
      const statement = database.prepare(sql, (failed) => failed && reject(failed));
      statement.all([], (failed, rows) => {
        statement.finalize();
        database.close(() => (failed ? reject(failed) : resolve(rows as T[])));
      });
    });
  });
}

/** Changes a store below the engine, as a crash or a forger would. */
export async function below(url: string, sql: string): Promise<void> {
  if (isPostgres(url)) return onPostgres(url, async (client) => void (await client.query(sql)));
  const { module } = loadDriver('auto');
  await new Promise<void>((resolve, reject) => {
    const database = new module.Database(url.replace(/^sqlite:/, ''), module.OPEN_READWRITE, (opened) => {
      if (opened) return reject(opened);
      database.exec(sql, (failed) => database.close(() => (failed ? reject(failed) : resolve())));
    });
  });
}
