/** Users, teams, tokens, sessions. */
export const people = `
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

CREATE TABLE teams (
  id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
  title TEXT NOT NULL CHECK (length(title) <= 500),
  email TEXT CHECK (length(email) <= 500)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  title TEXT NOT NULL CHECK (length(title) <= 500),
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT,
  data TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires_at);`;
