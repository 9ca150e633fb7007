/**
 * What this machine, network and PostgreSQL allow at most: the same bytes as given steps, through the raw `pg` driver, without Sequelize, queue, checks or
 * lists. One statement for each batch of up to 64 over arrays (`unnest`), one connection, synchronous_commit on.
 */
import { createRequire } from 'node:module';
import { EngineError } from '../../errors.js';
import { addressOf } from '../postgres/address.js';
import type { StepWrite } from '../types.js';
import { type LimitOptions, type Measured, runLimit } from './limitRun.js';

const { Client } = createRequire(import.meta.url)('pg') as typeof import('pg');

/** In a schema of its own, removed afterwards. */
const schema = `
DROP SCHEMA IF EXISTS charter_limit CASCADE;
CREATE SCHEMA charter_limit;
SET search_path = charter_limit;
CREATE TABLE records (id text COLLATE "C" PRIMARY KEY, version bigint NOT NULL, state text NOT NULL);
CREATE TABLE history (record text COLLATE "C" NOT NULL, sequence bigint NOT NULL, at bigint NOT NULL, event text NOT NULL, hash text NOT NULL, text text NOT NULL, content text NOT NULL);
CREATE UNIQUE INDEX history_chain ON history (record, sequence);
CREATE TABLE timers (record text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, due_at bigint NOT NULL, cells text NOT NULL, PRIMARY KEY (record, key));
CREATE INDEX timers_due ON timers (due_at);
CREATE TABLE outbox (key text COLLATE "C" PRIMARY KEY, record text NOT NULL, effect text NOT NULL);`;

const statement = `
WITH given AS (
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) AS g (id, version, at, event, hash, state, text, content)
), moved AS (
  UPDATE records r SET version = g.version, state = g.state FROM given g WHERE r.id = g.id AND r.version = g.version - 1 RETURNING r.id
), entries AS (
  INSERT INTO history SELECT g.id, g.version, g.at, g.event, g.hash, g.text, g.content FROM given g JOIN moved USING (id)
), gone AS (
  DELETE FROM timers t USING given g WHERE t.record = g.id AND NOT (t.key = ANY ($10::text[]))
), timed AS (
  INSERT INTO timers SELECT * FROM unnest($9::text[], $10::text[], $11::bigint[], $12::text[])
    ON CONFLICT (record, key) DO UPDATE SET due_at = excluded.due_at, cells = excluded.cells
), sent AS (
  INSERT INTO outbox SELECT * FROM unnest($13::text[], $14::text[], $15::text[])
) SELECT count(*) AS n FROM moved`;

interface Row {
  readonly id: string;
  readonly version: number;
  readonly step: StepWrite;
}

export async function measurePostgresLimit(url: string, options: LimitOptions): Promise<Measured> {
  const { ssl, username, ...address } = addressOf(url);
  const client = new Client({ ...address, user: username, ssl });
  await client.connect();
  try {
    await client.query(`${schema} SET synchronous_commit = on; SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off`);
    const records = Math.max(options.callers, options.records ?? 0);
    const state = JSON.stringify(options.rows[0]?.record);
    await client.query(
      "INSERT INTO records SELECT '00000000-0000-7000-8000-' || lpad(place::text, 12, '0'), 1, $1 FROM generate_series(0, $2::int - 1) AS place",
      [state, records],
    );
    await client.query('ANALYZE records');
    return await runLimit<Row>(
      options,
      (id, version, step) => ({ id, version, step }),
      async (batch) => {
        const { rows } = await client.query<{ n: string }>({ name: 'limit', text: statement, values: valuesOf(batch) });
        if (Number(rows[0]?.n) !== batch.length) {
          throw new EngineError('INTERNAL', { part: 'store', reason: 'The limit lost a step.' });
        }
      },
    );
  } finally {
    await client.query('DROP SCHEMA IF EXISTS charter_limit CASCADE').catch(() => undefined);
    await client.end();
  }
}

function valuesOf(batch: readonly Row[]): unknown[] {
  const timers = batch.flatMap(({ id, step }) => (step.timers ?? []).map((timer) => ({ id, timer })));
  const effects = batch.flatMap(({ id, version, step }) =>
    step.outbox.map((row, place) => ({ key: `${id}:${version}:${place}`, id, effect: JSON.stringify(row.effect) })),
  );
  const entry = (of: (step: StepWrite) => unknown): unknown[] => batch.map(({ step }) => of(step));
  return [
    batch.map(({ id }) => id),
    batch.map(({ version }) => version),
    entry(({ entry: { at } }) => at),
    entry(({ entry: { event } }) => event),
    entry(({ entry: { hash } }) => hash),
    entry(({ record }) => JSON.stringify(record)),
    entry(({ entry: { text } }) => text),
    entry(({ entry: { values } }) => values),
    timers.map(({ id }) => id),
    timers.map(({ timer }) => timer.key),
    timers.map(({ timer }) => timer.dueAt),
    timers.map(({ timer }) => JSON.stringify(timer)),
    effects.map(({ key }) => key),
    effects.map(({ id }) => id),
    effects.map(({ effect }) => effect),
  ];
}
