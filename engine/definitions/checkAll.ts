/** Checks all process folders and the shared rules together. */
import type { Problem, Sources } from '../engine.js';
import type { FormFile, Json, ProcessFile, ProcessFiles, SharedRules } from './authored.js';
import { checkProcess } from './checkProcess.js';
import { readJson } from './read.js';
import { createReport } from './report.js';
import { checkSchema } from './schema.js';
import { readShared, takeShared } from './sharedRules.js';

export interface CheckedSources {
  readonly problems: readonly Problem[];
  readonly shared: SharedRules;
  /** False when the shared rules have an error: they must not be put in force. */
  readonly sharedOk: boolean;
  /** Processes without an error, by key. */
  readonly processes: ReadonlyMap<string, ProcessFiles>;
  /** Of every folder, faulty ones too. */
  readonly counts: ReadonlyMap<string, { readonly states: number; readonly transitions: number }>;
}

/** A process as others see it when they refer to it. */
type KnownProcess = { readonly form?: FormFile; readonly process?: ProcessFile };

/** What was checked before and found without errors, and need not be checked again. */
export interface Settled {
  readonly rules: boolean;
  readonly folder: (key: string) => boolean;
}

/** Folders that are `settled` are left out of the result; others may refer to them all the same. */
export function checkAll(sources: Sources, settled: Settled = { rules: false, folder: () => false }): CheckedSources {
  const { shared, problems: sharedProblems } = settled.rules ? { shared: takeShared(sources.rules), problems: [] } : readShared(sources.rules);
  const folders = byFolder(sources.processes);
  const problems: Problem[] = [...sharedProblems];
  const processes = new Map<string, ProcessFiles>();
  const counts = new Map<string, { states: number; transitions: number }>();
  const open = [...folders].filter(([key]) => !settled.folder(key));
  const others = open.length === 0 ? new Map<string, KnownProcess>() : new Map([...folders].map(([key, texts]) => [key, skim(texts)] as const));
  for (const [key, texts] of open) {
    const checked = checkProcess(key, texts, { shared, processes: others });
    problems.push(...checked.problems);
    counts.set(key, { states: checked.states, transitions: checked.transitions });
    if (checked.files) processes.set(key, checked.files);
  }
  return { problems, shared, sharedOk: !sharedProblems.some(({ severity }) => severity === 'error'), processes, counts };
}

/** `ticket/statechart.json` and the like, by folder; deeper paths keep their rest as the file's name. */
export function byFolder(texts: { readonly [path: string]: string }): ReadonlyMap<string, { readonly [file: string]: string }> {
  const folders = new Map<string, Record<string, string>>();
  for (const [path, text] of Object.entries(texts)) {
    const cut = path.indexOf('/');
    if (cut <= 0) continue;
    const folder = folders.get(path.slice(0, cut)) ?? {};
    folder[path.slice(cut + 1)] = text;
    folders.set(path.slice(0, cut), folder);
  }
  return folders;
}

/** What other processes need to know of a folder, faulty or not: an error in one is not an error in all that name it. */
function skim(texts: { readonly [file: string]: string }): KnownProcess {
  const read = (name: string): Json | undefined => {
    const file = `${name}.json`;
    const value = Object.hasOwn(texts, file) ? readJson(file, texts[file] as string).value : undefined;
    return value === undefined ? undefined : checkSchema(name, value, { file, report: createReport('', new Map()) });
  };
  const form = read('form') as unknown as FormFile | undefined;
  const process = read('process') as unknown as ProcessFile | undefined;
  return { ...(form ? { form } : {}), ...(process ? { process } : {}) };
}
