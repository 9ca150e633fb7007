/** A connection of its own to the file that is cut. */
import type { Connection } from '../connection.js';
import { openDatabase } from '../database.js';
import { loadDriver } from '../driver/load.js';
import { openingFailure } from '../failures.js';
import { fileOf } from '../file.js';

export async function withSide<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const file = fileOf(url);
  const database = await openDatabase(file, loadDriver('auto')).catch((cause: unknown) => {
    throw openingFailure(file, cause);
  });
  try {
    return await work(database.writer);
  } catch (cause) {
    throw openingFailure(file, cause);
  } finally {
    await database.close();
  }
}
