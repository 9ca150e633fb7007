/** Checks one process folder: every problem at once, each with its place and its remedy. Nothing throws for faults in the files. */
import type { Problem } from '../engine.js';
import type { Json, ProcessFiles } from './authored.js';
import { checks } from './checks/index.js';
import { deepFreeze } from './freeze.js';
import { createModel, type Model, processFileNames, type ReadableFiles, type Surroundings } from './model.js';
import { type ReadJson, readJson } from './read.js';
import { createReport, type Report, sorted } from './report.js';
import { checkSchema } from './schema.js';
import { suggestion } from './suggest.js';

export interface CheckedFolder {
  readonly problems: readonly Problem[];
  /** The parsed files, frozen; null when there is an error. */
  readonly files: ProcessFiles | null;
  readonly states: number;
  readonly transitions: number;
}

/**
 * `key`: the folder's name. `texts`: file name to text. `context`: the shared rules and all other processes, for what refers to them.
 * Files in problems are named `<key>/<file>`.
 */
export function checkProcess(key: string, texts: { readonly [file: string]: string }, context: Surroundings): CheckedFolder {
  const { values, reads, unreadable } = readFiles(texts);
  const report = createReport(`${key}/`, reads);
  for (const read of reads.values()) report.addPlaced(read.problems.map((one) => ({ ...one, file: `${key}/${one.file}` })));
  checkNames(key, texts, report);
  const files = checkSchemas(values, report);
  const model = createModel(key, files, context);
  for (const check of checks) check(model, report, { unreadable });
  const complete = !report.hasErrors && files['statechart.json'] !== undefined;
  return { problems: sorted(report.problems), files: complete ? deepFreeze(files as ProcessFiles) : null, ...countOf(model) };
}

function readFiles(texts: { readonly [file: string]: string }) {
  const reads = new Map<string, ReadJson>();
  const values = new Map<string, Json>();
  const unreadable = new Set<string>();
  for (const file of processFileNames) {
    const text = Object.hasOwn(texts, file) ? texts[file] : undefined;
    if (text === undefined) continue;
    const read = readJson(file, text);
    reads.set(file, read);
    if (read.value === undefined) unreadable.add(file);
    else values.set(file, read.value);
  }
  return { reads, values, unreadable };
}

const processKey = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,39}$/;
/** First parts of the engine's own event names (a process of this name could not send signals), and folders of the shared rules. */
const engineWords = new Set(['clock', 'approval', 'record', 'xstate', 'after', 'done', 'error', 'constructor', 'prototype', 'policy', 'reference', 'rules']);

function checkNames(key: string, texts: { readonly [file: string]: string }, report: Report): void {
  if (!processKey.test(key) || engineWords.has(key)) report.add('PROCESS_KEY', { file: 'statechart.json', pointer: '' }, { key });
  if (!Object.hasOwn(texts, 'statechart.json')) report.add('FILE_MISSING', { file: 'statechart.json', pointer: '' }, { name: 'statechart.json' });
  for (const name of Object.keys(texts)) {
    if ((processFileNames as readonly string[]).includes(name)) continue;
    report.add('FILE_UNKNOWN', { file: name, pointer: '' }, { name, suggestion: suggestion(name, processFileNames) });
  }
}

function checkSchemas(values: ReadonlyMap<string, Json>, report: Report): ReadableFiles {
  const files: Record<string, Json> = {};
  for (const [file, value] of values) {
    const accepted = checkSchema(file.slice(0, -'.json'.length), value, { file, report });
    if (accepted !== undefined) files[file] = accepted;
  }
  return files as ReadableFiles;
}

function countOf(model: Model): { states: number; transitions: number } {
  return { states: Math.max(0, model.states.length - 1), transitions: model.transitions.length };
}
