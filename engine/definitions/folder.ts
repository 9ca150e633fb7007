/** Reads definitions from folders, and tells when something in them changed. */

import { type FSWatcher, watch } from 'node:fs';
import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { pause } from '../clock.js';
import type { Sources } from '../engine.js';
import { MAX_FILE_BYTES } from './read.js';

/** Most files read of one folder tree: more is no folder of definitions. */
const MAX_FILES = 2_000;

/**
 * Reads all processes and shared rules. Hidden files and what is no file or folder are skipped, as are links that lead
 * outside. A folder that does not exist counts as empty. What is too large is cut, so that the checker refuses it.
 */
export async function readFolders(processesDir: string, rulesDir: string): Promise<Sources> {
  const [processes, rules] = await Promise.all([readTree(processesDir), readTree(rulesDir)]);
  return { processes: only(processes, (file) => file.includes('/') && !isReadme(file)), rules: only(rules, (file) => !isReadme(file)) };
}

/** Reads one process folder: file name to text. */
export async function readFolder(dir: string): Promise<{ readonly [file: string]: string }> {
  return only(await readTree(dir, 1), (file) => !isReadme(file));
}

function isReadme(file: string): boolean {
  return /(^|\/)(README|LICENSE|NOTICE)(\.[a-z]+)?$/i.test(file);
}

function only(texts: Record<string, string>, keep: (file: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([file]) => keep(file)));
}

/** Texts by path below `root`, with `/` between the parts, in order of their names; at most `depth` levels. */
async function readTree(root: string, depth = 3): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  const base = await realpath(root).catch(() => null);
  if (base === null) return texts;
  const visit = async (folder: string, prefix: string, left: number): Promise<void> => {
    for (const name of (await readdir(folder)).sort()) {
      if (isHidden(name) || Object.keys(texts).length >= MAX_FILES) continue;
      const kind = await kindOf(path.join(folder, name), base);
      if (kind === 'folder' && left > 1) await visit(path.join(folder, name), `${prefix}${name}/`, left - 1);
      if (kind === 'file') texts[prefix + name] = await readText(path.join(folder, name));
    }
  };
  await visit(base, '', depth);
  return texts;
}

/** Hidden files, and what editors leave beside a file while it is written. */
function isHidden(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~') || /\.(tmp|swp|swx|bak|orig)$/.test(name);
}

/** What stands there; a link counts as what it leads to, as long as that lies inside. Null: not to be read (or gone meanwhile). */
async function kindOf(file: string, base: string): Promise<'file' | 'folder' | null> {
  try {
    const target = await realpath(file);
    if (target !== base && !target.startsWith(base + path.sep)) return null;
    const stats = await lstat(target);
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : null;
  } catch {
    return null;
  }
}

/** UTF-8 text; what is not UTF-8 becomes a character that no definition may hold, so that the checker names the file. */
async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  const cut = bytes.length > MAX_FILE_BYTES ? bytes.subarray(0, MAX_FILE_BYTES + 1) : bytes;
  try {
    return new TextDecoder('utf-8', { fatal: cut === bytes }).decode(cut);
  } catch {
    return '\0 not UTF-8';
  }
}

/** How long nothing more must change before the folders count as written, in milliseconds. */
const QUIET = 150;

/**
 * Calls `onChange` soon after anything in the folders changed; many changes at once count as one. A file that is only
 * half written is read again when the rest arrives, because that is a change too. New sub-folders are watched as well.
 * Returns how to stop.
 */
export function watchFolders(dirs: readonly string[], onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let changes = 0;
  let closed = false;
  const changed = async (): Promise<void> => {
    changes += 1;
    const mine = changes;
    await pause(QUIET);
    if (closed || mine !== changes) return;
    await follow();
    if (!closed) onChange();
  };
  const follow = async (): Promise<void> => {
    const wanted = new Set((await Promise.all(dirs.map((dir) => foldersIn(dir)))).flat());
    if (closed) return;
    for (const [dir, watcher] of watchers) if (!wanted.has(dir)) end(dir, watcher);
    for (const dir of wanted) if (!watchers.has(dir)) begin(dir);
  };
  const begin = (dir: string): void => {
    try {
      const watcher = watch(dir, { persistent: false }, () => void changed());
      watcher.on('error', () => end(dir, watcher));
      watchers.set(dir, watcher);
    } catch {
      // The folder went away between listing and watching: its parent's change brings us back here.
    }
  };
  const end = (dir: string, watcher: FSWatcher): void => {
    watchers.delete(dir);
    watcher.close();
  };
  void follow();
  return () => {
    closed = true;
    for (const [dir, watcher] of watchers) end(dir, watcher);
  };
}

/** The folder and those below it that definitions may stand in. */
async function foldersIn(dir: string, depth = 2): Promise<readonly string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => null);
  if (entries === null) return [];
  const inner =
    depth > 0
      ? await Promise.all(
          entries.filter((entry) => entry.isDirectory() && !isHidden(entry.name)).map((entry) => foldersIn(path.join(dir, entry.name), depth - 1)),
        )
      : [];
  return [dir, ...inner.flat()];
}
