/** One way to write a text for searching and sorting: lower case, no diacritics, no dotless i. */

/** Letters that Unicode does not take apart into a base and a mark. */
const single: Readonly<Record<string, string>> = { ı: 'i', ß: 'ss', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', æ: 'ae', œ: 'oe', ħ: 'h', ŧ: 't', ſ: 's' };

/** Folded text; `İstanbul`, `ISTANBUL` and `ıstanbul` become `istanbul`. */
export function fold(text: string): string {
  return isPlain(text) ? text.toLowerCase() : foldMarked(text);
}

/** Most texts need no taking apart, and looking costs a tenth of doing it. */
const isPlain = (text: string): boolean => !/[^\0-\x7f]/.test(text);

function foldMarked(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}+/gu, '')
    .toLowerCase()
    .replace(/\p{Mn}+/gu, '')
    .replace(/[ıßøđðþłæœħŧſ]/g, (letter) => single[letter] ?? letter);
}

/** Words of a text as the index holds them: letters and digits only, so that nothing of it can be query syntax. */
export function wordsOf(text: string): string[] {
  if (isPlain(text)) return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  // A few letters of a foreign alphabet are no reason to take a long text apart: what a blank divides folds by itself.
  return text
    .split(/[ \n]+/)
    .flatMap((part) => (isPlain(part) ? (part.toLowerCase().match(/[a-z0-9]+/g) ?? []) : (foldMarked(part).match(/[\p{L}\p{N}]+/gu) ?? [])));
}

/** What is indexed for a record: its number, with and without leading zeros, then its words. Texts of several fields stand on lines of their own. */
export function searchText(number: string, text: string): string {
  const numbers = wordsOf(number).flatMap((word) => [word, word.replace(/^0+(?=\d)/, '')]);
  return [...numbers, ...text.split('\n').map(indexed)].filter((part) => part !== '').join(' ');
}

/** From here on remembering a text costs less than taking it apart; a step leaves most long texts as they are. */
const long = 100;
const remembered = 500;
const known = new Map<string, string>();

/** The words of a text as it is handed to the index; of a long one each word once. */
function indexed(text: string): string {
  if (text.length < long) return wordsOf(text).join(' ');
  const before = known.get(text);
  if (before !== undefined) return before;
  const made = [...new Set(wordsOf(text))].join(' ');
  const [oldest] = known.keys();
  if (known.size >= remembered && oldest !== undefined) known.delete(oldest);
  known.set(text, made);
  return made;
}
