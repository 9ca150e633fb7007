import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { measureEngine } from '../../engine/index.js';
import { newDatabase } from '../databases.js';

it('the benchmark measures PostgreSQL beside its own limit, with records that were there before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-bench-'));
  const database = await newDatabase('');
  onTestFinished(async () => {
    await database.drop();
    rmSync(folder, { recursive: true });
  });
  const [row] = await measureEngine({ folder, databaseUrl: database.url, callers: [4], records: [50], rounds: 1, steps: 40 });
  expect(row).toMatchObject({ store: 'pg', callers: 4, records: 50 });
  for (const name of ['steps', 'limit', 'ratio', 'p50', 'p99', 'bytesPerStep', 'rssMiB'] as const) expect(row?.[name], name).toBeGreaterThan(0);
});
