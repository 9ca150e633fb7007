/**
 * The write statement: one INSERT into a view carries a whole batch, a row for each step, and triggers put every value where it belongs.
 * One statement is atomic by itself and costs one hop to the thread that runs SQLite; a statement for each row costs five times as much.
 * Rows take effect in their order, so later units of a batch see what earlier ones wrote.
 */
import { movedMark } from '../failures.js';
import { moreKinds } from './sqliteWriteMore.js';

/** Small values of a step. They travel as one JSON list: node-sqlite3 takes microseconds for each parameter that is no text. */
export const cellColumns = [
  'expected',
  'id',
  'version',
  'head',
  'previous',
  'updated_at',
  'paths',
  'definition',
  'importing',
  // 1 where what follows is written; else it is as it was, and absent here.
  'standing',
  'status',
  'due',
  'shown',
  'title',
  'title_key',
  'assignee',
  'team',
  'priority',
  'requester',
  'service',
  'number',
  'number_key',
  'process',
  'created_at',
  'at',
  'recorded_at',
  'actor',
  'on_behalf_of',
  'origin',
  'event',
  'reference',
  // JSON lists, or null: timers and effects, and `[kind, …]` for what few steps have (`sqliteWriteMore.ts`).
  'timers',
  'outbox',
  'before',
  'after',
] as const;

/** Large values travel as they are. */
const textColumns = ['state', 'text', 'content', 'search'] as const;

const columns = [...cellColumns, ...textColumns];
const moved = `SELECT RAISE(ABORT, '${movedMark}')`;

const create = `
  INSERT INTO records (id, number, number_key, process, definition, version, status, importing, head, paths, title, title_key, assignee, team, priority, requester, service, due,
    created_at, updated_at, state)
  VALUES (NEW.id, NEW.number, NEW.number_key, NEW.process, NEW.definition, NEW.version, NEW.status, NEW.importing, NEW.head, NEW.paths, NEW.title, NEW.title_key, NEW.assignee, NEW.team,
    NEW.priority, NEW.requester, NEW.service, NEW.due, NEW.created_at, NEW.updated_at, NEW.state);`;

// SQLite rewrites the index of every column that is set, changed or not: what seldom changes is set only when it did. Of what stands, the due instant changes most.
const update = (withDue: boolean): string => `
  UPDATE records SET version = NEW.version, head = NEW.head, updated_at = NEW.updated_at, paths = NEW.paths, state = NEW.state${withDue ? ', due = NEW.due' : ''}
    WHERE id = NEW.id AND version = NEW.expected AND head = NEW.previous;
  ${moved} WHERE changes() = 0;`;

const standing = `
  UPDATE records SET definition = NEW.definition, status = NEW.status, importing = NEW.importing
    WHERE id = NEW.id AND (definition <> NEW.definition OR status <> NEW.status OR importing <> NEW.importing);`;

const shown = `
  UPDATE records SET title = NEW.title, title_key = NEW.title_key, assignee = NEW.assignee, team = NEW.team, priority = NEW.priority, requester = NEW.requester, service = NEW.service
    WHERE NEW.shown = 1 AND id = NEW.id AND (title IS NOT NEW.title OR assignee IS NOT NEW.assignee OR team IS NOT NEW.team OR priority IS NOT NEW.priority
      OR requester IS NOT NEW.requester OR service IS NOT NEW.service);`;

const entry = `
  INSERT INTO history (record, sequence, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, text, hash, previous_hash)
  VALUES (NEW.id, NEW.version, NEW.at, NEW.recorded_at, NEW.actor, NEW.on_behalf_of, NEW.origin, NEW.event, NEW.process, NEW.definition, NEW.reference, NEW.text, NEW.head, NEW.previous);
  INSERT INTO history_values (entry, content) VALUES (last_insert_rowid(), NEW.content);`;

// Taken in later, with many others. Empty: it is as it was.
const search = `
  INSERT OR REPLACE INTO search_waiting (record, version, text) SELECT key, NEW.version, NEW.search FROM records WHERE id = NEW.id AND NEW.search <> '';`;

// A timer that stays as it is keeps its row, and with it that it was parked.
const timers = `
  DELETE FROM timers WHERE NEW.timers IS NOT NULL AND record = NEW.id 
    AND NOT EXISTS (SELECT 1 FROM json_each(NEW.timers) WHERE value ->> 0 = timers.key);
  INSERT INTO timers (record, key, kind, event, data, due_at, held)
    SELECT NEW.id, value ->> 0, value ->> 1, value ->> 2, nullif(value -> 3, 'null'), value ->> 4, NEW.importing FROM json_each(NEW.timers) WHERE true
    ON CONFLICT (record, key) DO UPDATE SET kind = excluded.kind, event = excluded.event, data = excluded.data, due_at = excluded.due_at, held = excluded.held,
      parked_at = CASE WHEN due_at = excluded.due_at THEN parked_at END
    WHERE due_at <> excluded.due_at OR held <> excluded.held OR data IS NOT excluded.data OR event <> excluded.event OR kind <> excluded.kind;`;

const outbox = `
  INSERT INTO outbox (key, record, sequence, target, created_at, available_at, effect, attempts, status)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 4, value -> 5, 0, 'waiting' FROM json_each(NEW.outbox);`;

const more = (column: 'before' | 'after'): string => `INSERT INTO write_more (kind, cells) SELECT value ->> 0, value FROM json_each(NEW.${column});`;
const trigger = (name: string, view: string, when: string, body: string): string =>
  `CREATE TEMP TRIGGER ${name} INSTEAD OF INSERT ON ${view} WHEN ${when} BEGIN ${body.trim()} END;`;

/** All that a step writes besides its record's row, in this order. */
const aroundRow = (...row: readonly string[]): string => [more('before'), ...row, entry, search, timers, outbox, more('after')].join('\n');

/** Run once on the writing connection. Temporary, so that it follows the code and needs no migration. */
export const prepareWrite = [
  'CREATE TEMP VIEW write_more AS SELECT NULL AS kind, NULL AS cells WHERE false;',
  ...Object.entries(moreKinds).map(([kind, body]) => trigger(`write_${kind}`, 'write_more', `NEW.kind = '${kind}'`, body)),
  `CREATE TEMP VIEW write_steps AS SELECT ${columns.map((column) => `NULL AS ${column}`).join(', ')} WHERE false;`,
  trigger('write_creation', 'write_steps', 'NEW.expected = 0', aroundRow(create)),
  trigger('write_update', 'write_steps', 'NEW.expected > 0 AND NEW.standing IS NULL', aroundRow(update(false), shown)),
  trigger('write_standing', 'write_steps', 'NEW.expected > 0 AND NEW.standing = 1', aroundRow(update(true), standing, shown)),
  // A unit without steps, such as an answer to be remembered.
  trigger('write_nothing', 'write_steps', 'NEW.expected IS NULL AND NEW.before IS NOT NULL', more('before')),
].join('\n');

/** Parameters of a row: its cells, then its texts. A row of empty texts writes nothing. */
export const rowWidth = 1 + textColumns.length;
const row = `(${Array(rowWidth).fill('?').join(', ')})`;
const values = [...cellColumns.map((_, place) => `cells ->> ${place}`), ...textColumns].join(', ');

const statements = new Map<number, string>();

/** A statement for `rows` rows; its parameters are the rows' one after another. The same text each time: it is long, and looked up by. */
export function writeStatement(rows: number): string {
  const known = statements.get(rows);
  if (known !== undefined) return known;
  const made = `WITH given (cells, ${textColumns.join(', ')}) AS (VALUES ${Array(rows).fill(row).join(', ')})
   INSERT INTO temp.write_steps (${columns.join(', ')}) SELECT ${values} FROM given WHERE cells <> ''`;
  statements.set(rows, made);
  return made;
}
