/**
 * What this machine's disk and driver allow at most: the same bytes as given steps, written through the raw driver, without Sequelize, queue, checks or lists.
 * One statement for each batch of up to 64, WAL, synchronous FULL, each step acknowledged only when it is durable. `charter bench` measures the engine against it.
 */
import { rmSync } from 'node:fs';
import { type Connection, connectionOn } from '../connection.js';
import { sqlite } from '../dialect/sqlite.js';
import type { DriverDatabase } from '../driver/contract.js';
import { loadDriver } from '../driver/load.js';
import { openingFailure } from '../failures.js';
import type { StepWrite } from '../types.js';
import { type LimitOptions, type Measured, runLimit } from './limitRun.js';

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

/** Ids as `recordId` gives them. */
const makeRecords = `WITH RECURSIVE places (place) AS (SELECT ?1 UNION ALL SELECT place + 1 FROM places WHERE place + 1 < ?2)
  INSERT INTO records SELECT printf('00000000-0000-7000-8000-%012d', place), 1, ?3 FROM places`;

const statement = 'INSERT INTO temp.steps (cells) SELECT value FROM json_each(?)';

export interface FileLimit extends LimitOptions {
  /** A file that does not exist yet, on the disk to be measured; removed afterwards. */
  readonly path: string;
}

/** A limit that keeps its records between runs: a million of them are not written anew for each. */
export interface OpenLimit {
  measure(run: { readonly callers: number; readonly steps: number }): Promise<Measured>;
  /** Removes what it wrote. */
  close(): Promise<void>;
}

/** Makes the records that exist before. Throws STORE_UNUSABLE when the file can not be made. */
export async function openLimit(options: Omit<FileLimit, 'callers' | 'steps' | 'first'>): Promise<OpenLimit> {
  const connection = await connect(options);
  const state = JSON.stringify(options.rows[0]?.record);
  let used = 0;
  let made = 0;
  const make = async (upTo: number): Promise<void> => {
    if (upTo <= made) return;
    await connection.run(makeRecords, [made, upTo, state]);
    made = upTo;
  };
  await connection.exec(schema);
  await make(options.records ?? 0);
  return {
    async measure({ callers, steps }) {
      const first = used;
      used += callers;
      await make(used);
      return runLimit({ ...options, callers, steps, first }, rowOf, (batch) => connection.run(statement, [`[${batch.join(',')}]`]));
    },
    async close() {
      await connection.close();
      for (const end of ['', '-wal', '-shm']) {
        rmSync(options.path + end, { force: true });
      }
    },
  };
}

/** Measures the limit once. Throws STORE_UNUSABLE when the file can not be made. */
export async function measureLimit({ callers, steps, ...options }: FileLimit): Promise<Measured> {
  const limit = await openLimit({ ...options, records: Math.max(callers, options.records ?? 0) });
  try {
    return await limit.measure({ callers, steps });
  } finally {
    await limit.close();
  }
}

async function connect({ path, driver }: Pick<FileLimit, 'path' | 'driver'>): Promise<Connection> {
  const { Database, OPEN_CREATE, OPEN_READWRITE } = loadDriver(driver ?? 'auto').module;
  try {
    const database = await new Promise<DriverDatabase>((resolve, reject) => {
      const made: DriverDatabase = new Database(path, OPEN_READWRITE | OPEN_CREATE, (error) => (error ? reject(error) : resolve(made)));
    });
    const connection = connectionOn(database);
    await connection.exec(sqlite.onConnect + sqlite.onWriting);
    return connection;
  } catch (cause) {
    throw openingFailure(path, cause);
  }
}

function rowOf(id: string, version: number, { record, entry, timers, outbox }: StepWrite): string {
  const effects = outbox.map((one) => one.effect);
  return JSON.stringify([id, version, entry.at, entry.event, entry.hash, JSON.stringify(record), entry.text, entry.values, timers ?? [], effects]);
}
