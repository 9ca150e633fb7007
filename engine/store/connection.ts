/** Promises over one driver connection. Calls run one after another: node-sqlite3 orders calls within a statement only. */
import type { DriverDatabase, DriverStatement, SqlRow, SqlValue } from './driver/contract.js';

export interface Connection {
  /** All rows of a query; also for statements with RETURNING. */
  all<T = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<T[]>;
  /** Runs a statement to its end; resolves with the number of rows changed. */
  run(sql: string, params?: readonly SqlValue[]): Promise<number>;
  /** Runs a script without parameters. */
  exec(sql: string): Promise<void>;
  /** Calls waiting or running. */
  readonly pending: () => number;
  close(): Promise<void>;
}

/** Statements kept prepared; lists have many shapes, so the least recently used goes. */
const keptStatements = 300;

/** Wraps an open connection. Closing finalizes what was prepared. */
export function connectionOn(database: DriverDatabase): Connection {
  const prepared = new Map<string, DriverStatement>();
  let last: Promise<unknown> = Promise.resolve();
  let pending = 0;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    pending += 1;
    const mine = pending === 1 ? work() : last.then(work, work);
    const settled = mine.finally(() => void (pending -= 1));
    last = settled.catch(() => undefined);
    return settled;
  }

  /** A statement that is prepared is run at once: waiting for it, even for a moment, would let everything else go first. */
  function prepare<T>(sql: string, work: (one: DriverStatement) => Promise<T>): Promise<T> {
    const known = prepared.get(sql);
    if (!known) {
      return make(sql).then(work);
    }
    prepared.delete(sql);
    prepared.set(sql, known);
    return work(known);
  }

  async function make(sql: string): Promise<DriverStatement> {
    const made = await new Promise<DriverStatement>((resolve, reject) => {
      const one: DriverStatement = database.prepare(sql, (error) => (error ? reject(error) : resolve(one)));
    });
    prepared.set(sql, made);
    for (const [oldest, old] of prepared) {
      if (prepared.size <= keptStatements) {
        break;
      }
      prepared.delete(oldest);
      old.finalize();
    }
    return made;
  }

  const rowsOf = <T>(one: DriverStatement, params: readonly SqlValue[]): Promise<T[]> =>
    new Promise((resolve, reject) => one.all(params, (error, rows) => (error ? reject(error) : resolve(rows as T[]))));
  const changesOf = (one: DriverStatement, params: readonly SqlValue[]): Promise<number> =>
    new Promise((resolve, reject) =>
      one.run(params, function (error) {
        if (error) {
          reject(error);
        } else {
          resolve(this.changes);
        }
      }),
    );
  const closeAll = async (): Promise<void> => {
    for (const one of prepared.values()) {
      one.finalize();
    }
    prepared.clear();
    await new Promise<void>((resolve, reject) => database.close((error) => (error ? reject(error) : resolve())));
  };

  return {
    // `all` rather than `get`: a single step would leave the statement, and with it a read transaction, open.
    all: <T>(sql: string, params: readonly SqlValue[] = []) => inTurn(() => prepare(sql, (one) => rowsOf<T>(one, params))),
    run: (sql, params = []) => inTurn(() => prepare(sql, (one) => changesOf(one, params))),
    exec: (sql) => inTurn(() => new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())))),
    pending: () => pending,
    close: () => inTurn(closeAll),
  };
}
