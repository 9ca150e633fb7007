import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textWidth, wrapText } from '../../../server/presenters/drawing/measure.js';

const font = { size: 12 };

describe('measuring text', () => {
  it('never lets a line run wider than asked, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const lines = wrapText(text, font, { width: 150, lines: 3 });
        expect(lines.length).toBeLessThanOrEqual(3);
        for (const line of lines) expect([...line].length === 1 || textWidth(line, font) <= 150).toBe(true);
      }),
    );
  });

  it('keeps all words when they fit, and says by an ellipsis when they do not', () => {
    expect(wrapText('one two three', font, { width: 60, lines: 3 }).join(' ')).toBe('one two three');
    expect(wrapText('one two three four five six', font, { width: 60, lines: 1 })[0]).toMatch(/…$/);
  });
});
