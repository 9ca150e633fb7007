import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import type { PolicyFile, ProcessFiles, SharedRules } from '../../../engine/definitions/authored.js';
import { closeOver, parseVersion, referenceVersion } from '../../../engine/definitions/index.js';
import { EngineError } from '../../../engine/errors.js';

const table = {
  kind: 'table',
  inputs: [{ name: 'impact', type: 'string' }],
  output: { name: 'p', type: 'string' },
  rows: [],
  default: 'P3',
} as unknown as PolicyFile;
const list = { kind: 'list', entries: [{ id: 'x', title: 'X' }] } as unknown as PolicyFile;
const messages = { kind: 'messages', messages: { assigned: 'Yours' } } as unknown as PolicyFile;
const shared: SharedRules = {
  policy: { priority: table, reasons: list, texts: messages, unused: table },
  reference: { support: { kind: 'calendar', zone: 'UTC', week: {} } },
};
const chart = { initial: 'z', states: { z: { on: { GO: 'a' } }, a: {} } } as const;
const files = (more: object = {}): ProcessFiles => ({ 'statechart.json': chart, ...more }) as ProcessFiles;

describe('a definition version', () => {
  it('is the SHA-256 of its canonical text', () => {
    const version = closeOver('example', files(), shared);
    expect(version.hash).toBe(createHash('sha256').update(version.text).digest('hex'));
    expect(canonicalize(JSON.parse(version.text))).toBe(version.text);
  });

  it('holds the policy files it uses and no other', () => {
    const uses = files({
      'rules.json': { guards: { g: { '===': [{ table: ['priority', 'x'] }, 'P1'] } } },
      'form.json': { type: 'object', properties: { why: { type: 'string', 'x-charter': { choices: 'reasons' } } } },
      'statechart.json': { ...chart, entry: { type: 'notify', params: { to: 'role:auditor', message: 'assigned' } } },
    });
    expect(Object.keys(closeOver('example', uses, shared).policy)).toEqual(['priority', 'reasons', 'texts']);
    expect(Object.keys(closeOver('example', files(), shared).policy)).toEqual([]);
  });

  it('changes with a policy file it uses, and not with one it does not', () => {
    const uses = files({ 'rules.json': { guards: { g: { table: ['priority', 'x'] } } } });
    const other = { ...shared, policy: { ...shared.policy, priority: { ...table, default: 'P4' } as PolicyFile } };
    expect(closeOver('example', uses, shared).hash).not.toBe(closeOver('example', uses, other).hash);
    const unused = { ...shared, policy: { ...shared.policy, unused: list } };
    expect(closeOver('example', uses, shared).hash).toBe(closeOver('example', uses, unused).hash);
  });

  it('is the same whatever $schema says and however keys without meaning are ordered', () => {
    const one = files({ 'process.json': { title: 'A', plural: 'As' } });
    const other = files({ 'process.json': { $schema: '/schemas/process.json', plural: 'As', title: 'A' } });
    expect(closeOver('example', one, shared).hash).toBe(closeOver('example', other, shared).hash);
  });

  it('keeps the order of states, fields and values, which means something', () => {
    const text = closeOver(
      'example',
      files({ 'form.json': { type: 'object', properties: { z: { type: 'string' }, a: { type: 'string' } } }, 'rules.json': { values: { z: 1, b: 2, a: 3 } } }),
      shared,
    ).text;
    const version = parseVersion(text);
    expect(Object.keys(version.files['statechart.json'].states ?? {})).toEqual(['z', 'a']);
    expect(Object.keys(version.files['form.json']?.properties ?? {})).toEqual(['z', 'a']);
    expect(Object.keys(version.files['rules.json']?.values ?? {})).toEqual(['z', 'b', 'a']);
    const turned = closeOver('example', files({ 'statechart.json': { initial: 'z', states: { a: {}, z: { on: { GO: 'a' } } } } }), shared);
    expect(turned.hash).not.toBe(closeOver('example', files(), shared).hash);
  });

  it('comes back from its text as it was, frozen through and through', () => {
    const version = closeOver('example', files({ 'messages.json': { b: 'B', a: { subject: 's', text: 't' } } }), shared);
    expect(parseVersion(version.text)).toEqual(version);
    expect(Object.isFrozen(version.files['statechart.json'].states?.z?.on)).toBe(true);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"key":"x"}',
    '{"key":1,"files":{"statechart.json":{}},"policy":{},"order":{}}',
    '{"key":"x","files":{"statechart.json":{}},"policy":{},"order":{"/files/none":["a"]}}',
  ])('refuses a text that is none: %s', (text) => {
    expect(() => parseVersion(text)).toThrow(EngineError);
  });

  it('hashes the reference rules by themselves', () => {
    const { hash, text } = referenceVersion(shared);
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['support']);
  });
});
