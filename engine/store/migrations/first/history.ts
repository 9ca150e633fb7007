/** The history and its seals: the database itself refuses to change them. */
import { appendOnly } from './appendOnly.js';

export const history = `
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
CREATE UNIQUE INDEX history_chain ON history (record, sequence);
CREATE INDEX history_at ON history (at);
CREATE INDEX history_actor ON history (actor, at);
${appendOnly('history')}

CREATE TABLE history_values (
  entry INTEGER PRIMARY KEY,
  content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE TABLE erasing (record TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TRIGGER history_values_no_update BEFORE UPDATE ON history_values
WHEN NEW.entry <> OLD.entry OR NOT EXISTS (SELECT 1 FROM history JOIN erasing ON erasing.record = history.record WHERE history.key = OLD.entry)
BEGIN SELECT RAISE(ABORT, 'history_values changes by erasure only'); END;
CREATE TRIGGER history_values_no_delete BEFORE DELETE ON history_values
BEGIN SELECT RAISE(ABORT, 'history_values changes by erasure only'); END;

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
${appendOnly('checkpoints')}`;
