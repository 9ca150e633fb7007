/**
 * The history and its seals: the database itself refuses to change them. Entries are partitioned by ranges of record id, and ids begin with
 * their instant, so a partition holds the records born in one month (`../../../postgres/partitions.ts`). Those of the archive are read with the rest.
 */
import { appendOnly } from './appendOnly.js';
import { text, whole } from './text.js';

/** Constraints have the same names in both tables, else a partition could not be moved from one to the other. */
const entries = (table: string): string => `
CREATE TABLE ${table} (
  key ${whole} NOT NULL DEFAULT nextval('history_key'),
  record ${text} NOT NULL CONSTRAINT history_record CHECK (length(record) BETWEEN 1 AND 64),
  sequence ${whole} NOT NULL CONSTRAINT history_sequence CHECK (sequence >= 1),
  at ${whole} NOT NULL,
  recorded_at ${whole} NOT NULL,
  actor ${text} NOT NULL,
  on_behalf_of ${text},
  origin ${text} NOT NULL CONSTRAINT history_origin CHECK (origin IN ('person', 'api', 'import', 'timer', 'signal', 'record', 'schedule', 'system')),
  event ${text} NOT NULL,
  process ${text} NOT NULL,
  definition ${text} NOT NULL,
  reference ${text} NOT NULL,
  text ${text} NOT NULL,
  hash ${text} NOT NULL,
  previous_hash ${text} NOT NULL
) PARTITION BY RANGE (record);
CREATE UNIQUE INDEX ${table}_chain ON ${table} (record, sequence);
CREATE INDEX ${table}_at ON ${table} (at, key);
CREATE INDEX ${table}_actor ON ${table} (actor, at, key);
${appendOnly(table)}`;

const values = (table: string): string => `
CREATE TABLE ${table} (
  record ${text} NOT NULL,
  sequence ${whole} NOT NULL,
  content ${text} NOT NULL
) PARTITION BY RANGE (record);
CREATE UNIQUE INDEX ${table}_entry ON ${table} (record, sequence);
CREATE TRIGGER ${table}_by_erasure BEFORE UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_unless_erasing();
CREATE TRIGGER ${table}_no_truncate BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;

export const history = `
CREATE SEQUENCE history_key;
CREATE TABLE erasing (record ${text} PRIMARY KEY);
CREATE FUNCTION refuse_unless_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.record = OLD.record AND NEW.sequence = OLD.sequence AND EXISTS (SELECT 1 FROM erasing WHERE record = OLD.record) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'history_values changes by erasure only';
END $$;
${entries('history_entries')}
${entries('history_archive')}
${values('history_contents')}
${values('history_contents_archive')}
CREATE TABLE history_entries_rest PARTITION OF history_entries DEFAULT;
CREATE TABLE history_contents_rest PARTITION OF history_contents DEFAULT;
CREATE TRIGGER history_entries_no_truncate BEFORE TRUNCATE ON history_entries_rest FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER history_contents_no_truncate BEFORE TRUNCATE ON history_contents_rest FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE VIEW history AS SELECT * FROM history_entries UNION ALL SELECT * FROM history_archive;
CREATE VIEW history_values AS SELECT * FROM history_contents UNION ALL SELECT * FROM history_contents_archive;
CREATE FUNCTION replace_history_values() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE history_contents SET content = NEW.content WHERE record = OLD.record AND sequence = OLD.sequence;
  UPDATE history_contents_archive SET content = NEW.content WHERE record = OLD.record AND sequence = OLD.sequence;
  RETURN NEW;
END $$;
CREATE TRIGGER history_values_replace INSTEAD OF UPDATE ON history_values FOR EACH ROW EXECUTE FUNCTION replace_history_values();

CREATE TABLE checkpoints (
  sequence ${whole} PRIMARY KEY CHECK (sequence >= 0),
  at ${whole} NOT NULL,
  records ${whole} NOT NULL CHECK (records >= 0),
  entries ${whole} NOT NULL CHECK (entries >= 0),
  root ${text} NOT NULL,
  signature ${text} NOT NULL,
  public_key ${text} NOT NULL,
  heads ${text} NOT NULL CHECK (CAST(heads AS json) IS NOT NULL)
);
${appendOnly('checkpoints')}`;
