/** How SQLite says it: settings, planner words, full text search, the copy. The write statement is in `sqliteWrite.ts`. */
import type { Dialect } from './dialect.js';

/** What each connection is set to, and what `settings()` must read back. */
const pragmas = {
  busy_timeout: 10_000,
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  // Without it INSERT OR REPLACE deletes rows without firing the triggers that refuse deletion.
  recursive_triggers: 1,
  trusted_schema: 0,
  // What is deleted or replaced is overwritten with zeros, so that erased values are nowhere in the file. It was measured to cost a step nothing.
  secure_delete: 1,
  // In KiB, negative by SQLite's convention. What else is read often the operating system keeps.
  cache_size: -8_000,
  // Pages. Hot pages are then copied back once for many commits; the WAL stays below 20 MB.
  wal_autocheckpoint: 4_000,
} as const;

/** What the writing connection has besides: in the default of 2 MB batches spill. */
const writing = { cache_size: -32_000 } as const;

type Settings = Readonly<Record<string, string | number>>;
const assignments = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `PRAGMA ${name}=${value};`)
    .join(' ');

/** Marks a file as Charter's ("CHRT"). */
export const applicationId = 0x43485254;

export const sqlite: Dialect & {
  /** Run on each connection, and on the one that writes. */
  readonly onConnect: string;
  readonly onWriting: string;
  readonly expected: { readonly writing: Settings; readonly reading: Settings };
  copyTo(file: string): { readonly sql: string; readonly params: readonly string[] };
} = {
  name: 'sqlite',
  begin: 'BEGIN IMMEDIATE',
  failureEndsTransaction: false,
  now: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
  unclaimed: '',
  onConnect: assignments(pragmas),
  onWriting: assignments(writing),
  expected: { writing: { ...pragmas, ...writing }, reading: pragmas },
  indexed: (index) => (index === null ? ' NOT INDEXED' : ` INDEXED BY ${index}`),
  found: 'r.key IN (SELECT rowid FROM search_index WHERE search_index MATCH ?)',
  foundCount: 'SELECT count(*) AS n FROM (SELECT 1 FROM search_index WHERE search_index MATCH ? LIMIT ?)',
  match: (words) => words.map((word, place) => (place === words.length - 1 ? `"${word}"*` : `"${word}"`)).join(' AND '),
  listed: '(SELECT value FROM json_each(?))',
  headsListed: 'json_each(heads)',
  valuesOfEntry: 'v.entry = h.key',
  replaceValues: 'UPDATE history_values SET content = ? WHERE entry = (SELECT key FROM history WHERE record = ? AND sequence = ?)',
  copyTo: (file) => ({ sql: 'VACUUM INTO ?', params: [file] }),
};
