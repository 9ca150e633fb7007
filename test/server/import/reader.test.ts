import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inspectSource, limits, readCases, readRows } from '../../../server/import/reader.js';
import type { SourceCase, SourceRow } from '../../../server/import/source.js';
import { excerpt, excerptText, folder, refusal } from './files.js';

const files = folder();

async function rowsOf(file: string): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of readRows(file)) rows.push(row);
  return rows;
}

async function casesOf(file: string): Promise<SourceCase[]> {
  const cases: SourceCase[] = [];
  for await (const source of readCases(file, 'case')) cases.push(source);
  return cases;
}

describe('reading a log', () => {
  it('gives the rows of each case together, with the line each stands on', async () => {
    const file = files.write('plain.csv', 'case,state\nA,New\nA,Closed\nB,New\n');
    const cases = await casesOf(file);
    expect(cases.map((source) => [source.key, source.rows.map((row) => [row.line, row.cells.state])])).toEqual([
      [
        'A',
        [
          [2, 'New'],
          [3, 'Closed'],
        ],
      ],
      ['B', [[4, 'New']]],
    ]);
  });

  it('reads a gzipped file as it is', async () => {
    const plain = await rowsOf(excerpt);
    const zipped = await rowsOf(files.write('excerpt.csv.gz', gzipSync(excerptText)));
    expect(zipped).toEqual(plain);
    expect(plain).toHaveLength(235);
  });

  it('reads quoted cells with commas, quotes and line ends, a byte order mark and Windows line ends', async () => {
    const rows = await rowsOf(files.write('quoted.csv', '\uFEFFcase,text\r\nA,"a, ""b""\r\nc"\r\nB,ü\r\n'));
    expect(rows.map((row) => [row.cells.case, row.cells.text])).toEqual([
      ['A', 'a, "b"\r\nc'],
      ['B', 'ü'],
    ]);
    expect(rows.map((row) => row.line)).toEqual([2, 4]);
  });

  it('takes columns named like parts of objects for nothing but columns', async () => {
    const [row] = await rowsOf(files.write('proto.csv', 'case,__proto__,constructor\nA,x,y\n'));
    expect(Object.entries(row?.cells ?? {})).toContainEqual(['__proto__', 'x']);
    expect(row?.cells.constructor).toBe('y');
    expect(row?.cells.toString).toBeUndefined();
  });

  it('gives a case that comes again later once more, for the import to refuse', async () => {
    expect((await casesOf(files.write('apart.csv', 'case\nA\nB\nA\n'))).map((source) => source.key)).toEqual(['A', 'B', 'A']);
  });

  it('counts the rows of the whole file before anything is done with them', async () => {
    const headers: (readonly string[])[] = [];
    const summary = await inspectSource(excerpt, { header: (columns) => void headers.push(columns), row: () => undefined });
    expect(summary.rows).toBe(235);
    expect(headers[0]?.slice(0, 2)).toEqual(['number', 'incident_state']);
  });
});

describe('a log that can not be read is refused with the place', () => {
  const whole = gzipSync(`case,text\n${'A,some text that is long enough to fill more than one block\n'.repeat(5000)}`);
  const flipped = Uint8Array.from(whole, (byte, index) => (index === Math.floor(whole.length / 2) ? byte ^ 0xff : byte));

  it.each([
    ['a row with too few cells', 'case,a,b\nA,1,2\nA,1\n', { line: 3, column: 'b' }],
    ['a row with too many cells', 'case,a\nA,1,2\n', { line: 2 }],
    ['a quote that is never closed', 'case,a\nA,"1\nB,2\n', {}],
    ['a quote in the middle of a cell', 'case,a\nA,1"2\n', { line: 2 }],
    ['a column that is there twice', 'case,a,a\nA,1,2\n', { line: 1, column: 3 }],
    ['a column without a name', 'case,,a\nA,1,2\n', { line: 1, column: 2 }],
    ['nothing at all', '', { line: 1 }],
    ['bytes that are not UTF-8', new Uint8Array([...Buffer.from('case,a\nA,1\nB,'), 0xe4, 0x0a]), { line: 3 }],
    ['a gzip stream that ends too early', whole.subarray(0, whole.length - 200), { reason: 'the gzip stream ends too early' }],
    ['a gzip stream that is damaged', flipped, { reason: 'the gzip stream is damaged' }],
    ['a row beyond all measure', `case,a\nA,"${'x'.repeat(limits.rowBytes + 10)}"\n`, { line: 2 }],
  ])('%s', async (_what, content, facts) => {
    const error = await refusal(rowsOf(files.write('bad.csv', content)));
    expect(error.code).toBe('IMPORT_FILE_UNREADABLE');
    expect(error.facts).toMatchObject({ file: expect.stringContaining('bad.csv'), reason: expect.any(String), ...facts });
  });

  it.each([
    ['a file that is not there', 'none.csv'],
    ['a folder', '.'],
  ])('%s', async (_what, name) => {
    const error = await refusal(rowsOf(`${files.path}/${name}`));
    expect(error.code).toBe('IMPORT_FILE_UNREADABLE');
    expect(error.facts.reason).toMatch(/no such file|folder/);
  });
});
