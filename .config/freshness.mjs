// Whether `.build` still matches the sources. Kept free of dependencies and fast: the launcher asks it on every start.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What `.build` is made of. A folder's own time counts too, so that a deleted file shows. */
const sources = ['engine', 'server', 'views', '.config/build.mjs', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

/** File in `.build` that holds the time of the newest source it was made of. Not compared with the time of building: clocks differ between machines. */
export const stamp = 'stamp.json';

/** The time of the newest source, milliseconds since the epoch. */
export function newestSource(top = root) {
  return Math.max(...sources.map((source) => newest(join(top, source))));
}

function newest(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) return 0;
  let latest = status.mtimeMs;
  if (status.isDirectory()) {
    for (const entry of readdirSync(path)) latest = Math.max(latest, newest(join(path, entry)));
  }
  return latest;
}

/** True when `.build` exists and no source is newer than those it was made of. */
export function isFresh(top = root) {
  if (!isBuilt(top)) return false;
  const { newest: made } = JSON.parse(readFileSync(join(top, '.build', stamp), 'utf8'));
  return newestSource(top) <= made;
}

/** True when there is something to run, fresh or not. */
export function isBuilt(top = root) {
  return existsSync(join(top, '.build', stamp));
}

/** True when the packages that build are installed; they are not after `npm ci --omit=dev`. */
export function canBuild(top = root) {
  return existsSync(join(top, 'node_modules', 'ts7', 'package.json')) && existsSync(join(top, 'node_modules', 'esbuild', 'package.json'));
}
