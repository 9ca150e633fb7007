/** How PostgreSQL says it. Written as for SQLite: `?` stands for a parameter (`../postgres/connection.ts` numbers them). */
import type { Dialect } from './dialect.js';

/** A lexeme may have 2,046 bytes; words are cut alike where they are stored and where they are looked for. */
const longestWord = 200;
const lexeme = (word: string): string => (word.length <= longestWord ? word : Array.from(word).slice(0, longestWord).join(''));

/** Words with a blank between any two. */
export const lexemes = (words: string): string => (hasLong.test(words) ? words.split(' ').map(lexeme).join(' ') : words);
const hasLong = new RegExp(`[^ ]{${longestWord + 1}}`);

export const postgres: Dialect = {
  name: 'postgres',
  begin: 'BEGIN',
  failureEndsTransaction: true,
  // Not `now()`: that stands still within a transaction.
  now: 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)',
  unclaimed: ', claimed_by = NULL, claimed_until = NULL',
  // It keeps statistics, and has no word for this.
  indexed: () => '',
  found: 'r.key IN (SELECT record FROM search_index WHERE words @@ CAST(? AS tsquery))',
  foundCount: 'SELECT count(*) AS n FROM (SELECT 1 FROM search_index WHERE words @@ CAST(? AS tsquery) LIMIT ?) AS found',
  match: (words) => words.map((word, place) => (place === words.length - 1 ? `'${lexeme(word)}':*` : `'${lexeme(word)}'`)).join(' & '),
  listed: '(SELECT value FROM json_array_elements_text(CAST(? AS json)) AS listed (value))',
  headsListed: 'json_array_elements(CAST(heads AS json)) AS listed (value)',
  valuesOfEntry: 'v.record = h.record AND v.sequence = h.sequence',
  replaceValues: 'UPDATE history_values SET content = ? WHERE record = ? AND sequence = ?',
};
