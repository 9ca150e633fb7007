/**
 * 0002: how often something was tried, for all servers together. A brake and not a record: on PostgreSQL it is not logged, so that counting waits for
 * no disk; a crash of the database empties it.
 */
export const limits = {
  name: '0002-limits',
  sqlite: `
CREATE TABLE limits (
  key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 500),
  count INTEGER NOT NULL,
  since INTEGER NOT NULL,
  pause INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX limits_expires ON limits (expires_at);`,
  postgres: `
CREATE UNLOGGED TABLE limits (
  key text COLLATE "C" PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 500),
  count bigint NOT NULL,
  since bigint NOT NULL,
  pause bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX limits_expires ON limits (expires_at);`,
};
