/** Query plans of the lists, as SQLite gives them for the very statements the store sends. */
import { openDatabase, type Reader } from '../../../engine/store/database.js';
import { sqlite } from '../../../engine/store/dialect/sqlite.js';
import { loadDriver } from '../../../engine/store/driver/load.js';
import { listRecords } from '../../../engine/store/reading/list.js';
import type { RecordQuery } from '../../../engine/store/types.js';
import { everything } from './sampleSteps.js';

const place = (order: string, value: string | number): string => Buffer.from(JSON.stringify([order, value, 'record-000500'])).toString('base64url');

const queries: Readonly<Record<string, Partial<RecordQuery>>> = {
  created: {},
  'created, later page': { cursor: place('created desc', 1_700_000_050_000) },
  updated: { sort: 'updated' },
  due: { sort: 'due', cursor: place('due asc', 5) },
  priority: { sort: 'priority', cursor: place('priority asc', '3') },
  title: { sort: 'title', cursor: place('title asc', 'title 5') },
  number: { sort: 'number', cursor: place('number asc', 'INC-000000000500') },
  process: { processes: ['incident'], cursor: place('created desc', 1_700_000_050_000) },
  'process and status': { processes: ['incident'], status: 'done', cursor: place('created desc', 1_700_000_050_000) },
};

/** The plan of the page of keys, by name of the query. */
export async function plans(file: string): Promise<[string, string][]> {
  const database = await openDatabase(file, loadDriver('auto'));
  const found: [string, string][] = [];
  for (const [name, query] of Object.entries(queries)) {
    const explaining: Reader = {
      async all<T>(sql: string, params?: readonly (string | number | null | Uint8Array)[]): Promise<T[]> {
        if (sql.includes('page.sort') && !found.some(([known]) => known === name)) {
          const inner = /FROM \((SELECT r\.key.*?LIMIT \?)\) page/s.exec(sql)?.[1] ?? sql;
          const steps = await database.reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${inner}`, params);
          found.push([name, steps.map((step) => step.detail).join('\n')]);
        }
        return database.reader.all<T>(sql, params);
      },
    };
    await listRecords(explaining, sqlite, { limit: 50, scope: everything, ...query });
  }
  await database.close();
  return found;
}
