/**
 * How wide text is, without a browser. Widths are those of DejaVu Sans, the widest of the fonts a reader is likely to have,
 * so that in any other the text has room to spare and never runs out of its box.
 */

/** Hundredths of the font size, for the characters from space to tilde. */
const WIDTHS = [
  32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58,
  77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97,
  63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];
const WIDE = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\u{1f000}-\u{1faff}]/u;
const STRONG = 1.1;

export interface Font {
  readonly size: number;
  readonly strong?: boolean;
}

/** Width in pixels. */
export function textWidth(text: string, font: Font): number {
  let hundredths = 0;
  for (const character of text.normalize('NFC')) {
    hundredths += WIDTHS[character.charCodeAt(0) - 32] ?? (WIDE.test(character) ? 105 : 70);
  }
  return (hundredths / 100) * font.size * (font.strong ? STRONG : 1);
}

/** Breaks at spaces so that no line is wider than `width`; words wider than that are broken inside. At most `lines` lines, then an ellipsis. */
export function wrapText(text: string, font: Font, limits: { readonly width: number; readonly lines: number }): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, font, limits.width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || textWidth(longer, font) <= limits.width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  if (lines.length <= limits.lines) return lines;
  const kept = lines.slice(0, limits.lines);
  return [...kept.slice(0, -1), ellipsed(kept.at(-1) ?? '', font, limits.width)];
}

function ellipsed(line: string, font: Font, width: number): string {
  let kept = line;
  while (kept !== '' && textWidth(`${kept}…`, font) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

function pieces(word: string, font: Font, width: number): string[] {
  if (textWidth(word, font) <= width) return [word];
  const broken: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && textWidth(piece + character, font) > width) {
      broken.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...broken, piece];
}
