/** The database file itself: what its URL names, what state it is in, and how a new one comes to be. */
import { closeSync, existsSync, linkSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EngineError } from '../errors.js';
import { isOpenHere } from './oneLibrary.js';

/** The absolute path in `sqlite:…`. Throws STORE_UNUSABLE for any other URL. */
export function fileOf(url: string): string {
  if (/^postgres(ql)?:/.test(url)) {
    throw new EngineError('STORE_UNUSABLE', { path: 'postgres://…', reason: 'This works on a SQLite file only.' });
  }
  const named = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (!named || named.includes('\0') || named === ':memory:') {
    // What is no address may still have a password in it.
    const path = url.replace(/\/\/.*@/, '//…@');
    throw new EngineError('STORE_UNUSABLE', { path, reason: 'The address must be sqlite: followed by the path of a file.' });
  }
  return resolve(named);
}

/** `missing`: nothing is there, but its folder is. `empty`: a file of no bytes. Throws STORE_UNUSABLE for what can not be a database. */
export function stateOf(file: string): 'missing' | 'empty' | 'present' {
  const refuse = (reason: string): never => {
    throw new EngineError('STORE_UNUSABLE', { path: file, reason });
  };
  const folder = dirname(file);
  if (!existsSync(folder)) {
    return refuse('Its folder does not exist.');
  }
  if (!statSync(folder).isDirectory()) {
    return refuse('What should be its folder is a file.');
  }
  if (!existsSync(file)) {
    // SQLite would play it into the new file.
    return existsSync(`${file}-wal`)
      ? refuse('The file is gone but its write-ahead log (-wal) is still there. Put the file back, or move the log away.')
      : 'missing';
  }
  const { size, isDirectory } = { size: statSync(file).size, isDirectory: statSync(file).isDirectory() };
  if (isDirectory) {
    return refuse('There is a folder where the database file should be.');
  }
  if (size === 0) {
    return 'empty';
  }
  if (!isOpenHere(file)) {
    checkHeader(file, size, refuse);
  }
  return 'present';
}

function checkHeader(file: string, size: number, refuse: (reason: string) => never): void {
  const header = new Uint8Array(100);
  let read = 0;
  try {
    const handle = openSync(file, 'r');
    read = readSync(handle, header, 0, 100, 0);
    closeSync(handle);
  } catch {
    refuse('The file can not be read.');
  }
  if (read < 100 || new TextDecoder().decode(header.subarray(0, 15)) !== 'SQLite format 3') {
    refuse('The file is not a SQLite database.');
  }
  const view = new DataView(header.buffer);
  const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
  const walIsEmpty = !existsSync(`${file}-wal`) || statSync(`${file}-wal`).size === 0;
  // With a WAL the file itself may still be shorter than its header says.
  if (walIsEmpty && size < view.getUint32(28) * pageSize) {
    refuse('The database file is damaged: its end is missing. Restore it from a backup.');
  }
}

/** A check that the file is still the one it is now: writing on into a file that was removed or replaced would acknowledge what no restart finds. Throws READ_ONLY. */
export function samePlace(file: string): () => void {
  const { ino, dev } = statSync(file);
  return () => {
    const now = statSync(file, { throwIfNoEntry: false });
    if (now?.ino !== ino || now.dev !== dev) {
      throw new EngineError('READ_ONLY', { path: file, reason: 'The database file is gone or was replaced. Put it back, or restart with the new one.' });
    }
  };
}

/**
 * Makes a new database under another name and puts it in place whole: a process that dies in between leaves nothing that looks like an empty store.
 * When another process was faster its file stays.
 */
export async function makeFile(file: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${file}.new-${process.pid}-${drafts++}`;
  const leftovers = ['', '-wal', '-shm', '-journal'].map((end) => draft + end);
  try {
    // SQLite gives its WAL and SHM the permissions of the file.
    closeSync(openSync(draft, 'wx', 0o600));
    await fill(draft);
    linkSync(draft, file);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'EEXIST' || !existsSync(file)) {
      throw cause;
    }
  } finally {
    for (const one of leftovers) {
      rmSync(one, { force: true });
    }
  }
}

let drafts = 0;
