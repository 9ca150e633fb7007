/** A connection to PostgreSQL in the shape the store uses: `?` for parameters, rows as plain objects, calls one after another. */
import type { Client, CustomTypesConfig } from 'pg';
import { every } from '../../clock.js';
import type { SqlRow, SqlValue } from '../driver/contract.js';

/** What is used of the driver's client. Sequelize opens it, says which of its pools it is for, and marks it when it breaks. */
export type PgClient = Pick<Client, 'query' | 'on' | 'connection'> & { readonly queryType?: 'read' | 'write'; _invalid?: boolean };

/** Statements each connection keeps prepared; lists have many shapes, and PostgreSQL keeps every one of them. */
const keptStatements = 200;

/** A plan that is kept is one for any record, and locks the partitions of all months, also of one whose files are being moved. */
const plannedAnew = /\bFROM history\b/;

const names = new Map<string, { readonly text: string; readonly name: string | null }>();

/** `?` becomes `$1`, `$2`, …: no text of ours has a question mark of its own. */
function numbered(sql: string): { readonly text: string; readonly name: string | null } {
  const known = names.get(sql);
  if (known) {
    return known;
  }
  let place = 0;
  const text = sql.replace(/\?/g, () => `$${(place += 1)}`);
  const made = { text, name: names.size < keptStatements && !plannedAnew.test(sql) ? `charter_${names.size}` : null };
  if (made.name !== null) {
    names.set(sql, made);
  }
  return made;
}

/** int2, int4, int8, float8. Instants, counts and keys are 64-bit integers, which the driver would give as text; all of ours are below 2^53. */
const numbers = new Set([21, 23, 20, 701]);
const BOOLEAN = 16;
const truth = (text: string): boolean => text === 't';
const same = (text: string): string => text;

const types: CustomTypesConfig = {
  getTypeParser: (oid: number) => (numbers.has(oid) ? Number : oid === BOOLEAN ? truth : same),
};

/** Runs a statement; resolves with its rows and how many rows it changed. */
export async function ask<T = SqlRow>(client: PgClient, sql: string, params: readonly SqlValue[] = []): Promise<{ rows: T[]; changes: number }> {
  const { text, name } = numbered(sql);
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
