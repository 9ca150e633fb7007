/**
 * What this machine's disk and driver allow at most: the same bytes as given steps, written through the raw driver, without Sequelize, queue, checks or lists.
 * One statement for each batch of up to 64, WAL, synchronous FULL, each step acknowledged only when it is durable. `charter bench` measures the engine against it.
 */
import { rmSync } from 'node:fs';
import { monotonic } from '../clock.js';
import { EngineError } from '../errors.js';
import { type Connection, connectionOn } from './connection.js';
import { sqlite } from './dialect/sqlite.js';
import type { DriverDatabase } from './driver/contract.js';
import { loadDriver } from './driver/load.js';
import { openingFailure } from './failures.js';
import type { StepWrite, StoreOptions } from './types.js';

export interface LimitOptions {
  /** A file that does not exist yet, on the disk to be measured; removed afterwards. */
  readonly path: string;
  /** Callers that each wait for their step before they send the next, each on a record of its own. */
  readonly callers: number;
  /** Steps altogether. */
  readonly steps: number;
  /** Representative steps; caller and version are put in, the rest is written as it is. At least one. */
  readonly rows: readonly StepWrite[];
  /** Records that exist before; default: one for each caller. */
  readonly records?: number;
  readonly driver?: StoreOptions['driver'];
}

export interface Measured {
  readonly steps: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Milliseconds from sending a step to its acknowledgement. */
  readonly p50: number;
  readonly p99: number;
}

const schema = `
CREATE TABLE records (id TEXT PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL);
CREATE TABLE history (record TEXT NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL, hash TEXT NOT NULL, text TEXT NOT NULL, content TEXT NOT NULL);
CREATE UNIQUE INDEX history_chain ON history (record, sequence);
CREATE TABLE timers (record TEXT NOT NULL, key TEXT NOT NULL, due_at INTEGER NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (record, key)) WITHOUT ROWID;
CREATE INDEX timers_due ON timers (due_at);
CREATE TABLE outbox (key TEXT PRIMARY KEY, record TEXT NOT NULL, effect TEXT NOT NULL);
CREATE TEMP VIEW steps AS SELECT NULL AS cells WHERE false;
CREATE TEMP TRIGGER steps_insert INSTEAD OF INSERT ON steps BEGIN
  UPDATE records SET version = NEW.cells ->> 1, state = NEW.cells ->> 5 WHERE id = NEW.cells ->> 0 AND version = (NEW.cells ->> 1) - 1;
  SELECT RAISE(ABORT, 'moved') WHERE changes() = 0;
  INSERT INTO history VALUES (NEW.cells ->> 0, NEW.cells ->> 1, NEW.cells ->> 2, NEW.cells ->> 3, NEW.cells ->> 4, NEW.cells ->> 6, NEW.cells ->> 7);
  DELETE FROM timers WHERE record = NEW.cells ->> 0;
  INSERT INTO timers SELECT NEW.cells ->> 0, value ->> 'key', value ->> 'dueAt', value FROM json_each(NEW.cells -> 8);
  INSERT INTO outbox SELECT (NEW.cells ->> 0) || ':' || (NEW.cells ->> 1) || ':' || key, NEW.cells ->> 0, value FROM json_each(NEW.cells -> 9);
END;`;

const statement = 'INSERT INTO temp.steps (cells) SELECT value FROM json_each(?)';
const largestBatch = 64;

/** Measures the limit. Throws STORE_UNUSABLE when the file can not be made. */
export async function measureLimit(options: LimitOptions): Promise<Measured> {
  const connection = await connect(options);
  try {
    await connection.exec(schema);
    const records = Math.max(options.callers, options.records ?? 0);
    await connection.run('INSERT INTO records SELECT value, 1, ? FROM json_each(?)', [
      JSON.stringify(options.rows[0]?.record),
      JSON.stringify(Array.from({ length: records }, (_, place) => recordId(place))),
    ]);
    return await run(connection, options);
  } finally {
    await connection.close();
    for (const end of ['', '-wal', '-shm']) {
      rmSync(options.path + end, { force: true });
    }
  }
}

const recordId = (place: number): string => `00000000-0000-7000-8000-${String(place).padStart(12, '0')}`;

async function connect({ path, driver }: LimitOptions): Promise<Connection> {
  const { Database, OPEN_CREATE, OPEN_READWRITE } = loadDriver(driver ?? 'auto').module;
  try {
    const database = await new Promise<DriverDatabase>((resolve, reject) => {
      const made: DriverDatabase = new Database(path, OPEN_READWRITE | OPEN_CREATE, (error) => (error ? reject(error) : resolve(made)));
    });
    const connection = connectionOn(database);
    await connection.exec(sqlite.onConnect);
    return connection;
  } catch (cause) {
    throw openingFailure(path, cause);
  }
}

async function run(connection: Connection, { callers, steps, rows }: LimitOptions): Promise<Measured> {
  const queue = groupCommit(connection);
  const waits: number[] = [];
  let left = steps;
  const caller = async (place: number): Promise<void> => {
    for (let version = 2; left > 0; version += 1) {
      left -= 1;
      const began = monotonic();
      await queue(rowOf(rows[version % rows.length], recordId(place), version));
      waits.push(monotonic() - began);
    }
  };
  const began = monotonic();
  await Promise.all(Array.from({ length: callers }, (_, place) => caller(place)));
  return summary(waits, (monotonic() - began) / 1_000);
}

/** Rate and waiting times of a measurement. */
export function summary(waits: number[], seconds: number): Measured {
  waits.sort((a, b) => a - b);
  const at = (share: number): number => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
  return { steps: waits.length, seconds, perSecond: waits.length / seconds, p50: at(0.5), p99: at(0.99) };
}

function rowOf(row: StepWrite | undefined, id: string, version: number): string {
  if (!row) {
    throw new EngineError('INTERNAL', { part: 'store', reason: 'The limit needs at least one step to write.' });
  }
  const { entry } = row;
  const effects = row.outbox.map((one) => one.effect);
  return JSON.stringify([id, version, entry.at, entry.event, entry.hash, JSON.stringify(row.record), entry.text, entry.values, row.timers ?? [], effects]);
}

function groupCommit(connection: Connection): (row: string) => Promise<void> {
  let waiting: { row: string; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let busy = false;
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, largestBatch);
      waiting = waiting.slice(largestBatch);
      await connection.run(statement, [`[${batch.map((one) => one.row).join(',')}]`]).then(
        () => batch.forEach((one) => void one.resolve()),
        (error: unknown) => batch.forEach((one) => void one.reject(error)),
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
    busy = false;
  };
  return (row) =>
    new Promise((resolve, reject) => {
      waiting.push({ row, resolve, reject });
      if (!busy) {
        busy = true;
        setImmediate(() => void drain());
      }
    });
}
