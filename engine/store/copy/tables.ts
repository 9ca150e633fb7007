/** What a copy of a store carries from one database to another: every table but leases and limits, in an order in which what is referred to comes first. */
import type { Dialect } from '../dialect/dialect.js';

type Name = Dialect['name'];
export type Column = readonly [name: string, type: 'text' | 'bigint'];

export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** By which it is read in pieces. */
  readonly key: readonly string[];
  /** Where its rows are read, if that is no table of its name. */
  readonly from?: Readonly<Record<Name, string>>;
  /** How a piece is written, if not into a table of its name; `$rows` stands for the rows. */
  readonly into?: Readonly<Record<Name, readonly string[]>>;
  /** What follows on PostgreSQL, so that its counters go on from here. */
  readonly counter?: readonly [sequence: string, column: string];
}

const text = (...names: string[]): Column[] => names.map((name) => [name, 'text']);
const whole = (...names: string[]): Column[] => names.map((name) => [name, 'bigint']);

const rowColumns = [
  'key, id, number, number_key, process, definition, status, importing',
  'title, title_key, assignee, team, priority, requester, service, created_at',
].join(', ');
const headColumns = 'version, head, paths, updated_at, due, state';
const entryColumns = 'key, record, sequence, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, text, hash, previous_hash';

const plain = (name: string, key: string[], columns: Column[], counter?: CopiedTable['counter']): CopiedTable => ({
  name,
  key,
  columns,
  ...(counter ? { counter } : {}),
});

const records: CopiedTable = {
  name: 'records',
  key: ['key'],
  columns: [
    ...whole('key', 'version', 'importing', 'due', 'created_at', 'updated_at'),
    ...text('id', 'number', 'number_key', 'process', 'definition', 'status', 'head', 'paths', 'title', 'title_key', 'assignee', 'team', 'priority'),
    ...text('requester', 'service', 'state'),
  ],
  into: {
    sqlite: [`INSERT INTO records (${rowColumns}, ${headColumns}) SELECT ${rowColumns}, ${headColumns} FROM $rows`],
    postgres: [
      `INSERT INTO record_rows (${rowColumns}) SELECT ${rowColumns} FROM $rows`,
      `INSERT INTO record_heads (id, ${headColumns}) SELECT id, ${headColumns} FROM $rows`,
    ],
  },
  counter: ["pg_get_serial_sequence('record_rows', 'key')", 'key'],
};

const history: CopiedTable = {
  name: 'history',
  key: ['record', 'sequence'],
  columns: [
    ...whole('key', 'sequence', 'at', 'recorded_at'),
    ...text('record', 'actor', 'on_behalf_of', 'origin', 'event', 'process', 'definition', 'reference', 'text', 'hash', 'previous_hash', 'content'),
  ],
  from: {
    sqlite: '(SELECT h.*, v.content FROM history h LEFT JOIN history_values v ON v.entry = h.key)',
    postgres: '(SELECT h.*, v.content FROM history h LEFT JOIN history_values v ON v.record = h.record AND v.sequence = h.sequence)',
  },
  into: {
    sqlite: [
      `INSERT INTO history (${entryColumns}) SELECT ${entryColumns} FROM $rows`,
      'INSERT INTO history_values (entry, content) SELECT key, content FROM $rows WHERE content IS NOT NULL',
    ],
    postgres: [
      `INSERT INTO history_entries (${entryColumns}) SELECT ${entryColumns} FROM $rows`,
      'INSERT INTO history_contents (record, sequence, content) SELECT record, sequence, content FROM $rows WHERE content IS NOT NULL',
    ],
  },
  counter: ["'history_key'", 'key'],
};

/** SQLite's index keeps no text; its words are read back from the index itself. Order does not matter to it. */
const search: CopiedTable = {
  name: 'search_index',
  key: ['record'],
  columns: [...whole('record'), ...text('words')],
  from: {
    sqlite: 'temp.search_words',
    postgres: "(SELECT record, array_to_string(tsvector_to_array(words), ' ') AS words FROM search_index)",
  },
  into: {
    sqlite: ['INSERT INTO search_index (rowid, text) SELECT record, words FROM $rows'],
    postgres: ["INSERT INTO search_index (record, words) SELECT record, array_to_tsvector(string_to_array(words, ' ')) FROM $rows"],
  },
};

export const copiedTables: readonly CopiedTable[] = [
  plain('definitions', ['hash'], [...text('hash', 'process', 'text', 'published_by', 'note', 'source'), ...whole('published_at')]),
  plain(
    'activations',
    ['key'],
    [...whole('key', 'at'), ...text('process', 'hash', 'made_by', 'note', 'source')],
    ["pg_get_serial_sequence('activations', 'key')", 'key'],
  ),
  plain(
    'reference_versions',
    ['key'],
    [...whole('key', 'at'), ...text('hash', 'text', 'made_by')],
    ["pg_get_serial_sequence('reference_versions', 'key')", 'key'],
  ),
  plain('drafts', ['process', 'owner'], [...text('process', 'owner', 'text'), ...whole('updated_at')]),
  plain('revisions', ['name'], [...text('name'), ...whole('value')]),
  plain('meta', ['key'], text('key', 'value')),
  plain(
    'users',
    ['id'],
    [...text('id', 'name', 'email', 'password_hash', 'roles', 'teams', 'zone', 'stand_in'), ...whole('absent_until', 'active', 'created_at')],
  ),
  plain('teams', ['id'], text('id', 'title', 'email')),
  plain('tokens', ['id'], [...text('id', 'user_id', 'title', 'hash'), ...whole('created_at', 'expires_at')]),
  plain('sessions', ['id'], [...text('id', 'user_id', 'data'), ...whole('expires_at')]),
  records,
  plain('configurations', ['path', 'paths'], text('path', 'paths')),
  plain('record_principals', ['record', 'principal'], [...text('record', 'principal'), ...whole('created_at')]),
  search,
  plain('numbers', ['prefix'], [...text('prefix'), ...whole('last')]),
  plain('links', ['from_id', 'name', 'to_id'], [...text('from_id', 'name', 'to_id'), ...whole('at')]),
  plain('comments', ['id'], [...text('id', 'record', 'author', 'text'), ...whole('sequence', 'at', 'internal')]),
  plain('attachments', ['id'], [...text('id', 'record', 'author', 'name', 'type', 'sha256'), ...whole('sequence', 'at', 'size')]),
  history,
  plain('checkpoints', ['sequence'], [...whole('sequence', 'at', 'records', 'entries'), ...text('root', 'signature', 'public_key', 'heads')]),
  plain('sealed_heads', ['record'], text('record', 'head')),
  plain('timers', ['record', 'key'], [...text('record', 'key', 'kind', 'event', 'data', 'reason'), ...whole('due_at', 'held', 'parked_at')]),
  plain(
    'outbox',
    ['position'],
    [
      ...whole('position', 'sequence', 'created_at', 'available_at', 'attempts', 'done_at'),
      ...text('key', 'record', 'target', 'effect', 'status', 'last_error'),
    ],
    ["pg_get_serial_sequence('outbox', 'position')", 'position'],
  ),
  plain('idempotency', ['scope'], [...text('scope', 'record', 'body_hash', 'answer'), ...whole('expires_at')]),
  plain('schedules', ['key'], [...text('key'), ...whole('last_at')]),
];
