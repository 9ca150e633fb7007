import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import type { ImportRequest } from '../../../server/import/importFile.js';
import { testEngine } from '../../engine/testEngine.js';
import { excerptText, folder, mappingFile, refusal } from './files.js';
import { find, header, lines, rowsOf, run, story } from './importing.js';

// Each test opens engines of its own and takes some hundred steps.
vi.setConfig({ testTimeout: 120_000 });

const files = folder();

describe('a refused row', () => {
  it('is written to the file of all of them with its line, and does not stop its case', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const refused = join(files.path, 'refused.csv');
    const file = rowsOf(files, { name: 'one-bad.csv', cases: ['INC0000047'] }, (line) =>
      line.includes('29/2/2016 05:30') ? line.replace('29/2/2016 05:30', '31/2/2016 05:30') : line,
    );
    const { account } = await run(engine, { file, refused });
    expect(account).toMatchObject({ rowsRefused: 1, whole: 0, records: 1 });
    expect(readFileSync(refused, 'utf8').split('\n')[1]).toMatch(/^3,INC0000047,instant-invalid,,/);
    expect((await find(engine, 'INC0000047'))[0]?.paths).toContain('closed');
  });

  it('by the process is told by its code, event and field', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const file = rowsOf(files, { name: 'too-long.csv', cases: ['INC0000047'] }, (line) => line.replace(/Location \d+/, 'L'.repeat(500)));
    const { account } = await run(engine, { file });
    expect(account.refused.map((kind) => [kind.kind, kind.count])).toEqual([
      ['record-not-made', account.rowsRead - 1],
      ['DATA_INVALID create: location', 1],
    ]);
    expect(account).toMatchObject({ records: 0, steps: 0, rowsApplied: 0 });
    expect(account.rowsRefused).toBe(account.rowsRead);
  });

  it('is every row of a case that comes a second time', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const [one = '', two = ''] = ['INC0000045', 'INC0000047'].map((key) => lines.find((line) => line.startsWith(key)));
    const { account } = await run(engine, { file: files.write('apart.csv', [header, one, two, one, ''].join('\n')) });
    expect(account.refused).toMatchObject([{ kind: 'rows-apart', count: 1, example: expect.stringContaining('line 4') }]);
    expect(account.records).toBe(2);
  });

  it('is one whose case has no name', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const { account } = await run(engine, { file: rowsOf(files, { name: 'unnamed.csv', cases: ['INC0000045'] }, (line) => line.replace('INC0000045', '?')) });
    expect(account).toMatchObject({ records: 0, rowsRefused: 4 });
    expect(account.refused.map((kind) => kind.kind)).toContain('case-unnamed');
  });
});

describe('hostile content', () => {
  it.each([
    ['markup', '<script>alert(1)</script>'],
    ['a formula', '=cmd|A1'],
    ['a word of JavaScript', '__proto__'],
    ['a rule', '{"var":"record.x"}'],
    ['a template', '{{record.number}} {number}'],
    ['SQL', "'; DROP TABLE records; --"],
    ['right-to-left and combining marks', '\u202Eevil\u0301\u{1F600}'],
  ])('%s is taken as the text it is', async (_what, text) => {
    const { engine } = await testEngine({ only: ['incident'] });
    const { account } = await run(engine, {
      file: rowsOf(files, { name: 'hostile.csv', cases: ['INC0000045'] }, (line) => line.replace('Category 55', `"${text.replaceAll('"', '""')}"`)),
    });
    expect(account).toMatchObject({ rowsRefused: 0, records: 1 });
    expect((await find(engine, 'INC0000045'))[0]?.data.category).toBe(text);
  });

  it('that can not be stored is refused with the field', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const { account } = await run(engine, {
      file: rowsOf(files, { name: 'nul.csv', cases: ['INC0000045'] }, (line) => line.replace('Category 55', 'a\u0000b')),
    });
    expect(account.records).toBe(0);
    expect(account.refused.map((kind) => kind.kind).join()).toMatch(/DATA_INVALID create: .*category/);
  });
});

describe('nothing at all has changed after', () => {
  const bad: [string, () => Partial<ImportRequest>, string][] = [
    ['a fault in the last line', () => ({ file: files.write('last.csv', `${excerptText}INC1,New\n`) }), 'IMPORT_FILE_UNREADABLE'],
    ['a gzip stream that was cut', () => ({ file: files.write('cut.csv.gz', gzipSync(excerptText).subarray(0, 4000)) }), 'IMPORT_FILE_UNREADABLE'],
    ['a column too many', () => ({ file: files.write('column.csv', excerptText.replace('caused_by', 'causedby')) }), 'IMPORT_MAPPING_INVALID'],
    [
      'a mapping with an event the process does not have',
      () => ({ mapping: files.write('m1.json', readFileSync(mappingFile, 'utf8').replaceAll('"REOPEN"', '"REOPPEN"')) }),
      'IMPORT_MAPPING_INVALID',
    ],
    [
      'a mapping for a process that does not exist',
      () => ({ mapping: files.write('m2.json', readFileSync(mappingFile, 'utf8').replace('"process": "incident"', '"process": "accident"')) }),
      'IMPORT_MAPPING_INVALID',
    ],
    ['figures to compare with that are no JSON', () => ({ expected: files.write('expected.json', '{') }), 'IMPORT_FILE_UNREADABLE'],
  ];

  it.each(bad)('%s', async (_what, request, code) => {
    const { engine } = await testEngine({ only: ['incident'] });
    const error = await refusal(run(engine, request()));
    expect(error.code).toBe(code);
    expect(await story(engine)).toEqual([]);
    expect(await engine.users()).toEqual([]);
  });

  it('names line and pointer of an event the process does not have', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const error = await refusal(run(engine, bad[3]?.[1]()));
    expect(error.facts.problems).toHaveLength(3);
    expect(error.facts.problems).toContainEqual({
      file: expect.stringContaining('m1.json'),
      pointer: '/steps/0/rules/0/send/0/event',
      line: expect.any(Number),
      message: expect.stringContaining('REOPPEN'),
    });
  });
});
