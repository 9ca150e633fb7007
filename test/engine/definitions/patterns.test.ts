import { checkSync } from 'recheck';
import { describe, expect, it } from 'vitest';
import { backtracking } from '../../../engine/definitions/patterns/backtracking.js';

const harmless = [
  '^[A-Z]{2}[0-9]{4}$',
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^([a-z]+-)*[a-z]+$',
  '^(a|ab)*$',
  '^(\\d{1,3}\\.){3}\\d{1,3}$',
  '^\\p{L}+( \\p{L}+)*$',
  '^(?:INC|REQ)-[0-9]{6}$',
  '^#?([a-f0-9]{6}|[a-f0-9]{3})$',
  '^https?://[^\\s/$.?#].[^\\s]*$',
  '^[^@\\s]+@[^@\\s.]+(\\.[^@\\s.]+)+$',
  '^[a-z]*$|^[0-9]*$',
];
const exponential = [
  '^(a+)+$',
  '^(a|a)*$',
  '^(a*)*$',
  '^(a|b*)*$',
  '^(\\w+\\s?)*$',
  '^(.*)*$',
  '^(a|aa)+$',
  '^(?:[a-z]+\\d*)*$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(x+x+)+y',
  '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$',
  '^(?=(a+)+$)',
  '^(\\u{61}|a)*b$',
  '^([\\p{L}]+[\\w]*)*$',
];
const powers: readonly (readonly [string, number])[] = [
  ['[a-z]+@', 2],
  ['^\\s+|\\s+$', 2],
  ['(.*)x(.*)y', 3],
  ['^a*a*a*$', 3],
  ['^\\d+\\d+$', 2],
];

describe('how badly a pattern can backtrack', () => {
  it.each(harmless)('%s is harmless', (pattern) => expect(backtracking(pattern)).toEqual({ kind: 'power', degree: 1 }));
  it.each(exponential)('%s is exponential', (pattern) => expect(backtracking(pattern)).toEqual({ kind: 'exponential' }));
  it.each(powers)('%s grows with the power %i', (pattern, degree) => expect(backtracking(pattern)).toEqual({ kind: 'power', degree }));

  it('counts a repetition that may end the pattern as harmless: nothing behind it can fail', () => {
    expect(backtracking('(a+)+')).toEqual({ kind: 'power', degree: 1 });
  });

  it.each([...harmless, ...exponential])('%s: an independent checker agrees', (pattern) => {
    const found = checkSync(pattern, 'u', { timeout: 1_000, checker: 'automaton' });
    if (found.status === 'unknown') return;
    expect(found.complexity.type === 'exponential').toBe(backtracking(pattern).kind === 'exponential');
  });

  it('answers at once for large and strange patterns', () => {
    for (const pattern of [
      '(a{1,99}){1,99}$',
      `^${'(a?b?c?)*'.repeat(30)}$`,
      `^(${Array.from({ length: 200 }, (_, index) => `w${index}`).join('|')})*$`,
      '^[\\]a\\-z\\\\]*(\\k<n>(?<n>x))*$',
      '^[^]*?$',
      '^(?<!a+)b$',
      '',
    ]) {
      const began = performance.now();
      backtracking(pattern);
      expect(performance.now() - began, pattern).toBeLessThan(2_000);
    }
  });
});
