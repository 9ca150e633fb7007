/** A new database that is there whole or not at all: it is filled in another place and put where it belongs when it is complete. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyStore } from '../../engine/index.js';
import { databaseFile } from '../databaseFile.js';

const ENDS = ['', '-wal', '-shm', '-journal'];

/**
 * Gives `fill` the address to fill. A file that is there already is filled where it is; a PostgreSQL must hold no records, definitions or people.
 * After a failure nothing is left of a new one.
 */
export async function wholeOrNothing<T>(databaseUrl: string, fill: (databaseUrl: string) => Promise<T>): Promise<T> {
  const file = databaseFile(databaseUrl);
  if (file === null) return intoDatabase(databaseUrl, fill);
  return existsSync(file) ? fill(databaseUrl) : inNewFile(file, fill);
}

async function inNewFile<T>(file: string, fill: (databaseUrl: string) => Promise<T>): Promise<T> {
  const draft = `${file}.loading-${process.pid}`;
  try {
    const filled = await fill(`sqlite:${draft}`);
    for (const end of ENDS) if (existsSync(draft + end)) renameSync(draft + end, file + end);
    return filled;
  } finally {
    for (const end of ENDS) rmSync(draft + end, { force: true });
  }
}

/** Filled in a file first and then copied in one transaction. */
async function intoDatabase<T>(databaseUrl: string, fill: (databaseUrl: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'charter-loading-'));
  try {
    const draft = `sqlite:${join(folder, 'draft.sqlite')}`;
    const filled = await fill(draft);
    await copyStore({ from: draft, to: databaseUrl });
    return filled;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
