/**
 * The write function: one call carries a whole batch, in one round trip and one transaction. It works on all rows of the batch at once; what
 * several steps do to one record was put together before (`units.ts`). Its name holds a hash of all that is said of it, so that servers of two
 * versions work side by side, each with its own.
 */
import { createHash } from 'node:crypto';
import { movedMark } from '../failures.js';
import { declared, type Group, groups, unnested } from './columns.js';

const order = Object.keys(groups) as Group[];
const moved = `RAISE EXCEPTION '${movedMark}'`;

const checks = `
  IF cardinality(k_record) > 0 THEN
    PERFORM 1 FROM ${unnested('k')} JOIN record_heads h ON h.id = x.record AND h.version = x.version FOR SHARE OF h;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> cardinality(k_record) THEN ${moved}; END IF;
  END IF;`;

const listed = ['definition', 'status', 'importing', 'title', 'title_key', 'assignee', 'team', 'priority', 'requester', 'service'];
const prefixed = (prefix: string): string => listed.map((column) => `${prefix}.${column}`).join(', ');

const updates = `
  updated := cardinality(array_remove(r_expected, 0));
  IF updated > 0 THEN
    UPDATE record_heads h SET version = x.version, head = x.head, updated_at = x.updated_at, due = x.due, paths = x.paths, state = x.state
      FROM ${unnested('r')} WHERE x.expected > 0 AND h.id = x.id AND h.version = x.expected AND h.head = x.previous;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> updated THEN ${moved}; END IF;
  END IF;
  IF cardinality(l_id) > 0 THEN
    UPDATE record_rows r SET ${listed.map((column) => `${column} = x.${column}`).join(', ')}
      FROM ${unnested('l')} WHERE x.expected > 0 AND r.id = x.id AND (${prefixed('r')}) IS DISTINCT FROM (${prefixed('x')});
  END IF;`;

const creations = `
  IF updated < cardinality(r_id) THEN
    INSERT INTO record_rows (id, number, number_key, process, created_at, ${listed.join(', ')})
      SELECT x.id, x.number, x.number_key, x.process, x.created_at, ${prefixed('x')} FROM ${unnested('l')} WHERE x.expected = 0;
    INSERT INTO record_heads (id, version, head, paths, updated_at, due, state)
      SELECT x.id, x.version, x.head, x.paths, x.updated_at, x.due, x.state FROM ${unnested('r')} WHERE x.expected = 0;
  END IF;`;

// In the order in which they were decided: by it entries of one instant are listed.
const entryColumns = 'record, sequence, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, text, hash, previous_hash';
const entries = `
  IF cardinality(e_record) > 0 THEN
    INSERT INTO history_entries (${entryColumns}) SELECT ${entryColumns} FROM ${unnested('e')} WHERE x.record IS NOT NULL;
    INSERT INTO history_contents (record, sequence, content) SELECT record, sequence, content FROM ${unnested('e')} WHERE x.record IS NOT NULL;
  END IF;`;

// A timer that stays as it is keeps its row, and with it that it was parked.
const timers = `
  IF cardinality(d_record) > 0 THEN
    DELETE FROM timers t USING ${unnested('d')} WHERE t.record = x.record AND t.key <> ALL (CAST(x.keys AS text[]));
    INSERT INTO timers (record, key, kind, event, data, due_at, held) SELECT record, key, kind, event, data, due_at, held FROM ${unnested('t')}
      ON CONFLICT (record, key) DO UPDATE SET kind = excluded.kind, event = excluded.event, data = excluded.data, due_at = excluded.due_at, held = excluded.held,
        parked_at = CASE WHEN timers.due_at = excluded.due_at THEN timers.parked_at END, claimed_by = NULL, claimed_until = NULL
      WHERE timers.due_at <> excluded.due_at OR timers.held <> excluded.held OR timers.data IS DISTINCT FROM excluded.data
        OR timers.event <> excluded.event OR timers.kind <> excluded.kind;
  END IF;`;

const outbox = `
  IF cardinality(o_key) > 0 THEN
    INSERT INTO outbox (key, record, sequence, target, created_at, available_at, effect, attempts, status)
      SELECT key, record, sequence, target, created_at, created_at, effect, 0, 'waiting' FROM ${unnested('o')};
  END IF;`;

const search = `
  IF cardinality(s_record) > 0 THEN
    INSERT INTO search_index (record, words) SELECT r.key, array_to_tsvector(string_to_array(x.words, ' ')) FROM ${unnested('s')} JOIN record_rows r ON r.id = x.record
      ON CONFLICT (record) DO UPDATE SET words = excluded.words WHERE search_index.words <> excluded.words;
  END IF;`;

const cell = (place: number, type = 'text'): string => (type === 'text' ? `m ->> ${place}` : `CAST(m ->> ${place} AS ${type})`);
const list = (place: number): string => `jsonb_array_elements_text(m -> ${place})`;

/** What few steps write besides; the cells are those of `../writing/rows.ts`. */
const kinds: Readonly<Record<string, string>> = {
  // The key of something that is no effect is remembered in the same way; the second to use it violates the unique key.
  delivered: `
    UPDATE outbox SET status = 'done', done_at = ${cell(3, 'bigint')}, claimed_by = NULL, claimed_until = NULL WHERE key = ${cell(1)} AND status <> 'done';
    IF NOT FOUND THEN
      INSERT INTO outbox (key, record, sequence, target, effect, created_at, available_at, attempts, status, done_at)
        VALUES (${cell(1)}, ${cell(2)}, 0, '', 'null', ${cell(3, 'bigint')}, ${cell(3, 'bigint')}, 0, 'done', ${cell(3, 'bigint')});
    END IF;`,
  idempotency: `
    DELETE FROM idempotency WHERE scope = ${cell(1)} AND expires_at <= ${cell(6, 'bigint')};
    INSERT INTO idempotency (scope, record, body_hash, answer, expires_at) VALUES (${cell(1)}, ${cell(2)}, ${cell(3)}, ${cell(4)}, ${cell(5, 'bigint')});`,
  configuration: `INSERT INTO configurations (path, paths) SELECT value, ${cell(1)} FROM ${list(2)} AS listed (value) ON CONFLICT DO NOTHING;`,
  principals: `
    DELETE FROM record_principals WHERE record = ${cell(1)} AND NOT (m -> 3) ? principal;
    INSERT INTO record_principals (record, created_at, principal) SELECT ${cell(1)}, ${cell(2, 'bigint')}, value FROM ${list(3)} AS listed (value) ON CONFLICT DO NOTHING;`,
  comment: `
    INSERT INTO comments (id, record, sequence, author, at, internal, text)
      VALUES (${cell(1)}, ${cell(2)}, ${cell(3, 'bigint')}, ${cell(4)}, ${cell(5, 'bigint')}, ${cell(6, 'bigint')}, ${cell(7)});`,
  attachment: `
    INSERT INTO attachments (id, record, sequence, author, at, name, type, size, sha256)
      VALUES (${cell(1)}, ${cell(2)}, ${cell(3, 'bigint')}, ${cell(4)}, ${cell(5, 'bigint')}, ${cell(6)}, ${cell(7)}, ${cell(8, 'bigint')}, ${cell(9)});`,
  link: `INSERT INTO links (from_id, name, to_id, at) VALUES (${cell(1)}, ${cell(2)}, ${cell(3)}, ${cell(4, 'bigint')}) ON CONFLICT DO NOTHING;`,
  unlink: `DELETE FROM links WHERE from_id = ${cell(1)} AND name = ${cell(2)} AND to_id = ${cell(3)};`,
};

/** Asked before the loop, which costs a cursor even over nothing. */
const more = (argument: string): string => `
  IF jsonb_array_length(${argument}) > 0 THEN FOR m IN SELECT value FROM jsonb_array_elements(${argument}) AS listed (value) LOOP
    CASE m ->> 0
      ${Object.entries(kinds)
        .map(([kind, body]) => `WHEN '${kind}' THEN ${body}`)
        .join('\n')}
    END CASE;
  END LOOP; END IF;`;

const body = `DECLARE changed bigint; updated bigint; m jsonb;
BEGIN ${checks} ${more('m_before')} ${updates} ${creations} ${entries} ${timers} ${outbox} ${search} ${more('m_after')} END`;

/**
 * Walks indexes whatever the statistics say: a plan made while the tables were empty stays in use. Left to itself PostgreSQL would plan most of
 * the statements anew at each call, because a plan for the arrays at hand looks cheaper than one for any.
 */
const planner = 'SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan';

const definition = (hash: string): string => `
CREATE OR REPLACE FUNCTION charter_write_${hash} (${order.map(declared).join(', ')}, m_before jsonb, m_after jsonb) RETURNS void
LANGUAGE plpgsql ${planner} AS $charter$ #variable_conflict use_column
${body} $charter$;`;

const hash = createHash('sha256').update(definition('')).digest('hex').slice(0, 12);

export const writeFunction = `charter_write_${hash}`;
export const createWriteFunction = definition(hash);
