import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Reader } from '../../engine/store/database.js';
import { type HeldConnection, holdConnection } from '../../engine/store/postgres/held.js';
import { createPool } from '../../engine/store/postgres/pool.js';
import { primaryReader } from '../../engine/store/postgres/readers.js';
import { createStatements } from '../../engine/store/postgres/statements.js';
import { newDatabase } from '../databases.js';

/** Reads over one connection, so that what it keeps can be seen. */
let reader: Reader;
let writer: HeldConnection;
beforeEach(async () => {
  const { url, drop } = await newDatabase('');
  const pool = createPool({ url, replicas: [], most: 2 });
  writer = await holdConnection(pool);
  onTestFinished(async () => {
    await writer.close();
    await pool.close();
    await drop();
  });
  reader = primaryReader(pool, createStatements(3));
});

const kept = async (on: Reader): Promise<readonly string[]> =>
  (await on.all<{ statement: string }>('SELECT statement FROM pg_prepared_statements')).map(({ statement }) => statement);
const shape = (place: number): string => `SELECT ${place} AS shape`;
async function read(shapes: number, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) for (let place = 0; place < shapes; place += 1) await reader.all(shape(place));
}

describe('statements that PostgreSQL keeps prepared', () => {
  it('are those that come again, however many came before them', async () => {
    await read(300, 1);
    for (let time = 0; time < 5; time += 1) await reader.all('SELECT 7 AS often');
    expect(await kept(reader)).toContain('SELECT 7 AS often');
    expect(await kept(reader)).not.toContain(shape(0));
  });

  it('are not without number', async () => {
    await read(300, 5);
    const statements = await kept(reader);
    expect(statements.length).toBeGreaterThan(100);
    expect(statements.length).toBeLessThanOrEqual(200);
  });

  it("are the writer's from the first time on, whatever is read", async () => {
    await read(300, 5);
    await writer.all('SELECT 8 AS written');
    expect(await kept(writer)).toContain('SELECT 8 AS written');
  });

  it('are found also after very many that came once', () => {
    const statements = createStatements(3);
    for (let place = 0; place < 5_000; place += 1) expect(statements(shape(place)).name).toBe(null);
    expect([1, 2, 3, 4].map(() => statements('SELECT ? AS often').name !== null)).toEqual([false, false, true, true]);
    expect(statements('SELECT ? AS often').text).toBe('SELECT $1 AS often');
  });
});
