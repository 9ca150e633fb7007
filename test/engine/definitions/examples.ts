/** Checks an example of the table of problems as if it were a folder. */
import { checkProcess, readShared } from '../../../engine/definitions/index.js';
import type { Example } from '../../../engine/definitions/problems/kind.js';
import type { Problem } from '../../../engine/engine.js';

function toText(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content, null, 2);
}

export function textsOf(files: Example['files']): { readonly [file: string]: string } {
  return Object.fromEntries(Object.entries(files).map(([file, content]) => [file, toText(content)]));
}

/** All problems of an example, those of its shared rules first. */
export function problemsOf(example: Example | (() => Example)): readonly Problem[] {
  const { key = 'example', files, rules = {}, others = {} } = typeof example === 'function' ? example() : example;
  const { shared, problems } = readShared(textsOf(rules));
  const checked = checkProcess(key, textsOf(files), { shared, processes: new Map(Object.entries(others)) });
  return [...problems, ...checked.problems];
}

/** `CODE file pointer` of each problem. */
export function briefly(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code, file, pointer, message }) => `${code} ${file}${pointer}: ${message}`);
}
