/** Brings a store to the schema of a version that is to come, and may be killed in the middle of it. */
import { sideOf } from '../../engine/store/copy/sides.js';
import { migrate } from '../../engine/store/migrate.js';
import { migrations } from '../../engine/store/migrations/index.js';

/** Copies the whole history, and changes a table that is there. */
const script = `
  CREATE TABLE next_version (record TEXT NOT NULL, sequence BIGINT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (record, sequence));
  INSERT INTO next_version (record, sequence, text) SELECT record, sequence, text FROM history;
  ALTER TABLE meta ADD COLUMN note TEXT;`;

const [url] = process.argv.slice(2);
if (url) {
  const { connection, dialect, path, close } = await sideOf(url, undefined);
  await migrate({ connection, dialect, path, known: [...migrations, { name: '9999-next', sqlite: script, postgres: script }] });
  const [count] = await connection.all<{ n: number }>('SELECT count(*) AS n FROM next_version');
  process.stdout.write(`migrated ${count?.n}\n`);
  await close();
}
