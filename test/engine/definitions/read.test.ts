import { describe, expect, it } from 'vitest';
import { readJson } from '../../../engine/definitions/index.js';

const read = (text: string) => readJson('a.json', text);
const first = (text: string) => {
  const [one] = read(text).problems;
  return one && { code: one.code, line: one.line, column: one.column, pointer: one.pointer };
};

describe('reading a file', () => {
  it('gives the value of plain JSON, with a byte order mark or without', () => {
    expect(read('{"a":[1,true,null,"ä"]}')).toMatchObject({ value: { a: [1, true, null, 'ä'] }, problems: [] });
    expect(read('\uFEFF{"a":1}').value).toEqual({ a: 1 });
  });

  it.each([
    ['a comment', '{\n  // why\n  "a": 1\n}', 2, 3],
    ['a comma after the last member', '{\n  "a": 1,\n}', 3, 1],
    ['a comma after the last item', '[1,\n2,\n]', 3, 1],
    ['single quotes', "{\n 'a': 1}", 2, 2],
    ['two values', '{}\n{}', 2, 1],
    ['an unclosed text', '{"a": "b', 1, 7],
    ['a missing colon', '{"a" 1}', 1, 6],
    ['a word that is none', '{"a": yes}', 1, 7],
    ['a bad number', '{"a": 01}', 1, 8],
    ['nothing', '', 1, 1],
    ['only spaces', ' \n ', 1, 1],
    ['a control character', '{"a": "x\u0001"}', 1, 7],
  ])('tells line and column of %s', (_what, text, line, column) => {
    expect(read(text).value).toBeUndefined();
    expect(first(text)).toMatchObject({ code: 'JSON_SYNTAX', line });
    expect(Math.abs((first(text)?.column ?? 0) - column)).toBeLessThanOrEqual(2);
  });

  it('tells where a key is repeated, at any depth', () => {
    expect(first('{"a": {"b": 1,\n   "b": 2}}')).toEqual({ code: 'JSON_DUPLICATE_KEY', line: 2, column: 4, pointer: '/a/b' });
  });

  it('refuses __proto__ keys and never makes them a prototype', () => {
    const { value, problems } = read('{"a": {"__proto__": {"admin": true}, "\\u005f_proto__": 1}}');
    expect(problems.map(({ code }) => code)).toEqual(['JSON_RESERVED_KEY', 'JSON_RESERVED_KEY']);
    expect((value as { a: { admin?: boolean } }).a.admin).toBeUndefined();
  });

  it('refuses NUL, halves of surrogate pairs and numbers that can not be kept, in values and keys', () => {
    expect(first('{"a": "\\u0000"}')?.code).toBe('JSON_TEXT');
    expect(first('{"a": "\\ud800"}')?.code).toBe('JSON_TEXT');
    expect(first('{"\\udc00": 1}')?.code).toBe('JSON_TEXT');
    expect(first('{"a": 1e999}')?.code).toBe('JSON_NUMBER');
    expect(first('{"a": 12345678901234567890}')?.code).toBe('JSON_NUMBER');
    expect(first('{"a": 9007199254740991, "b": 1e15, "c": -0.5}')).toBeUndefined();
  });

  it('refuses what is too large or too deep before anything recurses into it', () => {
    expect(first(`"${'x'.repeat(1024 * 1024)}"`)?.code).toBe('FILE_TOO_LARGE');
    expect(first('['.repeat(200_000))?.code).toBe('JSON_TOO_DEEP');
    expect(first(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeUndefined();
    expect(first(`{"a": "${'['.repeat(100)}"}`)).toBeUndefined();
  });

  it('finds any pointer, and the nearest thing around one that is not there', () => {
    const { locate } = read('{\n  "a": {\n    "b/c": [1,\n      2]\n  }\n}');
    expect(locate('/a/b~1c/1')).toEqual({ line: 4, column: 7 });
    expect(locate('/a/b~1c')).toEqual({ line: 3, column: 12 });
    expect(locate('/a/b~1c', 'key')).toEqual({ line: 3, column: 5 });
    expect(locate('/a/none/deeper')).toEqual({ line: 2, column: 8 });
    expect(locate('')).toEqual({ line: 1, column: 1 });
  });
});
