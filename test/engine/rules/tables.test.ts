import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, TableFile } from '../../../engine/definitions/authored.js';
import { checkTable } from '../../../engine/rules/index.js';
import { cellFits, lookUp } from '../../../engine/rules/tables.js';
import { evaluated } from './facts.js';

const table = (rows: TableFile['rows'], more: Partial<TableFile> = {}): TableFile => ({
  kind: 'table',
  inputs: [
    { name: 'cost', type: 'number' },
    { name: 'kind', type: 'string', values: ['new', 'repair'] },
  ],
  output: { name: 'level', type: 'string' },
  rows,
  ...more,
});
const steps = table([
  { when: [{ max: 99 }, 'repair'], then: 'none' },
  { when: [{ max: 99 }, null], then: 'manager' },
  { when: [{ min: 100, max: 1000 }, ['new', 'repair']], then: 'director' },
  { when: [{ min: 1001 }, null], then: 'board' },
]);

describe('a decision table', () => {
  it('gives what the first row that fits says', () => {
    expect([
      lookUp(steps, [50, 'repair']),
      lookUp(steps, [50, 'new']),
      lookUp(steps, [100, 'new']),
      lookUp(steps, [1000, 'new']),
      lookUp(steps, [5000, 'repair']),
    ]).toEqual(['none', 'manager', 'director', 'director', 'board']);
  });
  it('gives its default, or nothing, when no row fits', () => {
    expect(lookUp(table([]), [1, 'new'])).toBeNull();
    expect(lookUp(table([], { default: 'board' }), [1, 'new'])).toBe('board');
  });
  it('takes values of the very type only, and nothing for an absent one but "any"', () => {
    expect([
      cellFits(1, '1'),
      cellFits({ min: 0 }, null),
      cellFits({ min: 0 }, '5'),
      cellFits(null, null),
      cellFits(['a', 'b'], 'a'),
      cellFits([], 'a'),
    ]).toEqual([false, false, false, true, true, false]);
  });
  it('gives an object of its own', () => {
    const first = evaluated({ table: ['priority', 'high', 'high'] });
    expect(first).toBe(1);
  });
  it('without gap or unreached row is clean', () => expect(checkTable(steps)).toEqual([]));
});

describe('gaps and unreached rows', () => {
  const codes = (rows: TableFile['rows'], more: Partial<TableFile> = {}) => checkTable(table(rows, more)).map((one) => `${one.code} ${one.pointer}`);
  it('are found between ranges', () =>
    expect(
      codes([
        { when: [{ max: 10 }, null], then: 'a' },
        { when: [{ min: 20 }, null], then: 'b' },
      ]),
    ).toEqual(['TABLE_GAP /rows']));
  it('are not seen between neighbouring whole numbers', () =>
    expect(
      codes([
        { when: [{ max: 10 }, null], then: 'a' },
        { when: [{ min: 11 }, null], then: 'b' },
      ]),
    ).toEqual([]));
  it('are seen behind several rows that cover one together', () =>
    expect(
      codes([
        { when: [null, 'new'], then: 'a' },
        { when: [null, 'repair'], then: 'b' },
        { when: [{ min: 5 }, null], then: 'c' },
      ]),
    ).toEqual(['TABLE_ROW_UNREACHED /rows/2']));
  it('agree with a search through all values', () => {
    const values = ['a', 'b', 'c'];
    const cell = fc.oneof(fc.constant(null), fc.constantFrom<Json>(...values), fc.subarray(values, { minLength: 1 }));
    const rows = fc.array(fc.record({ when: fc.tuple(cell, cell), then: fc.constantFrom(1, 2) }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(rows, (some) => {
        const input = { type: 'string', values } as const;
        const sample: TableFile = {
          kind: 'table',
          inputs: [
            { name: 'x', ...input },
            { name: 'y', ...input },
          ],
          output: { name: 'z', type: 'number' },
          rows: some,
        };
        const all = values.flatMap((x) => values.map((y) => [x, y]));
        const gap = all.some((pair) => lookUp(sample, pair) === null);
        const hits = all.map((pair) => some.findIndex((row) => row.when.every((one, index) => cellFits(one, pair[index] ?? null))));
        const expected = [
          ...(gap ? ['TABLE_GAP /rows'] : []),
          ...[...some.keys()].filter((index) => !hits.includes(index)).map((index) => `TABLE_ROW_UNREACHED /rows/${index}`),
        ];
        expect(checkTable(sample).map((one) => `${one.code} ${one.pointer}`)).toEqual(expected);
      }),
    );
  });
});
