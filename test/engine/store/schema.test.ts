import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../engine/store/database.js';
import { loadDriver } from '../../../engine/store/driver/load.js';
import { migrate } from '../../../engine/store/migrate.js';
import { migrations } from '../../../engine/store/migrations/index.js';
import { createTestStore, type TestStore } from './testStore.js';

let test: TestStore;
beforeEach(async () => void (test = await createTestStore()));
afterEach(() => test.drop());

async function withDatabase<T>(work: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>): Promise<T> {
  const database = await openDatabase(test.file, loadDriver('auto'));
  return work(database).finally(() => database.close());
}

describe('the schema', () => {
  it('is what was released', async () => {
    const rows = await withDatabase(({ reader }) =>
      reader.all<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'search_index_%' ORDER BY type, name"),
    );
    await expect(rows.map((row) => `${row.sql};`).join('\n\n')).toMatchFileSnapshot('schema.sql');
  });

  it('stays as it is when migrated again', async () => {
    await withDatabase(async ({ writer }) => {
      await migrate({ connection: writer, dialect: 'sqlite', path: test.file });
      expect(await writer.all('SELECT name FROM schema_migrations')).toEqual(migrations.map(({ name }) => ({ name })));
    });
  });

  it('applies what is missing, and takes back whole what fails in the middle', async () => {
    const good = { name: '8888-good', sqlite: 'CREATE TABLE good (a TEXT) STRICT;', postgres: '' };
    const bad = { name: '9999-bad', sqlite: 'CREATE TABLE half (a TEXT) STRICT; CREATE TABLE good (a TEXT);', postgres: '' };
    await withDatabase(async ({ writer }) => {
      await expect(migrate({ connection: writer, dialect: 'sqlite', path: test.file, known: [...migrations, good, bad] })).rejects.toThrow(
        /good already exists/,
      );
      const tables = await writer.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE name IN ('good', 'half')");
      expect(tables).toEqual([{ name: 'good' }]);
      expect((await writer.all<{ name: string }>('SELECT name FROM schema_migrations')).map((row) => row.name)).toEqual([
        ...migrations.map(({ name }) => name),
        '8888-good',
      ]);
    });
  });
});
