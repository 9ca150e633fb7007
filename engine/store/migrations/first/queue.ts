/** What is to happen by itself. */
export const queue = `
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
CREATE INDEX timers_due ON timers (due_at) WHERE held = 0 AND parked_at IS NULL;
CREATE INDEX timers_parked ON timers (parked_at) WHERE parked_at IS NOT NULL;
CREATE TRIGGER records_importing AFTER UPDATE OF importing ON records WHEN NEW.importing <> OLD.importing
BEGIN UPDATE timers SET held = NEW.importing WHERE record = NEW.id; END;

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
CREATE UNIQUE INDEX outbox_key ON outbox (key);
CREATE INDEX outbox_due ON outbox (available_at, position) WHERE status = 'waiting';
CREATE INDEX outbox_order ON outbox (record, target, position) WHERE status = 'waiting';
CREATE INDEX outbox_parked ON outbox (position) WHERE status = 'parked';
CREATE INDEX outbox_done ON outbox (done_at) WHERE status = 'done';

CREATE TABLE idempotency (
  scope TEXT PRIMARY KEY CHECK (length(scope) BETWEEN 1 AND 1000),
  record TEXT,
  body_hash TEXT NOT NULL,
  answer TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expires ON idempotency (expires_at);
CREATE INDEX idempotency_record ON idempotency (record);

CREATE TABLE leases (
  name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 200),
  holder TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
  key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 500),
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;`;
