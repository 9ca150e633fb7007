/** Tells one state of the engine's own code from another, so that what was found by earlier code is not taken for what this code would find. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

let known: string | null = null;

/** A mark that changes when any file of the engine does: its sizes and times, looked up once. */
export function checkerMark(): string {
  known ??= createHash('sha256')
    .update(JSON.stringify(filesIn(join(import.meta.dirname, '..'))))
    .digest('hex');
  return known;
}

function filesIn(folder: string): readonly (readonly [name: string, size: number, changed: number])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return [name, size, mtimeMs] as const;
    });
}
