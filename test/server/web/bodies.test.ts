import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../engine/index.js';
import { FormBody } from '../../../server/web/formBody.js';
import { parseJson } from '../../../server/web/json.js';

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof EngineError ? error.code : String(error);
  }
  return 'none';
}

describe('W6: what a form sends', () => {
  it('is one text for each name; a repeated one is refused where one is meant', () => {
    const form = new FormBody(
      new Map([
        ['a', ['1', '2']],
        ['b', ['x\r\ny']],
      ]),
    );
    expect(codeOf(() => form.text('a'))).toBe('MALFORMED');
    expect(form.all('a')).toEqual(['1', '2']);
    expect(form.text('b')).toBe('x\ny');
    expect(form.text('absent')).toBe('');
  });

  it.each([
    ['__proto__', 'x'],
    ['constructor', 'x'],
    ['a', '\u0000'],
    ['a', '\ud800'],
    ['a', '\u001b[31m'],
  ])('is refused with the name %j and the text %j', (name, text) => {
    expect(codeOf(() => new FormBody(new Map([[name, [text]]])))).toBe('MALFORMED');
  });

  it('tells its content without tokens, in one order, so that a form sent twice is the same', () => {
    const one = new FormBody(
      new Map([
        ['b', ['2']],
        ['_csrf', ['t']],
        ['a', ['1']],
      ]),
    );
    const two = new FormBody(
      new Map([
        ['a', ['1']],
        ['_csrf', ['u']],
        ['b', ['2']],
      ]),
    );
    expect(one.content()).toEqual(two.content());
  });
});

describe('W7: JSON from programs', () => {
  it('is read like JSON.parse reads it', () => {
    const source = '{"a":[1,-2.5e3,true,null,"\\u00e9"],"b":{}}';
    expect(parseJson(source)).toEqual(JSON.parse(source));
  });

  it.each([
    '{"a":1,"a":2}',
    '{"__proto__":{}}',
    '{"x":{"constructor":1}}',
    '{"a":1,}',
    '{/* */}',
    "{'a':1}",
    '',
    '{"a":"\\ud800"}',
    '{"a":"\\u0000"}',
    `${'['.repeat(100)}${']'.repeat(100)}`,
  ])('is refused when it is %s', (source) => {
    expect(codeOf(() => parseJson(source))).toBe('MALFORMED');
  });

  it('refuses 200,000 nested lists without falling over', () => {
    expect(codeOf(() => parseJson('['.repeat(200_000)))).toBe('MALFORMED');
  });

  it('names the place', () => {
    try {
      parseJson('{"data":{"a":1,"a":2}}');
    } catch (error) {
      expect((error as EngineError).facts).toMatchObject({ place: '/data/a' });
    }
  });
});
