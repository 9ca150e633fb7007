import { expect, it } from 'vitest';
import { xmlText } from '../../../server/auditor/xes.js';

it('writes what XML can hold, and leaves out what it cannot', () => {
  expect(xmlText('a<b>&"\'\t\n\r')).toBe('a&lt;b&gt;&amp;&quot;&apos;&#9;&#10;&#13;');
  expect(xmlText('a\u0000\u0008\u000b\u001b\u007f\ufffe\uffffb')).toBe('a\u007fb');
  expect(xmlText('\ud83d\ude00 \ud83d \ude00')).toBe('\u{1f600}  ');
});
