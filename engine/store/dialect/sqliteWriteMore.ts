/** What few steps write besides record, entry, timers and effects. Each kind is a trigger; cells are read by their place in `writing/rows.ts`. */
import { movedMark } from '../failures.js';

const cell = (place: number): string => `NEW.cells ->> ${place}`;
const list = (place: number): string => `json_each(NEW.cells -> ${place})`;
const cells = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, place) => cell(from + place)).join(', ');

export const moreKinds: Readonly<Record<string, string>> = {
  check: `SELECT RAISE(ABORT, '${movedMark}') WHERE NOT EXISTS (SELECT 1 FROM records WHERE id = ${cell(1)} AND version = ${cell(2)});`,

  // The key of something that is no effect is remembered in the same way; the second to use it violates the unique key.
  delivered: `
    UPDATE outbox SET status = 'done', done_at = ${cell(3)} WHERE key = ${cell(1)} AND status <> 'done';
    INSERT INTO outbox (key, record, sequence, target, effect, created_at, available_at, attempts, status, done_at)
      SELECT ${cell(1)}, ${cell(2)}, 0, '', 'null', ${cell(3)}, ${cell(3)}, 0, 'done', ${cell(3)} WHERE changes() = 0;`,

  idempotency: `
    DELETE FROM idempotency WHERE scope = ${cell(1)} AND expires_at <= ${cell(6)};
    INSERT INTO idempotency (scope, record, body_hash, answer, expires_at) VALUES (${cells(1, 5)});`,

  configuration: `INSERT INTO configurations (path, paths) SELECT value, ${cell(1)} FROM ${list(2)} WHERE true ON CONFLICT DO NOTHING;`,

  // A record that changed meanwhile waits on; what is taken in here is no older than what the index had.
  words: `
    INSERT OR REPLACE INTO search_index (rowid, text) VALUES (${cell(1)}, ${cell(3)});
    DELETE FROM search_waiting WHERE record = ${cell(1)} AND version = ${cell(2)};`,

  principals: `
    DELETE FROM record_principals WHERE record = ${cell(1)} AND principal NOT IN (SELECT value FROM ${list(3)});
    INSERT INTO record_principals (record, created_at, principal) SELECT ${cells(1, 2)}, value FROM ${list(3)} WHERE true ON CONFLICT DO NOTHING;`,

  comment: `INSERT INTO comments (id, record, sequence, author, at, internal, text) VALUES (${cells(1, 7)});`,

  attachment: `INSERT INTO attachments (id, record, sequence, author, at, name, type, size, sha256) VALUES (${cells(1, 9)});`,

  link: `INSERT INTO links (from_id, name, to_id, at) VALUES (${cells(1, 4)}) ON CONFLICT DO NOTHING;`,

  unlink: `DELETE FROM links WHERE from_id = ${cell(1)} AND name = ${cell(2)} AND to_id = ${cell(3)};`,
};
