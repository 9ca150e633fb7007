import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAccount, type RefusedRow } from '../../../server/import/account.js';
import { createProgress } from '../../../server/import/progress.js';
import { openRefusedFile } from '../../../server/import/refusedFile.js';
import { folder } from './files.js';

const files = folder();
const row = (part: Partial<RefusedRow>): RefusedRow => ({ line: 2, case: 'A', kind: 'k', event: 'RESOLVE', reason: 'why', ...part });

describe('the account', () => {
  it('adds every row to one of three sums', () => {
    const account = createAccount();
    for (const outcome of ['applied', 'unchanged', 'refused', 'applied'] as const) account.row(outcome);
    expect(account.figures()).toMatchObject({ rowsRead: 4, rowsApplied: 2, unchanged: 1, rowsRefused: 1 });
  });

  it('gives each kind of refusal its count and its first example, the commonest first', () => {
    const account = createAccount();
    for (const part of [
      { kind: 'a', line: 5 },
      { kind: 'b', line: 6 },
      { kind: 'b', line: 7 },
    ])
      account.refuse(row(part));
    expect(account.figures().refused).toEqual([
      { kind: 'b', count: 2, example: 'line 6, A: why' },
      { kind: 'a', count: 1, example: 'line 5, A: why' },
    ]);
  });

  it('stays small when a file makes up ever new kinds', () => {
    const account = createAccount();
    for (let index = 0; index < 2_000; index += 1) account.refuse(row({ kind: `kind ${index}` }));
    const { refused } = account.figures();
    expect(refused.length).toBeLessThan(600);
    expect(refused.reduce((sum, kind) => sum + kind.count, 0)).toBe(2_000);
  });
});

describe('the file of refused rows', () => {
  it('holds all of them, and nothing that a spreadsheet would run', async () => {
    const path = `${files.path}/refused.csv`;
    const file = openRefusedFile(path);
    file.write(row({ line: 9, case: '=HYPERLINK("http://x")', reason: 'a, "b"' }));
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('line,case,kind,event,reason\n9,"\'=HYPERLINK(""http://x"")",k,RESOLVE,"a, ""b"""\n');
  });

  it('that can not be written is told', async () => {
    const file = openRefusedFile(`${files.path}/none/refused.csv`);
    file.write(row({}));
    await expect(file.close()).rejects.toThrow(/ENOENT/);
  });
});

describe('progress', () => {
  it('is written now and then, with the rate and an estimate', () => {
    let now = 0;
    const lines: string[] = [];
    const progress = createProgress({ write: (text) => lines.push(text) }, 1000, () => now);
    now = 1_000;
    progress.tell(50);
    now = 5_000;
    progress.tell(250);
    progress.end();
    expect(lines).toEqual(['250 of 1000 rows (25 %), 50 rows/s, about 15 s left\n']);
  });
});
