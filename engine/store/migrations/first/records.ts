/** Records, what lists read of them, and what hangs on them. */
export const records = `
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
CREATE UNIQUE INDEX records_id ON records (id);
CREATE UNIQUE INDEX records_number ON records (number_key);
CREATE INDEX records_created ON records (created_at, id);
CREATE INDEX records_updated ON records (updated_at, id);
CREATE INDEX records_due ON records (due, id);
CREATE INDEX records_priority ON records (priority, id);
CREATE INDEX records_title ON records (title_key, id);
CREATE INDEX records_process ON records (process, created_at, id);
CREATE INDEX records_status ON records (process, status, created_at, id);
CREATE INDEX records_paths ON records (paths, created_at, id);
CREATE INDEX records_assignee ON records (assignee, created_at, id) WHERE assignee IS NOT NULL;
CREATE INDEX records_team ON records (team, created_at, id) WHERE team IS NOT NULL;
CREATE INDEX records_requester ON records (requester, created_at, id) WHERE requester IS NOT NULL;
CREATE INDEX records_service ON records (service, created_at, id) WHERE service IS NOT NULL;
CREATE INDEX records_definition ON records (definition, status, created_at, id);

CREATE TABLE configurations (
  path TEXT NOT NULL,
  paths TEXT NOT NULL,
  PRIMARY KEY (path, paths)
) STRICT, WITHOUT ROWID;

CREATE TABLE record_principals (
  record TEXT NOT NULL REFERENCES records (id),
  principal TEXT NOT NULL CHECK (length(principal) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (record, principal)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_principals_principal ON record_principals (principal, created_at, record);

CREATE VIRTUAL TABLE search_index USING fts5 (text, content = '', contentless_delete = 1, detail = none, tokenize = 'unicode61 remove_diacritics 0');

CREATE TABLE numbers (
  prefix TEXT PRIMARY KEY CHECK (length(prefix) BETWEEN 1 AND 20),
  last INTEGER NOT NULL CHECK (last >= 1)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
  from_id TEXT NOT NULL REFERENCES records (id),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  to_id TEXT NOT NULL REFERENCES records (id),
  at INTEGER NOT NULL,
  PRIMARY KEY (from_id, name, to_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_to ON links (to_id, name);

CREATE TABLE comments (
  id TEXT PRIMARY KEY,
  record TEXT NOT NULL REFERENCES records (id),
  sequence INTEGER NOT NULL,
  author TEXT NOT NULL,
  at INTEGER NOT NULL,
  internal INTEGER NOT NULL CHECK (internal IN (0, 1)),
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX comments_record ON comments (record, sequence);

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
CREATE INDEX attachments_record ON attachments (record, sequence);`;
