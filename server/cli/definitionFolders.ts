/** What a folder on the command line means: one process, or a folder of them. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EngineError, readFolder, readFolders, type Sources } from '../../engine/index.js';

export interface CheckedFolder {
  readonly sources: Sources;
  /** The processes that are meant; the others are there to be referred to. */
  readonly only: ReadonlySet<string>;
  /** A problem's file as it is relative to the folder that was named. */
  readonly shown: (file: string) => string;
}

const fileNames = ['statechart', 'process', 'form', 'rules', 'scenarios', 'messages', 'migration'].map((name) => `${name}.json`);
const holdsProcess = (folder: string): boolean => fileNames.some((name) => existsSync(join(folder, name)));

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isDirectory())
    .map((entry) => entry.name);
}

function refuse(folder: string, reason: string): never {
  throw new EngineError('CONFIGURATION_INVALID', { variable: folder, reason });
}

/** Reads a folder with the shared rules. @throws CONFIGURATION_INVALID when there is no such folder or nothing to check in it. */
export async function gather(given: string, { processesDir, rulesDir }: { readonly processesDir: string; readonly rulesDir: string }): Promise<CheckedFolder> {
  const folder = resolve(given);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) refuse(given, 'is no folder');
  if (holdsProcess(folder)) return oneProcess(folder, { processesDir, rulesDir });
  const keys = foldersIn(folder);
  if (keys.length === 0) refuse(given, 'holds no process: a process is a folder with a statechart.json');
  return { sources: await readFolders(folder, rulesDir), only: new Set(keys), shown: (file) => file };
}

/** The process with those beside it; where it stands alone, with those in force. */
async function oneProcess(folder: string, { processesDir, rulesDir }: { readonly processesDir: string; readonly rulesDir: string }): Promise<CheckedFolder> {
  const key = basename(folder);
  const { rules } = await readFolders(join(folder, 'nothing here'), rulesDir);
  const beside = neighbours(folder);
  const processes: Record<string, string> = beside.length === 0 ? { ...(await readFolders(processesDir, rulesDir)).processes } : {};
  for (const name of beside) Object.assign(processes, under(name, await readFolder(join(dirname(folder), name))));
  for (const path of Object.keys(processes)) if (path.startsWith(`${key}/`)) delete processes[path];
  Object.assign(processes, under(key, await readFolder(folder)));
  return { sources: { processes, rules }, only: new Set([key]), shown: (file) => (file.startsWith(`${key}/`) ? file.slice(key.length + 1) : file) };
}

const neighbours = (folder: string): readonly string[] =>
  foldersIn(dirname(folder)).filter((name) => name !== basename(folder) && existsSync(join(dirname(folder), name, 'statechart.json')));

const under = (key: string, texts: { readonly [file: string]: string }): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([file, text]) => [`${key}/${file}`, text]));
