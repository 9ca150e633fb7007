import { describe, expect, it } from 'vitest';
import { ownPath } from '../../../server/web/ownPath.js';

describe('W4: where a sign-in leads back to', () => {
  it.each(['/', '/record/INC-1?before=2#activity', '/search?q=a%20b'])('keeps the own path %s', (path) => {
    expect(ownPath(path)).toBe(path);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/\t/evil.example',
    '/..//evil.example',
    '',
    null,
    undefined,
  ])('leads home instead of to %s', (path) => {
    expect(ownPath(path)).toBe('/');
  });
});
