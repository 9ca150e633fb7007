/** One way to write a text for searching and sorting: lower case, no diacritics, no dotless i. */

/** Letters that Unicode does not take apart into a base and a mark. */
const single: Readonly<Record<string, string>> = { ı: 'i', ß: 'ss', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', æ: 'ae', œ: 'oe', ħ: 'h', ŧ: 't', ſ: 's' };

/** Folded text; `İstanbul`, `ISTANBUL` and `ıstanbul` become `istanbul`. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}+/gu, '')
    .toLowerCase()
    .replace(/\p{Mn}+/gu, '')
    .replace(/[ıßøđðþłæœħŧſ]/g, (letter) => single[letter] ?? letter);
}

/** Words of a text as the index holds them: letters and digits only, so that nothing of it can be query syntax. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** What is indexed for a record: its number, with and without leading zeros, then its words. */
export function searchText(number: string, text: string): string {
  const numbers = wordsOf(number).flatMap((word) => [word, word.replace(/^0+(?=\d)/, '')]);
  return [...new Set([...numbers, ...wordsOf(text)])].join(' ');
}
