/** Opens the connections: one that writes, a few that read. Sequelize makes and holds them; nothing else in the product does. */
import { createRequire } from 'node:module';
import { type Connection, connectionOn } from './connection.js';
import { sqlite } from './dialect/sqlite.js';
import type { Driver, DriverDatabase, SqlRow, SqlValue } from './driver/contract.js';
import { withSettings } from './driver/withSettings.js';
import { failure } from './failures.js';

const { Sequelize } = createRequire(import.meta.url)('sequelize') as typeof import('sequelize');

/** Readers at most. Each busy connection holds one of libuv's four threads; the writer and everything else need the rest. */
const mostReaders = 2;

/** Runs queries outside the writer, on the last committed state. */
export interface Reader {
  all<T = SqlRow>(sql: string, params?: readonly SqlValue[]): Promise<T[]>;
}

export interface Database {
  readonly file: string;
  readonly driver: Driver;
  readonly writer: Connection;
  readonly reader: Reader;
  /** All connections open at the moment, for reading settings back. */
  readonly connections: () => readonly Connection[];
  close(): Promise<void>;
}

/** Opens `file`. Rejects with the driver's own error. */
export async function openDatabase(file: string, driver: Driver): Promise<Database> {
  const sequelize = new Sequelize({
    dialect: 'sqlite',
    storage: file,
    dialectModule: withSettings(driver.module, sqlite.onConnect),
    logging: false,
  });
  // Sequelize 6 has no public way to hold a connection; its dialects all have this one.
  const manager = sequelize.connectionManager as unknown as { getConnection(options: { uuid: string }): Promise<DriverDatabase> };
  const connect = async (name: string): Promise<Connection> => connectionOn(await manager.getConnection({ uuid: name }));
  const writer = await connect('writer');
  await writer.exec(sqlite.onWriting);
  const readers: Connection[] = [];
  let opening: Promise<Connection> | null = null;

  async function idlest(): Promise<Connection> {
    const free = readers.reduce<Connection | null>((best, one) => (best === null || one.pending() < best.pending() ? one : best), null);
    if (free && (free.pending() === 0 || readers.length + (opening ? 1 : 0) >= mostReaders)) {
      return free;
    }
    opening ??= connect(`reader-${readers.length + 1}`).then((made) => {
      readers.push(made);
      opening = null;
      return made;
    });
    return free ?? opening;
  }

  return {
    file,
    driver,
    writer,
    reader: {
      async all<T>(sql: string, params?: readonly SqlValue[]): Promise<T[]> {
        try {
          return await (await idlest()).all<T>(sql, params);
        } catch (cause) {
          throw failure(cause);
        }
      },
    },
    connections: () => [writer, ...readers],
    async close() {
      await opening;
      await Promise.all(readers.map((one) => one.close()));
      // Last, so that it is the one to fold the WAL into the file.
      await writer.close();
    },
  };
}
