/** Where the checkout is, whether this runs from the sources or from what was built of them. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json')) && existsSync(join(from, 'views'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('The folder that holds package.json and views was not found.');
  return findRoot(parent);
}

/** Absolute path of the checkout. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));
export const viewsFolder = join(root, 'views');
/** Scripts bundled by the build; absent until it has run, and pages work without them. */
export const bundleFolder = join(root, '.build', 'views', 'assets');

const ofPrograms = /^\/(?:api|schemas)(?:\/|$)|^\/(?:healthz|readyz|metrics)$/u;

/** Addresses that programs ask: no session, and errors as problem documents. */
export function isForPrograms(path: string): boolean {
  return ofPrograms.test(path);
}

const ofWatchers = /^\/(?:healthz|readyz|metrics)$/u;

/** Addresses by which the server is watched: answered however busy it is. */
export function isForWatchers(path: string): boolean {
  return ofWatchers.test(path);
}
