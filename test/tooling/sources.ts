import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The absolute path of something in the checkout. */
export function projectPath(path: string): string {
  return join(root, path);
}

export interface SourceFile {
  /** Relative to the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** All files below `folder` whose name ends in one of `endings`, read as text and sorted by path; none when there is no such folder. */
export function sourceFiles(folder: string, endings: readonly string[]): SourceFile[] {
  return readFolder(join(root, folder))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function readFolder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** `path:line: the line` of every line for which `matches` holds. */
export function linesMatching(files: readonly SourceFile[], matches: (line: string) => boolean): string[] {
  return files.flatMap((file) =>
    file.text.split('\n').flatMap((line, index) => (matches(line) ? [`${file.path}:${index + 1}: ${line.trim().slice(0, 160)}`] : [])),
  );
}

/** TypeScript with its comments blanked, line numbers kept. Texts that contain comment signs stay as they are. */
export function withoutComments(text: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}
