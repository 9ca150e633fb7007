/** A connection to PostgreSQL in the shape the store uses: `?` for parameters, rows as plain objects, calls one after another. */
import type { Client, CustomTypesConfig } from 'pg';
import { every } from '../../clock.js';
import type { SqlRow, SqlValue } from '../driver/contract.js';
import { createStatements, type Statements } from './statements.js';

/** What is used of the driver's client. Sequelize opens it, says which of its pools it is for, and marks it when it breaks. */
export type PgClient = Pick<Client, 'query' | 'on' | 'connection'> & { readonly queryType?: 'read' | 'write'; _invalid?: boolean };

/** Those of all that are not the writer's. */
const readersStatements = createStatements(3);

/** int2, int4, int8, float8. Instants, counts and keys are 64-bit integers, which the driver would give as text; all of ours are below 2^53. */
const numbers = new Set([21, 23, 20, 701]);
const BOOLEAN = 16;
const truth = (text: string): boolean => text === 't';
const same = (text: string): string => text;

const types: CustomTypesConfig = {
  getTypeParser: (oid: number) => (numbers.has(oid) ? Number : oid === BOOLEAN ? truth : same),
};

/** Runs a statement; resolves with its rows and how many rows it changed. */
export async function ask<T = SqlRow>(
  client: PgClient,
  sql: string,
  params: readonly SqlValue[] = [],
  statements: Statements = readersStatements,
): Promise<{ rows: T[]; changes: number }> {
  const { text, name } = statements(sql);
  const { rows, rowCount } = await client.query({ text, values: [...params], types, ...(name === null ? {} : { name }) });
  return { rows: rows as T[], changes: rowCount ?? 0 };
}

/** As the network would: what is under way fails, and whoever listens is told. It says nothing to the server, who may not hear. */
export const cut = (client: PgClient): void => void client.connection.stream.destroy();

/** Carries out `work`, and cuts the connection if that is not done in time. */
export async function within<T>(client: PgClient, ms: number, work: () => Promise<T>): Promise<T> {
  const stop = every(ms, () => cut(client));
  try {
    return await work();
  } finally {
    stop();
  }
}
