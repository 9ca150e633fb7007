CREATE INDEX activations_process ON activations (process, key);

CREATE INDEX attachments_record ON attachments (record, sequence);

CREATE INDEX comments_record ON comments (record, sequence);

CREATE INDEX definitions_process ON definitions (process, published_at);

CREATE INDEX history_actor ON history (actor, at);

CREATE INDEX history_at ON history (at);

CREATE UNIQUE INDEX history_chain ON history (record, sequence);

CREATE INDEX idempotency_expires ON idempotency (expires_at);

CREATE INDEX idempotency_record ON idempotency (record);

CREATE INDEX limits_expires ON limits (expires_at);

CREATE INDEX links_to ON links (to_id, name);

CREATE INDEX outbox_done ON outbox (done_at) WHERE status = 'done';

CREATE INDEX outbox_due ON outbox (available_at, position) WHERE status = 'waiting';

CREATE UNIQUE INDEX outbox_key ON outbox (key);

CREATE INDEX outbox_order ON outbox (record, target, position) WHERE status = 'waiting';

CREATE INDEX outbox_parked ON outbox (position) WHERE status = 'parked';

CREATE INDEX record_principals_principal ON record_principals (principal, created_at, record);

CREATE INDEX records_assignee ON records (assignee, created_at, id) WHERE assignee IS NOT NULL;

CREATE INDEX records_created ON records (created_at, id);

CREATE INDEX records_definition ON records (definition, status, created_at, id);

CREATE INDEX records_due ON records (due, id);

CREATE UNIQUE INDEX records_id ON records (id);

CREATE UNIQUE INDEX records_number ON records (number_key);

CREATE INDEX records_paths ON records (paths, created_at, id);

CREATE INDEX records_priority ON records (priority, id);

CREATE INDEX records_process ON records (process, created_at, id);

CREATE INDEX records_requester ON records (requester, created_at, id) WHERE requester IS NOT NULL;

CREATE INDEX records_service ON records (service, created_at, id) WHERE service IS NOT NULL;

CREATE INDEX records_status ON records (process, status, created_at, id);

CREATE INDEX records_team ON records (team, created_at, id) WHERE team IS NOT NULL;

CREATE INDEX records_title ON records (title_key, id);

CREATE INDEX records_updated ON records (updated_at, id);

CREATE INDEX reference_versions_hash ON reference_versions (hash);

CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE INDEX sessions_user ON sessions (user_id);

CREATE INDEX timers_due ON timers (due_at) WHERE held = 0 AND parked_at IS NULL;

CREATE INDEX timers_parked ON timers (parked_at) WHERE parked_at IS NOT NULL;

CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE activations (
  key INTEGER PRIMARY KEY,
  process TEXT NOT NULL,
  hash TEXT NOT NULL REFERENCES definitions (hash),
  at INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  note TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('folder', 'browser', 'api'))
) STRICT;

CREATE TABLE attachments (
  id TEXT PRIMARY KEY,
  record TEXT NOT NULL REFERENCES records (id),
  sequence INTEGER NOT NULL,
  author TEXT NOT NULL,
  at INTEGER NOT NULL,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 500),
  type TEXT NOT NULL CHECK (length(type) BETWEEN 1 AND 200),
  size INTEGER NOT NULL CHECK (size >= 0),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  sequence INTEGER PRIMARY KEY CHECK (sequence >= 0),
  at INTEGER NOT NULL,
  records INTEGER NOT NULL CHECK (records >= 0),
  entries INTEGER NOT NULL CHECK (entries >= 0),
  root TEXT NOT NULL,
  signature TEXT NOT NULL,
  public_key TEXT NOT NULL,
  heads TEXT NOT NULL CHECK (json_valid(heads))
) STRICT;

CREATE TABLE comments (
  id TEXT PRIMARY KEY,
  record TEXT NOT NULL REFERENCES records (id),
  sequence INTEGER NOT NULL,
  author TEXT NOT NULL,
  at INTEGER NOT NULL,
  internal INTEGER NOT NULL CHECK (internal IN (0, 1)),
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE configurations (
  path TEXT NOT NULL,
  paths TEXT NOT NULL,
  PRIMARY KEY (path, paths)
) STRICT, WITHOUT ROWID;

CREATE TABLE definitions (
  hash TEXT PRIMARY KEY CHECK (length(hash) BETWEEN 1 AND 64),
  process TEXT NOT NULL CHECK (length(process) BETWEEN 1 AND 64),
  text TEXT NOT NULL CHECK (json_valid(text)),
  published_at INTEGER NOT NULL,
  published_by TEXT NOT NULL,
  note TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('folder', 'browser', 'api'))
) STRICT;

CREATE TABLE drafts (
  process TEXT NOT NULL CHECK (length(process) BETWEEN 1 AND 64),
  owner TEXT NOT NULL,
  text TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (process, owner)
) STRICT, WITHOUT ROWID;

CREATE TABLE erasing (record TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE history (
  key INTEGER PRIMARY KEY,
  record TEXT NOT NULL CHECK (length(record) BETWEEN 1 AND 64),
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  on_behalf_of TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('person', 'api', 'import', 'timer', 'signal', 'record', 'schedule', 'system')),
  event TEXT NOT NULL,
  process TEXT NOT NULL,
  definition TEXT NOT NULL,
  reference TEXT NOT NULL,
  text TEXT NOT NULL CHECK (json_valid(text)),
  hash TEXT NOT NULL,
  previous_hash TEXT NOT NULL
) STRICT;

CREATE TABLE history_values (
  entry INTEGER PRIMARY KEY,
  content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;

CREATE TABLE idempotency (
  scope TEXT PRIMARY KEY CHECK (length(scope) BETWEEN 1 AND 1000),
  record TEXT,
  body_hash TEXT NOT NULL,
  answer TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
  name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 200),
  holder TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE limits (
  key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 500),
  count INTEGER NOT NULL,
  since INTEGER NOT NULL,
  pause INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
  from_id TEXT NOT NULL REFERENCES records (id),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  to_id TEXT NOT NULL REFERENCES records (id),
  at INTEGER NOT NULL,
  PRIMARY KEY (from_id, name, to_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
  key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE numbers (
  prefix TEXT PRIMARY KEY CHECK (length(prefix) BETWEEN 1 AND 20),
  last INTEGER NOT NULL CHECK (last >= 1)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  position INTEGER PRIMARY KEY,
  key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  record TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  target TEXT NOT NULL,
  effect TEXT NOT NULL CHECK (json_valid(effect)),
  created_at INTEGER NOT NULL,
  available_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  status TEXT NOT NULL CHECK (status IN ('waiting', 'parked', 'done')),
  last_error TEXT,
  done_at INTEGER
) STRICT;

CREATE TABLE record_principals (
  record TEXT NOT NULL REFERENCES records (id),
  principal TEXT NOT NULL CHECK (length(principal) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (record, principal)
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
  number TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 40),
  number_key TEXT NOT NULL,
  process TEXT NOT NULL CHECK (length(process) BETWEEN 1 AND 64),
  definition TEXT NOT NULL CHECK (length(definition) BETWEEN 1 AND 64),
  version INTEGER NOT NULL CHECK (version >= 1),
  status TEXT NOT NULL CHECK (status IN ('active', 'done')),
  importing INTEGER NOT NULL CHECK (importing IN (0, 1)),
  head TEXT NOT NULL CHECK (length(head) BETWEEN 1 AND 64),
  paths TEXT NOT NULL,
  title TEXT CHECK (length(title) <= 500),
  title_key TEXT,
  assignee TEXT CHECK (length(assignee) <= 500),
  team TEXT CHECK (length(team) <= 500),
  priority TEXT CHECK (length(priority) <= 500),
  requester TEXT CHECK (length(requester) <= 500),
  service TEXT CHECK (length(service) <= 500),
  due INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (json_valid(state))
) STRICT;

CREATE TABLE reference_versions (
  key INTEGER PRIMARY KEY,
  hash TEXT NOT NULL CHECK (length(hash) BETWEEN 1 AND 64),
  text TEXT NOT NULL CHECK (json_valid(text)),
  at INTEGER NOT NULL,
  made_by TEXT NOT NULL
) STRICT;

CREATE TABLE revisions (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
  key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 500),
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE schema_migrations (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE sealed_heads (record TEXT PRIMARY KEY, head TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE search_index USING fts5 (text, content = '', contentless_delete = 1, detail = none, tokenize = 'unicode61 remove_diacritics 0');

CREATE TABLE search_waiting (record INTEGER PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL) STRICT;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT,
  data TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE teams (
  id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
  title TEXT NOT NULL CHECK (length(title) <= 500),
  email TEXT CHECK (length(email) <= 500)
) STRICT, WITHOUT ROWID;

CREATE TABLE timers (
  record TEXT NOT NULL REFERENCES records (id),
  key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 500),
  kind TEXT NOT NULL CHECK (kind IN ('after', 'raise', 'clock')),
  event TEXT NOT NULL,
  data TEXT CHECK (data IS NULL OR json_valid(data)),
  due_at INTEGER NOT NULL,
  held INTEGER NOT NULL CHECK (held IN (0, 1)),
  parked_at INTEGER,
  reason TEXT,
  PRIMARY KEY (record, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  title TEXT NOT NULL CHECK (length(title) <= 500),
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
  name TEXT NOT NULL CHECK (length(name) <= 500),
  email TEXT CHECK (length(email) <= 500),
  password_hash TEXT,
  roles TEXT NOT NULL CHECK (json_valid(roles)),
  teams TEXT NOT NULL CHECK (json_valid(teams)),
  zone TEXT CHECK (length(zone) <= 100),
  stand_in TEXT CHECK (length(stand_in) <= 64),
  absent_until INTEGER,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER activations_no_delete BEFORE DELETE ON activations BEGIN SELECT RAISE(ABORT, 'activations is append-only'); END;

CREATE TRIGGER activations_no_update BEFORE UPDATE ON activations BEGIN SELECT RAISE(ABORT, 'activations is append-only'); END;

CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints is append-only'); END;

CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints is append-only'); END;

CREATE TRIGGER definitions_no_delete BEFORE DELETE ON definitions BEGIN SELECT RAISE(ABORT, 'definitions is append-only'); END;

CREATE TRIGGER definitions_no_update BEFORE UPDATE ON definitions BEGIN SELECT RAISE(ABORT, 'definitions is append-only'); END;

CREATE TRIGGER history_no_delete BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

CREATE TRIGGER history_no_update BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;

CREATE TRIGGER history_values_no_delete BEFORE DELETE ON history_values
BEGIN SELECT RAISE(ABORT, 'history_values changes by erasure only'); END;

CREATE TRIGGER history_values_no_update BEFORE UPDATE ON history_values
WHEN NEW.entry <> OLD.entry OR NOT EXISTS (SELECT 1 FROM history JOIN erasing ON erasing.record = history.record WHERE history.key = OLD.entry)
BEGIN SELECT RAISE(ABORT, 'history_values changes by erasure only'); END;

CREATE TRIGGER records_importing AFTER UPDATE OF importing ON records WHEN NEW.importing <> OLD.importing
BEGIN UPDATE timers SET held = NEW.importing WHERE record = NEW.id; END;

CREATE TRIGGER reference_versions_no_delete BEFORE DELETE ON reference_versions BEGIN SELECT RAISE(ABORT, 'reference_versions is append-only'); END;

CREATE TRIGGER reference_versions_no_update BEFORE UPDATE ON reference_versions BEGIN SELECT RAISE(ABORT, 'reference_versions is append-only'); END;