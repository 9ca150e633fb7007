/**
 * The write statement: one INSERT into a view carries a whole batch as one JSON parameter, and a trigger for each kind of row puts it where it belongs.
 * One statement is atomic by itself and costs one hop to the thread that runs SQLite; a statement for each row costs five times as much.
 * Rows take effect in their order, so later units of a batch see what earlier ones wrote. Cells are read by their place in `writing/rows.ts`.
 */
import { movedMark } from '../failures.js';

const cell = (place: number): string => `NEW.cells ->> ${place}`;
const json = (place: number): string => `NEW.cells -> ${place}`;
const cells = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, place) => cell(from + place)).join(', ');
const moved = `SELECT RAISE(ABORT, '${movedMark}')`;

const kinds: Readonly<Record<string, string>> = {
  check: `${moved} WHERE NOT EXISTS (SELECT 1 FROM records WHERE id = ${cell(1)} AND version = ${cell(2)});`,

  delivered: `
    UPDATE outbox SET status = 'done', done_at = ${cell(3)} WHERE key = ${cell(1)} AND status <> 'done';
    INSERT INTO outbox (key, record, sequence, target, effect, created_at, available_at, attempts, status, done_at)
      SELECT ${cell(1)}, ${cell(2)}, 0, '', 'null', ${cell(3)}, ${cell(3)}, 0, 'done', ${cell(3)} WHERE changes() = 0;`,

  idempotency: `
    DELETE FROM idempotency WHERE scope = ${cell(1)} AND expires_at <= ${cell(6)};
    INSERT INTO idempotency (scope, record, body_hash, answer, expires_at) VALUES (${cells(1, 5)});`,

  configuration: `
    INSERT INTO configurations (path, paths) SELECT value, ${cell(1)} FROM json_each(${json(2)}) WHERE true ON CONFLICT DO NOTHING;`,

  create: `
    INSERT INTO records (id, version, head, updated_at, paths, definition, status, importing, due, title, title_key, assignee, team, priority, requester, service,
      number, number_key, process, created_at, state)
    VALUES (${cell(1)}, ${cells(3, 4)}, ${cells(6, 22)}, ${json(23)});`,

  // SQLite rewrites the index of every column that is set, changed or not: what seldom changes is set only when it did.
  update: `
    UPDATE records SET version = ${cell(3)}, head = ${cell(4)}, updated_at = ${cell(6)}, paths = ${cell(7)}, state = ${json(23)}
      WHERE id = ${cell(1)} AND version = ${cell(2)} AND head = ${cell(5)};
    ${moved} WHERE changes() = 0;
    UPDATE records SET definition = ${cell(8)}, status = ${cell(9)}, importing = ${cell(10)}, due = ${cell(11)}
      WHERE id = ${cell(1)} AND (definition <> ${cell(8)} OR status <> ${cell(9)} OR importing <> ${cell(10)} OR due IS NOT ${cell(11)});
    UPDATE records SET title = ${cell(12)}, title_key = ${cell(13)}, assignee = ${cell(14)}, team = ${cell(15)}, priority = ${cell(16)}, requester = ${cell(17)}, service = ${cell(18)}
      WHERE id = ${cell(1)} AND (title IS NOT ${cell(12)} OR assignee IS NOT ${cell(14)} OR team IS NOT ${cell(15)} OR priority IS NOT ${cell(16)}
        OR requester IS NOT ${cell(17)} OR service IS NOT ${cell(18)});`,

  entry: `
    INSERT INTO history (record, sequence, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, hash, previous_hash, text) VALUES (${cells(1, 14)});
    INSERT INTO history_values (entry, content) VALUES (last_insert_rowid(), ${cell(15)});`,

  // A timer that stays as it is keeps its row, and with it that it was parked.
  timers: `
    DELETE FROM timers WHERE record = ${cell(1)} AND key NOT IN (SELECT value ->> 0 FROM json_each(${json(3)}));
    INSERT INTO timers (record, key, kind, event, data, due_at, held)
      SELECT ${cell(1)}, value ->> 0, value ->> 1, value ->> 2, nullif(value -> 3, 'null'), value ->> 4, ${cell(2)} FROM json_each(${json(3)}) WHERE true
      ON CONFLICT (record, key) DO UPDATE SET kind = excluded.kind, event = excluded.event, data = excluded.data, due_at = excluded.due_at, held = excluded.held,
        parked_at = CASE WHEN due_at = excluded.due_at THEN parked_at END
      WHERE due_at <> excluded.due_at OR held <> excluded.held OR data IS NOT excluded.data OR event <> excluded.event OR kind <> excluded.kind;`,

  outbox: `
    INSERT INTO outbox (key, record, sequence, target, created_at, available_at, effect, attempts, status)
      VALUES (${cells(1, 5)}, ${cell(5)}, ${json(6)}, 0, 'waiting');`,

  search: `INSERT OR REPLACE INTO search_index (rowid, text) SELECT key, ${cell(2)} FROM records WHERE id = ${cell(1)};`,

  principals: `
    DELETE FROM record_principals WHERE record = ${cell(1)} AND principal NOT IN (SELECT value FROM json_each(${json(3)}));
    INSERT INTO record_principals (record, created_at, principal) SELECT ${cells(1, 2)}, value FROM json_each(${json(3)}) WHERE true ON CONFLICT DO NOTHING;`,

  comment: `INSERT INTO comments (id, record, sequence, author, at, internal, text) VALUES (${cells(1, 7)});`,

  attachment: `INSERT INTO attachments (id, record, sequence, author, at, name, type, size, sha256) VALUES (${cells(1, 9)});`,

  link: `INSERT INTO links (from_id, name, to_id, at) VALUES (${cells(1, 4)}) ON CONFLICT DO NOTHING;`,

  unlink: `DELETE FROM links WHERE from_id = ${cell(1)} AND name = ${cell(2)} AND to_id = ${cell(3)};`,
};

/** Run once on the writing connection. Temporary, so that it follows the code and needs no migration. */
export const prepareWrite = [
  'CREATE TEMP VIEW write_rows AS SELECT NULL AS kind, NULL AS cells WHERE false;',
  ...Object.entries(kinds).map(
    ([kind, body]) => `CREATE TEMP TRIGGER write_${kind} INSTEAD OF INSERT ON write_rows WHEN NEW.kind = '${kind}' BEGIN ${body.trim()} END;`,
  ),
].join('\n');

/** One parameter: a JSON list of rows. */
export const writeStatement = 'INSERT INTO temp.write_rows (kind, cells) SELECT value ->> 0, value FROM json_each(?)';
