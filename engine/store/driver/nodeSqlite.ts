/** Gives Node's built-in `node:sqlite` (22.13 and newer) the callback API of `sqlite3`. It is synchronous underneath: a slow query holds the event loop. */
import type { DriverDatabase, DriverModule, DriverStatement, Opened, SqlRow, SqlValue } from './contract.js';

interface NativeStatement {
  run(...params: SqlValue[]): { readonly changes: number | bigint };
  all(...params: SqlValue[]): SqlRow[];
}
interface NativeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NativeStatement;
  close(): void;
}
export interface NodeSqlite {
  readonly DatabaseSync: new (file: string, options?: { readonly readOnly?: boolean }) => NativeDatabase;
}

/** Result codes by number, as `sqlite3` names them in `error.code`. */
const codes: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  18: 'SQLITE_TOOBIG',
  19: 'SQLITE_CONSTRAINT',
  20: 'SQLITE_MISMATCH',
  21: 'SQLITE_MISUSE',
  23: 'SQLITE_AUTH',
  25: 'SQLITE_RANGE',
  26: 'SQLITE_NOTADB',
};

function named(cause: unknown): Error {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const number = (error as { errcode?: unknown }).errcode;
  if (typeof number === 'number') {
    const code = codes[number & 0xff] ?? 'SQLITE_ERROR';
    return Object.assign(new Error(`${code}: ${error.message}`), { code, errno: number & 0xff });
  }
  return error;
}

/** Runs at once, answers later: callers of a callback API may rely on not being called back before they return. */
function answer<T>(work: () => T, done: (error: Error | null, result?: T) => void): void {
  let error: Error | null = null;
  let result: T | undefined;
  try {
    result = work();
  } catch (cause) {
    error = named(cause);
  }
  setImmediate(() => (error === null ? done(null, result) : done(error)));
}

class Statement implements DriverStatement {
  readonly #native: () => NativeStatement;

  constructor(native: () => NativeStatement) {
    this.#native = native;
  }

  run(params: readonly SqlValue[], done: (this: { readonly changes: number }, error: Error | null) => void): void {
    answer(
      () => Number(this.#native().run(...params).changes),
      (error, changes = 0) => done.call({ changes }, error),
    );
  }

  all(params: readonly SqlValue[], done: (error: Error | null, rows: SqlRow[]) => void): void {
    answer(
      () => this.#native().all(...params),
      (error, rows = []) => done(error, rows),
    );
  }

  finalize(done?: (error: Error | null) => void): void {
    if (done) {
      setImmediate(() => done(null));
    }
  }
}

/** The module that stands in for `sqlite3`, as Sequelize's `dialectModule` wants it. */
export function nodeSqliteModule(native: NodeSqlite): DriverModule {
  class Database implements DriverDatabase {
    #database: NativeDatabase | null = null;

    constructor(file: string, _mode: number, done: Opened) {
      answer(
        () => void (this.#database = new native.DatabaseSync(file)),
        (error) => done(error),
      );
    }

    #open(): NativeDatabase {
      if (this.#database === null) {
        throw Object.assign(new Error('SQLITE_MISUSE: Database is closed'), { code: 'SQLITE_MISUSE' });
      }
      return this.#database;
    }

    exec(sql: string, done: (error: Error | null) => void): this {
      answer(
        () => this.#open().exec(sql),
        (error) => done(error),
      );
      return this;
    }

    /** Sequelize sets a PRAGMA this way and looks at no answer. */
    run(sql: string, done?: (error: Error | null) => void): this {
      return this.exec(sql, done ?? (() => undefined));
    }

    prepare(sql: string, done: (error: Error | null) => void): DriverStatement {
      let prepared: NativeStatement | null = null;
      answer(
        () => void (prepared = this.#open().prepare(sql)),
        (error) => done(error),
      );
      return new Statement(() => {
        if (prepared === null) {
          throw Object.assign(new Error('SQLITE_MISUSE: statement was not prepared'), { code: 'SQLITE_MISUSE' });
        }
        return prepared;
      });
    }

    close(done?: (error: Error | null) => void): void {
      answer(
        () => {
          this.#database?.close();
          this.#database = null;
        },
        (error) => done?.(error),
      );
    }
  }
  return { OPEN_READWRITE: 2, OPEN_CREATE: 4, Database };
}
