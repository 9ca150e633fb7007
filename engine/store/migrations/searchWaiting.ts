/**
 * 0003: texts that full text is still to take in. On SQLite each commit that touches the index writes several of its pages, so a step leaves the text here
 * and many are taken in at once (`../writing/searchIndexing.ts`). PostgreSQL's index has such a list of its own.
 */
export const searchWaiting = {
  name: '0003-search-waiting',
  sqlite: 'CREATE TABLE search_waiting (record INTEGER PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL) STRICT;',
  postgres: 'SELECT 1;',
};
