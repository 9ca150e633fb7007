/** Definition versions, reference data, drafts, and small facts of the installation. */
import { appendOnly } from './appendOnly.js';

export const definitions = `
CREATE TABLE definitions (
  hash TEXT PRIMARY KEY CHECK (length(hash) BETWEEN 1 AND 64),
  process TEXT NOT NULL CHECK (length(process) BETWEEN 1 AND 64),
  text TEXT NOT NULL CHECK (json_valid(text)),
  published_at INTEGER NOT NULL,
  published_by TEXT NOT NULL,
  note TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('folder', 'browser', 'api'))
) STRICT;
CREATE INDEX definitions_process ON definitions (process, published_at);
${appendOnly('definitions')}

CREATE TABLE activations (
  key INTEGER PRIMARY KEY,
  process TEXT NOT NULL,
  hash TEXT NOT NULL REFERENCES definitions (hash),
  at INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  note TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('folder', 'browser', 'api'))
) STRICT;
CREATE INDEX activations_process ON activations (process, key);
${appendOnly('activations')}

CREATE TABLE reference_versions (
  key INTEGER PRIMARY KEY,
  hash TEXT NOT NULL CHECK (length(hash) BETWEEN 1 AND 64),
  text TEXT NOT NULL CHECK (json_valid(text)),
  at INTEGER NOT NULL,
  made_by TEXT NOT NULL
) STRICT;
CREATE INDEX reference_versions_hash ON reference_versions (hash);
${appendOnly('reference_versions')}

CREATE TABLE drafts (
  process TEXT NOT NULL CHECK (length(process) BETWEEN 1 AND 64),
  owner TEXT NOT NULL,
  text TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (process, owner)
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO revisions (name, value) VALUES ('definitions', 0), ('people', 0);

CREATE TABLE meta (
  key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;`;
