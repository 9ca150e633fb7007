/** The shipped definitions as sources, read the way the engine reads its folders. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from '../../engine/engine.js';

const root = join(import.meta.dirname, '..', '..');

export function shippedSources(): Sources {
  return { processes: jsonFiles(join(root, 'processes')), rules: jsonFiles(join(root, 'rules')) };
}

function jsonFiles(folder: string, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).flatMap((name): [string, string][] => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return Object.entries(jsonFiles(path, `${prefix}${name}/`));
      return name.endsWith('.json') ? [[`${prefix}${name}`, readFileSync(path, 'utf8')]] : [];
    }),
  );
}
