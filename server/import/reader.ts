/** Reads a CSV file, gzipped or not, as a stream: strict UTF-8, one header line, every row as long as the header. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { EngineError } from '../../engine/index.js';
import type { SourceCase, SourceRow, SourceSummary } from './source.js';

/** Longest row read, and most rows of one case held together. */
export const limits = { rowBytes: 1_000_000, rowsPerCase: 20_000, columns: 1_000 } as const;

interface RawRow {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** Reads the file once from end to end, so that a fault in the last line is known before the first step is taken. */
export async function inspectSource(
  file: string,
  on: { readonly header: (columns: readonly string[]) => void; readonly row: (row: SourceRow) => void },
): Promise<SourceSummary> {
  let rows = 0;
  for await (const row of readRows(file, on.header)) {
    rows += 1;
    on.row(row);
  }
  return { file, rows };
}

/** The file case by case. Rows of a case stand together; a case that comes again later is given again. */
export async function* readCases(file: string, caseColumn: string): AsyncGenerator<SourceCase> {
  let key: string | null = null;
  let rows: SourceRow[] = [];
  for await (const row of readRows(file)) {
    const own = row.cells[caseColumn] ?? '';
    if (key !== null && own !== key) {
      yield { key, rows };
      rows = [];
    }
    key = own;
    rows.push(row);
    if (rows.length > limits.rowsPerCase) throw unreadable(file, `a case has more than ${limits.rowsPerCase} rows`, { line: row.line, case: key });
  }
  if (key !== null) yield { key, rows };
}

/** @throws EngineError IMPORT_FILE_UNREADABLE with the line, and the column where there is one. */
export async function* readRows(file: string, onHeader: (columns: readonly string[]) => void = () => {}): AsyncGenerator<SourceRow> {
  const place = { line: 1 };
  const parser = parse({ bom: true, info: true, relax_column_count: true, max_record_size: limits.rowBytes, skip_empty_lines: true });
  const bytes = await openBytes(file);
  const text = bytes.pipe(strictUtf8(file, place));
  bytes.once('error', (error) => text.destroy(error));
  text.once('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let columns: readonly string[] | null = null;
  let line = 1;
  // The parser counts a carriage return and line feed within quotes as two lines.
  let doubled = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<RawRow>) {
      const inCells = lineEndsIn(record);
      const ends = info.lines - doubled - inCells.crlf;
      doubled += inCells.crlf;
      if (columns === null) {
        columns = checkHeader(file, record);
        onHeader(columns);
      } else {
        yield toRow(file, columns, { record, line: ends - inCells.all });
      }
      line = ends + 1;
    }
  } catch (error) {
    throw named(file, error, line);
  } finally {
    bytes.destroy();
    text.destroy();
    parser.destroy();
  }
  if (columns === null) throw unreadable(file, 'the file is empty', { line: 1 });
}

/** Line ends within the cells of a row, which then spans several lines. */
function lineEndsIn(record: readonly string[]): { readonly all: number; readonly crlf: number } {
  let all = 0;
  let crlf = 0;
  for (const cell of record) {
    if (!cell.includes('\n')) continue;
    all += cell.split('\n').length - 1;
    crlf += cell.split('\r\n').length - 1;
  }
  return { all, crlf };
}

async function openBytes(file: string): Promise<Readable> {
  const head = new Uint8Array(2);
  try {
    const handle = await open(file, 'r');
    try {
      await handle.read(head, 0, 2, 0);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, reasonOf(error), {}, error);
  }
  const raw = createReadStream(file);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return raw;
  const gunzip = createGunzip();
  raw.once('error', (error) => gunzip.destroy(error));
  gunzip.once('close', () => raw.destroy());
  return raw.pipe(gunzip);
}

/** Passes bytes on once they are known to be UTF-8; a file in another encoding is refused, never guessed at. */
function strictUtf8(file: string, place: { line: number }): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const accept = (chunk: Uint8Array | undefined, done: TransformCallback): void => {
    try {
      const text = chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
      for (const character of text) if (character === '\n') place.line += 1;
      done(null, chunk);
    } catch (error) {
      done(unreadable(file, 'the text is not UTF-8', { line: place.line + linesBeforeFault(chunk) }, error));
    }
  };
  return new Transform({ transform: (chunk: Uint8Array, _encoding, done) => accept(chunk, done), flush: (done) => accept(undefined, done) });
}

/** Lines of a chunk that are sound before the first broken sequence. */
function linesBeforeFault(chunk: Uint8Array | undefined): number {
  if (chunk === undefined) return 0;
  const at = new TextDecoder('utf-8').decode(chunk).indexOf('\uFFFD');
  return at < 0 ? 0 : new TextDecoder('utf-8').decode(chunk).slice(0, at).split('\n').length - 1;
}

function checkHeader(file: string, header: readonly string[]): readonly string[] {
  const fault = (reason: string, column: number): EngineError => unreadable(file, reason, { line: 1, column });
  if (header.length > limits.columns) throw fault(`more than ${limits.columns} columns`, limits.columns + 1);
  header.forEach((name, index) => {
    if (name.trim() === '') throw fault('a column has no name', index + 1);
    if (header.indexOf(name) !== index) throw fault(`the column ${JSON.stringify(name)} is there twice`, index + 1);
  });
  return header;
}

function toRow(file: string, columns: readonly string[], row: { readonly record: readonly string[]; readonly line: number }): SourceRow {
  const { record, line } = row;
  if (record.length !== columns.length) {
    const place = { line, column: columns[Math.min(record.length, columns.length - 1)] };
    throw unreadable(file, `the row has ${record.length} cells, the header ${columns.length}`, place);
  }
  const cells = Object.create(null) as Record<string, string>;
  columns.forEach((column, index) => {
    cells[column] = record[index] ?? '';
  });
  return { line, cells };
}

function named(file: string, error: unknown, line: number): EngineError {
  if (error instanceof EngineError) return error;
  if (error instanceof CsvError) return unreadable(file, error.message, { line: typeof error.lines === 'number' ? error.lines : line }, error);
  return unreadable(file, reasonOf(error), { line }, error);
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'the file may not be read',
    EISDIR: 'it is a folder',
    Z_BUF_ERROR: 'the gzip stream ends too early',
    Z_DATA_ERROR: 'the gzip stream is damaged',
  };
  return (code !== undefined && words[code]) || (error instanceof Error ? error.message : 'it can not be read');
}

function unreadable(file: string, reason: string, place: Readonly<Record<string, unknown>>, cause?: unknown): EngineError {
  return new EngineError('IMPORT_FILE_UNREADABLE', { file, reason, ...place }, cause === undefined ? undefined : { cause });
}
