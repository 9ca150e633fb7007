/** Files for the tests of the import, each in a folder of its own that is removed afterwards. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { EngineError } from '../../../engine/index.js';

export const excerpt = fileURLToPath(new URL('./uci-incidents.csv', import.meta.url));
export const mappingFile = fileURLToPath(new URL('./uci-incidents.mapping.json', import.meta.url));
export const excerptText = readFileSync(excerpt, 'utf8');

export interface Files {
  readonly path: string;
  write(name: string, content: string | Uint8Array): string;
}

/** Makes a folder; the path of a file in it comes from the function that is given back. */
export function folder(): Files {
  const path = mkdtempSync(join(tmpdir(), 'charter-import-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
  };
}

/** The error a promise is refused with; its facts name the place. */
export async function refusal(work: Promise<unknown>): Promise<EngineError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
