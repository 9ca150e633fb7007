import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EngineError } from '../../../engine/index.js';
import { loadMapping, parseMapping } from '../../../server/import/mapping.js';
import type { MappingProblem } from '../../../server/import/mappingText.js';
import { excerptText, folder, mappingFile, refusal } from './files.js';

const text = readFileSync(mappingFile, 'utf8');
const columns = (excerptText.split('\n')[0] ?? '').split(',');
const files = folder();

/** Problems of the shipped mapping once each of these places holds something else; undefined takes it away. */
function problemsOf(changes: { readonly [pointer: string]: unknown }): readonly MappingProblem[] {
  const mapping = JSON.parse(text);
  for (const [pointer, value] of Object.entries(changes)) {
    const keys = pointer.split('/').slice(1);
    const last = keys.pop() ?? '';
    let place = mapping;
    for (const key of keys) place = place[key];
    place[last] = value;
  }
  return problemsOfText(JSON.stringify(mapping, null, 2));
}

function problemsOfText(spoilt: string): readonly MappingProblem[] {
  try {
    parseMapping('m.json', spoilt).bind(columns);
  } catch (error) {
    return (error as EngineError).facts.problems as MappingProblem[];
  }
  return [];
}

describe('a mapping', () => {
  it('of the incident log is sound and speaks of every column of the file', async () => {
    const mapping = await loadMapping(mappingFile);
    expect(() => mapping.bind(columns)).not.toThrow();
    expect(mapping.isUnknown('?')).toBe(true);
    expect(mapping.isUnknown('')).toBe(true);
  });

  it('never reads a column that looks ahead to replay', async () => {
    const { tracked } = await loadMapping(mappingFile);
    for (const column of ['resolved_at', 'closed_at', 'closed_code', 'resolved_by']) expect(tracked).not.toContain(column);
  });

  it.each<[string, { readonly [pointer: string]: unknown }, string?]>([
    ['an unknown key', { '/process2': 'x' }],
    ['a part that is missing', { '/at': undefined }, ''],
    ['a wrong type', { '/steps': {} }],
    ['a transform that does not exist', { '/create/data/team/as': 'teem' }],
    ['an event of the engine', { '/steps/0/rules/0/send/0/event': 'clock.resolution.breached' }],
    ['a wildcard', { '/steps/0/rules/0/send/0/event': '*' }],
    ['a table that does not exist', { '/create/data/impact/table': 'levels' }],
    ['a label that does not exist', { '/create/state': 'Nwe' }],
    ['a label of a rule that does not exist', { '/steps/0/rules/0/when/to/0': 'Actve' }],
    ['a time zone that does not exist', { '/time/zone': 'Mars/Base' }],
    ['a format without a year', { '/time/format': 'D/M HH:mm' }],
    ['a column that the file does not have', { '/at': 'sys_updated' }],
    ['a column that is used and ignored', { '/ignore/number': 'not needed' }],
    ['a person from a column that names none', { '/create/data/assignee': { column: 'location', as: 'person' } }, '/create/data/assignee/as'],
  ])('is refused for %s', (_what, changes, pointer = Object.keys(changes)[0]) => {
    const problems = problemsOf(changes);
    expect(problems.map((problem) => problem.pointer)).toContain(pointer);
    expect(problems.every((problem) => problem.file === 'm.json' && problem.line > 0 && problem.message !== '')).toBe(true);
  });

  it('is refused for a column of the file that it passes over in silence', () => {
    const problems = problemsOf({ '/ignore/closed_code': undefined });
    expect(problems.map((problem) => problem.message).join()).toContain('"closed_code" is neither used nor ignored');
  });

  it('tells all its problems at once, each with its line', () => {
    const problems = problemsOf({ '/time/zone': 'Nowhere', '/create/state': 'Nwe' });
    expect(problems).toHaveLength(2);
    expect(new Set(problems.map((problem) => problem.line)).size).toBe(2);
  });

  it.each([
    ['that is not JSON', '{\n  "process": incident\n}', 2],
    ['with a comment', '{\n  // no\n}', 2],
    ['with a key twice', '{\n  "process": "a",\n  "process": "b"\n}', 3],
    ['that is empty', '', 1],
    ['that nests without end', '['.repeat(500_000), 1],
    ['that is longer than any mapping', `"${'x'.repeat(1_100_000)}"`, 1],
    ['that is no object', '[]', 1],
    ['with a key that is part of every object', '{\n  "__proto__": {}\n}', 1],
  ])('%s is refused with the line', (_what, spoilt, line) => {
    expect(problemsOfText(spoilt)[0]).toMatchObject({ file: 'm.json', line });
  });

  it('that is not there, or not UTF-8, is refused by name', async () => {
    for (const file of [`${files.path}/none.json`, files.write('latin.json', new Uint8Array([0x7b, 0xe4, 0x7d]))]) {
      const error = await refusal(loadMapping(file));
      expect(error.code).toBe('IMPORT_MAPPING_INVALID');
      expect((error.facts.problems as MappingProblem[])[0]).toMatchObject({ file, line: 1 });
    }
  });
});
