/** Loads a mapping file: parsed, checked against the published schema and in itself, then bound to the columns of a file. */
import { readFile } from 'node:fs/promises';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Actor, type Engine, EngineError, publishedSchemas } from '../../engine/index.js';
import { trackedColumns } from './columnsUsed.js';
import { createInstantReader } from './instants.js';
import { checkColumns, checkMapping } from './mappingChecks.js';
import type { MappingFile } from './mappingFile.js';
import { checkProcess } from './mappingFits.js';
import { type MappingProblem, type MappingText, readMappingText } from './mappingText.js';

export interface Mapping {
  readonly name: string;
  readonly file: MappingFile;
  /** Columns whose differences the steps have to carry. */
  readonly tracked: readonly string[];
  /** Milliseconds since the epoch, or null where the text is no instant of the mapping's format. */
  readonly instant: (text: string) => number | null;
  readonly isUnknown: (text: string) => boolean;
  /** @throws EngineError IMPORT_MAPPING_INVALID where the file's columns are not those the mapping speaks of. */
  readonly bind: (columns: readonly string[]) => void;
  /** @throws EngineError IMPORT_MAPPING_INVALID where the process lacks an event, a field or a state of the mapping. */
  readonly suits: (engine: Engine, reader: Actor) => Promise<void>;
}

/** @throws EngineError IMPORT_MAPPING_INVALID, its facts naming every problem with file, pointer and line. */
export async function loadMapping(path: string): Promise<Mapping> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'the file can not be read as UTF-8 text';
    throw invalid([{ file: path, pointer: '', line: 1, message: reason }]);
  }
  return parseMapping(path, text);
}

/** The same from a text; `name` is what problems call it. */
export function parseMapping(name: string, text: string): Mapping {
  const read = readMappingText(name, text);
  if (read.problems.length > 0) throw invalid(read.problems);
  const shape = schemaProblems(read);
  if (shape.length > 0) throw invalid(shape);
  const file = read.value as MappingFile;
  throwAny(read, (report) => checkMapping(file, report));
  const unknown = new Set(['', ...(file.unknown ?? [])]);
  return {
    name,
    file,
    tracked: trackedColumns(file),
    instant: createInstantReader(file.time.format, file.time.zone),
    isUnknown: (cell) => unknown.has(cell),
    bind: (columns) => throwAny(read, (report) => checkColumns(file, columns, report)),
    async suits(engine, reader) {
      const faults: { pointer: string; message: string }[] = [];
      await checkProcess(file, { engine, reader }, (pointer, message) => void faults.push({ pointer, message }));
      throwAny(read, (report) => {
        for (const fault of faults) report(fault.pointer, fault.message);
      });
    },
  };
}

let compiled: ValidateFunction | null = null;

function schemaProblems(read: MappingText): MappingProblem[] {
  compiled ??= new Ajv2020({ allErrors: true, strict: false }).compile(publishedSchemas().get('mapping') ?? {});
  if (compiled(read.value)) return [];
  const found = compiled.errors ?? [];
  const errors = found.filter((error) => error.keyword !== 'anyOf' || !isExplained(error, found));
  return errors.map((error) => read.problemAt(pointerOf(error), messageOf(error)));
}

/** A refused choice is told by its parts where one of them says more. */
function isExplained(choice: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return errors.some((error) => error.instancePath.startsWith(`${choice.instancePath}/`));
}

function pointerOf(error: ErrorObject): string {
  const extra = error.keyword === 'additionalProperties' ? `/${String(error.params.additionalProperty).replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
  return `${error.instancePath}${extra}`;
}

function messageOf(error: ErrorObject): string {
  if (error.keyword === 'additionalProperties') return 'this key is not known here';
  if (error.keyword === 'enum') return `must be one of ${(error.params.allowedValues as unknown[]).join(', ')}`;
  return error.message ?? 'is not valid';
}

function throwAny(read: MappingText, check: (report: (pointer: string, message: string) => void) => void): void {
  const problems: MappingProblem[] = [];
  check((pointer, message) => void problems.push(read.problemAt(pointer, message)));
  if (problems.length > 0) throw invalid(problems);
}

function invalid(problems: readonly MappingProblem[]): EngineError {
  return new EngineError('IMPORT_MAPPING_INVALID', { problems });
}
