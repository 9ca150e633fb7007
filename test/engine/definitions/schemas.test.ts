import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../engine/definitions/authored.js';
import { publishedSchemas } from '../../../engine/definitions/index.js';
import { operators } from '../../../engine/rules/index.js';

const names = ['statechart', 'rules', 'form', 'process', 'scenarios', 'messages', 'migration', 'table', 'list', 'roles', 'messageSet', 'calendar'];

describe('the published schemas', () => {
  it('are there for every kind of file', () => {
    expect([...publishedSchemas().keys()]).toEqual(expect.arrayContaining(names));
  });

  it.each(names)('%s: is a schema of 2020-12 that other validators compile, and takes its own examples', (name) => {
    const schema = publishedSchemas().get(name) as JsonObject;
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `/schemas/${name}.json` });
    const validate = new Ajv2020({ strict: false }).compile({ ...schema, $id: 'https://example.org/x' });
    for (const example of (schema.examples ?? []) as readonly JsonObject[]) {
      expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
      expect(validate({ ...example, $schema: `/schemas/${name}.json` })).toBe(true);
      if (name !== 'messages') expect(validate({ ...example, surprise: 1 })).toBe(false);
    }
  });

  it('say the same of what several of them have', () => {
    const seen = new Map<string, string>();
    for (const schema of publishedSchemas().values()) {
      for (const part of ['rule', 'action', 'delay', 'form', 'formField']) {
        const text = JSON.stringify((schema.$defs as JsonObject | undefined)?.[part]);
        if (text !== undefined) expect(text).toBe(seen.get(part) ?? text);
        if (text !== undefined) seen.set(part, text);
      }
    }
    expect(seen.size).toBe(5);
  });

  it('name every operator of the rules', () => {
    const rules = publishedSchemas().get('rules') as unknown as { $defs: { rule: { properties: object } } };
    const { rule } = rules.$defs;
    expect(Object.keys(rule.properties).sort()).toEqual(Object.keys(operators).sort());
  });
});
