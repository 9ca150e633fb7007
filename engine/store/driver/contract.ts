/** The part of the sqlite3 callback API that Sequelize's SQLite dialect and this store call; any driver is brought to this shape. */

export type SqlValue = null | string | number | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface DriverStatement {
  run(params: readonly SqlValue[], done: (this: { readonly changes: number }, error: Error | null) => void): unknown;
  all(params: readonly SqlValue[], done: (error: Error | null, rows: SqlRow[]) => void): unknown;
  finalize(done?: (error: Error | null) => void): unknown;
}

export interface DriverDatabase {
  exec(sql: string, done: (error: Error | null) => void): unknown;
  prepare(sql: string, done: (error: Error | null) => void): DriverStatement;
  close(done?: (error: Error | null) => void): void;
}

export type Opened = (error: Error | null) => void;

export interface DriverModule {
  readonly OPEN_READWRITE: number;
  readonly OPEN_CREATE: number;
  readonly Database: new (file: string, mode: number, done: Opened) => DriverDatabase;
}

export type DriverName = 'sqlite3' | 'node:sqlite';

export interface Driver {
  readonly name: DriverName;
  readonly module: DriverModule;
}
