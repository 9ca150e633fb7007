/** A new database that is there whole or not at all: it is filled under another name and put in place when it is complete. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { databaseFile } from '../databaseFile.js';

const ENDS = ['', '-wal', '-shm', '-journal'];

/** Gives `fill` the address to fill. A database that is there already is filled where it is; after a failure nothing is left of a new one. */
export async function wholeOrNothing<T>(databaseUrl: string, fill: (databaseUrl: string) => Promise<T>): Promise<T> {
  const file = databaseFile(databaseUrl);
  if (file === null || existsSync(file)) return fill(databaseUrl);
  const draft = `${file}.loading-${process.pid}`;
  try {
    const filled = await fill(`sqlite:${draft}`);
    for (const end of ENDS) if (existsSync(draft + end)) renameSync(draft + end, file + end);
    return filled;
  } finally {
    for (const end of ENDS) rmSync(draft + end, { force: true });
  }
}
