/** Which test files open stores through `test/databases.ts`; what does not would come to the same on either kind of store. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectPath, sourceFiles } from './sources.js';

/** Their paths, from the checkout. */
export function storeBoundTests(folders: readonly string[]): readonly string[] {
  const known = new Map<string, boolean>();
  const tests = folders.flatMap((folder) => sourceFiles(folder, ['.test.ts'])).map(({ path }) => path);
  return tests.filter((path) => reachesDatabases(path, known));
}

/** Follows the imports that stay within the tests. */
function reachesDatabases(path: string, known: Map<string, boolean>): boolean {
  if (path === 'test/databases.ts') return true;
  const before = known.get(path);
  if (before !== undefined) return before;
  known.set(path, false);
  const text = readFileSync(projectPath(path), 'utf8');
  const imported = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)\.js'/g)].map(([, name = '']) => `${join(dirname(path), name)}.ts`);
  const bound = imported.some((to) => to.startsWith('test/') && existsSync(projectPath(to)) && reachesDatabases(to, known));
  known.set(path, bound);
  return bound;
}
