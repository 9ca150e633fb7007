/** Users, teams, tokens, sessions. */
import { text, whole } from './text.js';

export const people = `
CREATE TABLE users (
  id ${text} PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
  name ${text} NOT NULL CHECK (length(name) <= 500),
  email ${text} CHECK (length(email) <= 500),
  password_hash ${text},
  roles ${text} NOT NULL CHECK (CAST(roles AS json) IS NOT NULL),
  teams ${text} NOT NULL CHECK (CAST(teams AS json) IS NOT NULL),
  zone ${text} CHECK (length(zone) <= 100),
  stand_in ${text} CHECK (length(stand_in) <= 64),
  absent_until ${whole},
  active ${whole} NOT NULL CHECK (active IN (0, 1)),
  created_at ${whole} NOT NULL
);

CREATE TABLE teams (
  id ${text} PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
  title ${text} NOT NULL CHECK (length(title) <= 500),
  email ${text} CHECK (length(email) <= 500)
);

CREATE TABLE tokens (
  id ${text} PRIMARY KEY,
  user_id ${text} NOT NULL REFERENCES users (id),
  title ${text} NOT NULL CHECK (length(title) <= 500),
  hash ${text} NOT NULL UNIQUE,
  created_at ${whole} NOT NULL,
  expires_at ${whole}
);
CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE sessions (
  id ${text} PRIMARY KEY,
  user_id ${text},
  data ${text} NOT NULL,
  expires_at ${whole} NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires_at);`;
