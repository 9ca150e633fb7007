import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../engine/index.js';
import { draftDifference } from '../../../server/owner/draftDifference.js';
import { formatJson } from '../../../server/owner/formatJson.js';
import { inKeyOrder } from '../../../server/owner/keyOrder.js';
import { FILES, newProcess, templateOf, textsOf } from '../../../server/owner/processFiles.js';
import { incident } from '../drawing/charts.js';

describe('files as text', () => {
  it('says the same as the JSON it was made from, whatever that is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(JSON.parse(formatJson(value as Json)))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('keeps on one line what fits', () => {
    expect(formatJson({ a: [1, 2], b: { c: null } })).toBe('{ "a": [1, 2], "b": { "c": null } }\n');
    expect(formatJson({ a: 'x'.repeat(60), b: 'y'.repeat(60) }).split('\n')).toHaveLength(5);
  });

  it('puts what people look for first, and leaves maps by name in the order of their author', () => {
    expect(Object.keys(inKeyOrder({ states: {}, initial: 'a', id: 'x' }) as object)).toEqual(['id', 'initial', 'states']);
    expect(Object.keys((inKeyOrder({ properties: { zeta: {}, title: {} } }) as { properties: object }).properties)).toEqual(['zeta', 'title']);
  });

  it('names the schema in every file that may name one', () => {
    for (const [name, text] of Object.entries(textsOf(incident))) {
      if (name !== 'messages.json') expect((JSON.parse(text) as { $schema: string }).$schema).toBe(`/schemas/${name}`);
    }
  });

  it('has a template for every file of a process', () => {
    for (const { name } of FILES) expect(() => JSON.parse(templateOf(name, { key: 'errand', title: 'Errand' })) as unknown).not.toThrow();
    expect(Object.keys(newProcess({ key: 'errand', title: 'Errand' }))).toContain('scenarios.json');
  });
});

describe('what a draft changes', () => {
  it('is nothing when the published files are written down again', () => {
    expect(draftDifference(incident, textsOf(incident))).toEqual([]);
  });

  it('is told by the smallest part that differs, with its place', () => {
    const texts = { ...textsOf(incident), 'process.json': JSON.stringify({ ...incident['process.json'], title: 'Disturbance' }) };
    expect(draftDifference(incident, texts)).toEqual([
      { file: 'process.json', pointer: '/title', kind: 'changed', before: 'Incident', after: 'Disturbance', sentence: 'Title was changed.' },
    ]);
  });

  it('tells files that were added or taken out, and leaves out those that cannot be read', () => {
    const { 'messages.json': _gone, ...rest } = textsOf(incident);
    const differences = draftDifference(incident, { ...rest, 'migration.json': '{}', 'rules.json': '{ broken' });
    expect(differences.map(({ file, kind }) => [file, kind])).toEqual([
      ['messages.json', 'removed'],
      ['migration.json', 'added'],
    ]);
  });
});
