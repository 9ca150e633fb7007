/** One import from the two files to the account, and to the comparison where one is asked for. */
import { readFile } from 'node:fs/promises';
import { type Actor, type Engine, EngineError, type Json, monotonic } from '../../engine/index.js';
import { type AccountFigures, createAccount } from './account.js';
import { type Comparison, compare } from './comparison.js';
import { loadMapping } from './mapping.js';
import type { PeopleDoor } from './people.js';
import { createProgress, type ProgressOutput } from './progress.js';
import { openRefusedFile } from './refusedFile.js';
import { inspectImport, runImport } from './run.js';

export interface ImportRequest {
  readonly mapping: string;
  readonly file: string;
  /** Every refused row is written to this file. */
  readonly refused?: string;
  /** File of expected figures to compare with. */
  readonly expected?: string;
  readonly importer: Actor;
  readonly output?: ProgressOutput;
  readonly stopped?: () => boolean;
}

export interface ImportResult {
  readonly account: AccountFigures;
  readonly comparison: Comparison | null;
  readonly seconds: number;
  /** True where it was stopped before the end; a later run goes on. */
  readonly stopped: boolean;
}

/** Opens the engine the import works on, once the files are known to be sound. */
export type OpenEngine = () => Promise<Engine & PeopleDoor>;

/** @throws EngineError IMPORT_MAPPING_INVALID, IMPORT_FILE_UNREADABLE before anything has changed; others where the store fails. */
export async function importFile(request: ImportRequest, open: OpenEngine): Promise<ImportResult> {
  const mapping = await loadMapping(request.mapping);
  const expected = request.expected === undefined ? null : await readExpected(request.expected);
  if (expected !== null && mapping.file.compare === undefined)
    throw new EngineError('IMPORT_MAPPING_INVALID', {
      problems: [{ file: request.mapping, pointer: '', line: 1, message: 'a report needs the part "compare" of the mapping' }],
    });
  const { file, importer } = request;
  const inspection = await inspectImport({ mapping, file });
  const engine = await open();
  await mapping.suits(engine, importer);
  const refused = request.refused === undefined ? null : openRefusedFile(request.refused);
  const account = createAccount((row) => refused?.write(row));
  const began = monotonic();
  const progress = request.output === undefined ? null : createProgress(request.output, inspection.rows, monotonic);
  try {
    await runImport(
      { engine, mapping, file, importer, account, onProgress: (rows) => progress?.tell(rows), stopped: request.stopped ?? (() => false) },
      inspection,
    );
  } finally {
    progress?.end();
    await refused?.close();
  }
  const seconds = (monotonic() - began) / 1000;
  const comparison = expected === null ? null : await compare({ engine, mapping, file, reader: importer, expected });
  return { account: account.figures(), comparison, seconds, stopped: account.figures().rowsRead < inspection.rows };
}

async function readExpected(path: string): Promise<{ readonly [figure: string]: Json }> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as { readonly [figure: string]: Json };
    throw new Error('it is not a JSON object');
  } catch (error) {
    throw new EngineError('IMPORT_FILE_UNREADABLE', { file: path, reason: error instanceof Error ? error.message : 'it can not be read' }, { cause: error });
  }
}
