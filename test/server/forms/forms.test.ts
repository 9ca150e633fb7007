import { describe, expect, it } from 'vitest';
import type { AskedField, FieldSchema, Json } from '../../../engine/index.js';
import { readDuration, tellDuration } from '../../../server/forms/duration.js';
import { readFields } from '../../../server/forms/readFields.js';
import { schemaField } from '../../../server/forms/schemaField.js';
import { FormBody } from '../../../server/web/formBody.js';

const nobody = { zone: 'Europe/Berlin', findRecord: async () => null, findPrincipal: async (_kind: string, text: string) => (text === 'ada' ? 'ada' : null) };
const asked = (field: string, schema: FieldSchema, value: Json | null = null): AskedField => ({ field, required: false, schema, value, choices: null });
const form = (values: Record<string, string | string[]>): FormBody =>
  new FormBody(new Map(Object.entries(values).map(([name, value]) => [`f.${name}`, Array.isArray(value) ? value : [value]])));
const read = (fields: readonly AskedField[], values: Record<string, string | string[]>) => readFields(fields, form(values), nobody);
const references = { users: [], teams: [], records: new Map(), named: new Map() };
const draw = (field: AskedField, typed: FormBody | null = null) =>
  schemaField(field, { references, zone: 'Europe/Berlin', typed, errors: new Map(), prefix: 'field-' });

describe('reading a form of a process', () => {
  it('gives typed JSON, not texts', async () => {
    const fields = [
      asked('n', { type: 'integer' }),
      asked('x', { type: 'number' }),
      asked('b', { type: 'boolean' }),
      asked('c', { type: 'integer', oneOf: [{ const: 1, title: 'One' }] }),
      asked('t', { type: 'string' }),
    ];
    const { data, problems } = await read(fields, { n: '12', x: '1,5', b: ['false', 'true'], c: '1', t: ' words ' });
    expect(problems).toEqual([]);
    expect(data).toEqual({ n: 12, x: 1.5, b: true, c: 1, t: 'words' });
  });

  it('reads an instant in the zone of the reader, across the change of the clocks', async () => {
    const at = asked('at', { type: 'string', format: 'date-time' });
    expect((await read([at], { at: '2026-07-01T09:00' })).data).toEqual({ at: '2026-07-01T07:00:00.000Z' });
    expect((await read([at], { at: '2026-12-01T09:00' })).data).toEqual({ at: '2026-12-01T08:00:00.000Z' });
  });

  it('names the field for what can not be read, in words', async () => {
    const fields = [
      asked('n', { type: 'integer' }),
      asked('d', { type: 'string', format: 'date' }),
      asked('l', { type: 'string', format: 'duration' }),
      asked('who', { type: 'string', 'x-charter': { reference: { kind: 'user' } } }),
    ];
    const { problems } = await read(fields, { n: '1.5', d: '2026-02-30', l: 'soon', who: 'nobody' });
    expect(problems.map(({ field }) => field)).toEqual(['n', 'd', 'l', 'who']);
    for (const { message } of problems) expect(message).toMatch(/\.$/);
  });

  it('leaves out what was empty and stays empty, and empties what held something', async () => {
    const { data } = await read([asked('a', { type: 'string' }), asked('b', { type: 'string' }, 'before')], { a: '', b: '' });
    expect(data).toEqual({ b: null });
  });

  it('takes an empty box for a no only where something was said before', async () => {
    const box = (value: Json | null): AskedField => asked('b', { type: 'boolean' }, value);
    expect((await read([box(null)], { b: 'false' })).data).toEqual({});
    expect((await read([box(true)], { b: 'false' })).data).toEqual({ b: false });
    expect((await read([box(null)], { b: ['false', 'true'] })).data).toEqual({ b: true });
  });

  it('takes nothing that was not asked for', async () => {
    expect((await read([asked('a', { type: 'string' })], { a: 'x', priority: '1' })).data).toEqual({ a: 'x' });
  });

  it('reads lists one a line, and several choices from their boxes', async () => {
    const lines = asked('lines', { type: 'array', items: { type: 'string' } });
    const checks = asked('checks', { type: 'array', items: { type: 'string', enum: ['a', 'b'] } });
    expect((await read([lines, checks], { lines: 'one\n\n two ', checks: ['', 'a', 'b'] })).data).toEqual({ lines: ['one', 'two'], checks: ['a', 'b'] });
  });

  it('reads rows of small objects and drops the empty ones', async () => {
    const rows = asked('tasks', { type: 'array', items: { type: 'object', properties: { title: { type: 'string' }, hours: { type: 'number' } } } });
    const { data } = await read([rows], { 'tasks.count': '3', 'tasks.0.title': 'Order', 'tasks.0.hours': '2', 'tasks.1.title': '', 'tasks.2.title': 'Set up' });
    expect(data).toEqual({ tasks: [{ title: 'Order', hours: 2 }, { title: 'Set up' }] });
  });

  it('keeps a question with its answer, whatever else the form claims about it', async () => {
    const schema: FieldSchema = {
      type: 'array',
      items: { type: 'object', properties: { name: { type: 'string' }, title: { type: 'string' }, type: { type: 'string' }, value: { type: 'string' } } },
    };
    const { data } = await read([asked('answers', schema, [{ name: 'size', title: 'Which size?' }])], {
      'answers.count': '1',
      'answers.size': 'Large',
      'answers.forged': 'x',
    });
    expect(data).toEqual({ answers: [{ name: 'size', title: 'Which size?', value: 'Large' }] });
  });
});

describe('drawing a form of a process', () => {
  it('picks the control from annotation, choices, format and type', () => {
    const kinds = [
      draw(asked('a', { type: 'string', 'x-charter': { widget: 'textarea' } })).kind,
      draw(asked('a', { type: 'string', enum: ['x'] })).kind,
      draw(asked('a', { type: 'string', enum: ['x'], 'x-charter': { widget: 'radio' } })).kind,
      draw(asked('a', { type: 'boolean' })).kind,
      draw(asked('a', { type: 'string', format: 'date' })).inputType,
      draw(asked('a', { type: 'string', format: 'date-time' })).inputType,
      draw(asked('a', { type: 'integer' })).inputType,
      draw(asked('a', { type: 'string', format: 'email' })).inputType,
      draw(asked('a', { type: 'string', 'x-charter': { reference: { kind: 'record', process: 'p' } } })).kind,
    ];
    expect(kinds).toEqual(['textarea', 'select', 'radio', 'checkbox', 'date', 'datetime-local', 'number', 'email', 'reference']);
  });

  it('shows an instant in the zone of the reader', () => {
    expect(draw(asked('at', { type: 'string', format: 'date-time' }, '2026-07-01T07:00:00.000Z')).value).toBe('2026-07-01T09:00');
  });

  it('keeps what was typed, even what can not be read', () => {
    expect(draw(asked('n', { type: 'integer' }, 3), form({ n: 'many' })).value).toBe('many');
  });

  it('keeps a value that is not offered any more as it is', () => {
    const view = draw(asked('a', { type: 'string', enum: ['x'] }, 'old'));
    expect(view.options?.find(({ chosen }) => chosen)?.value).toBe('old');
  });
});

describe('durations', () => {
  it.each([
    ['4h 30m', 'PT4H30M'],
    ['2 days', 'P2D'],
    ['1 w, 2 h', 'P1WT2H'],
    ['90 min', 'PT90M'],
    ['pt4h', 'PT4H'],
    ['1.5 h', 'PT1.5H'],
  ])('reads %s as %s', (text, iso) => {
    expect(readDuration(text)).toBe(iso);
  });

  it.each(['', 'soon', '4', '4 fortnights', 'P', 'PT', '-4h'])('does not read %j', (text) => {
    expect(readDuration(text)).toBeNull();
  });

  it('tells one in words', () => {
    expect(tellDuration('P1DT2H')).toBe('1 d 2 h');
  });
});
