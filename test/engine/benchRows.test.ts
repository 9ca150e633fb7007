/** What `charter bench` finds out, on a file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { measureEngine } from '../../engine/index.js';

const folder = mkdtempSync(join(tmpdir(), 'charter-bench-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the benchmark on a file', () => {
  it('measures each number of callers beside as many records as asked for, and the limit beside the same', async () => {
    const rows = await measureEngine({ folder, callers: [1, 4], records: [0, 30], rounds: 2, steps: 60 });
    expect(rows.map(({ records, callers }) => [records, callers])).toEqual([
      [0, 1],
      [0, 4],
      [30, 1],
      [30, 4],
    ]);
    for (const row of rows) expect(Math.min(row.steps, row.limit, row.ratio, row.p50, row.p99)).toBeGreaterThan(0);
  });
});
