/** Reading process folders and shared rules from disk, and noticing when they change. */
import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { every } from '../clock.js';
import type { Sources } from '../engine.js';

/** A larger file is no definition; its text is not read, and the checker says so. */
const MAX_BYTES = 1024 * 1024;
/** Editors write in several steps: changes are taken in once nothing has happened for this long, in milliseconds. */
const QUIET = 200;

/** The texts of all JSON files. Hidden files and links are passed over: a definition does not reach outside its folder. */
export async function readFolders(processesDir: string, rulesDir: string): Promise<Sources> {
  const [processes, rules] = await Promise.all([textsBelow(processesDir, 1), textsBelow(rulesDir, 1)]);
  return { processes, rules };
}

async function textsBelow(folder: string, depth: number, prefix = ''): Promise<Record<string, string>> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const texts: Record<string, string> = {};
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    const kind = await lstat(path).catch(() => null);
    if (kind?.isDirectory() && depth > 0) Object.assign(texts, await textsBelow(path, depth - 1, `${prefix}${name}/`));
    else if (kind?.isFile() && name.endsWith('.json') && prefix !== '') texts[`${prefix}${name}`] = kind.size > MAX_BYTES ? '' : await readFile(path, 'utf8').catch(() => '');
  }
  return texts;
}

/** Calls back when anything below the folders changed and then came to rest. Returns how to stop. */
export function watchFolders(folders: readonly string[], onChange: () => void): () => void {
  let pending = false;
  let quiet = 0;
  const touched = () => {
    pending = true;
    quiet = 0;
  };
  const watchers = folders.flatMap((folder): FSWatcher[] => {
    try {
      const watcher = watch(folder, { recursive: true, persistent: false }, touched);
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch {
      // A folder that is not there has nothing to watch.
      return [];
    }
  });
  const stop = every(QUIET / 2, () => {
    if (!pending) return;
    quiet += QUIET / 2;
    if (quiet < QUIET) return;
    pending = false;
    onChange();
  });
  return () => {
    stop();
    for (const watcher of watchers) watcher.close();
  };
}
