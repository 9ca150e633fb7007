/** `charter export`: records and their history as JSON lines or CSV, streamed. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import type { Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { EngineError, type HistoryView, type RecordView, type RunningEngine } from '../../../engine/index.js';
import { historyJson, recordJson } from '../../api/present.js';
import type { CliCommand } from '../command.js';
import { operator, withExistingStore } from '../existingStore.js';

function describe(command: Command): Command {
  return command
    .description('Writes records with their history as JSON lines, or as CSV for spreadsheets.')
    .option('--process <key>', 'only this process; default: all')
    .option('--format <format>', 'jsonl: a line a record with its history; csv: a row a record; csv-history: a row an entry', 'jsonl')
    .option('--out <file>', 'write to this new file; default: standard output')
    .option('--json', 'print {"records","entries","file"} at the end (on standard error when the export itself goes to standard output)')
    .addHelpText('after', '\nWhat would be a formula in a spreadsheet is written with an apostrophe before it. Confidential fields are named but left out.');
}

interface Layout {
  /** First line, if any. */
  readonly head: string;
  readonly lines: (record: RecordView, history: readonly HistoryView[]) => string;
  readonly withHistory: boolean;
}

const row = (cells: readonly unknown[]): string =>
  stringify([cells.map((cell) => (typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell))], { escape_formulas: true });

const recordColumns = [
  'number',
  'id',
  'process',
  'title',
  'status',
  'paths',
  'version',
  'definitionVersion',
  'createdAt',
  'createdBy',
  'updatedAt',
  'data',
  'clocks',
  'withheld',
] as const;
const historyColumns = [
  'sequence',
  'at',
  'recordedAt',
  'actor',
  'onBehalfOf',
  'origin',
  'event',
  'title',
  'from',
  'to',
  'changes',
  'data',
  'definitionVersion',
  'hash',
] as const;

const layouts: { readonly [format: string]: Layout } = {
  jsonl: { head: '', withHistory: true, lines: (record, history) => `${JSON.stringify({ ...recordJson(record), history: history.map(historyJson) })}\n` },
  csv: {
    head: row(recordColumns),
    withHistory: false,
    lines: (record) => {
      const shown = recordJson(record);
      return row(recordColumns.map((column) => (column === 'paths' ? shown.paths.join(' ') : shown[column])));
    },
  },
  'csv-history': {
    head: row(['number', ...historyColumns]),
    withHistory: true,
    lines: (record, history) => history.map((entry) => row([record.number, ...historyColumns.map((column) => historyJson(entry)[column])])).join(''),
  },
};

const PAGE = 200;

async function* pages<T>(read: (cursor: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const { items, next } = await read(cursor);
    yield* items;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}

async function historyOf(engine: RunningEngine, record: RecordView): Promise<readonly HistoryView[]> {
  const entries: HistoryView[] = [];
  for await (const entry of pages((cursor) => engine.history(record.id, operator, { limit: PAGE, ...(cursor ? { cursor } : {}) }))) entries.push(entry);
  return entries;
}

async function write(target: Writable, text: string): Promise<void> {
  if (text !== '' && !target.write(text)) await once(target, 'drain');
}

interface Exporting {
  readonly layout: Layout;
  readonly process: string | undefined;
  readonly target: Writable;
}

async function exportAll(engine: RunningEngine, { layout, process, target }: Exporting): Promise<{ readonly records: number; readonly entries: number }> {
  if (process !== undefined) await engine.definition(process, operator);
  const records = pages((cursor) =>
    engine.list(
      { sort: 'created', direction: 'asc', limit: PAGE, ...(process === undefined ? {} : { processes: [process] }), ...(cursor ? { cursor } : {}) },
      operator,
    ),
  );
  const count = { records: 0, entries: 0 };
  await write(target, layout.head);
  for await (const record of records) {
    const history = layout.withHistory ? await historyOf(engine, record) : [];
    await write(target, layout.lines(record, history));
    count.records += 1;
    count.entries += history.length;
  }
  return count;
}

/** A new file for its owner alone. @throws CONFIGURATION_INVALID when it is there already or can not be made. */
async function openNew(file: string): Promise<Writable> {
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  await once(stream, 'open').catch((error: unknown) => {
    throw new EngineError(
      'CONFIGURATION_INVALID',
      { variable: file, reason: (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'exists already; nothing was overwritten' : 'can not be written' },
      { cause: error },
    );
  });
  return stream;
}

export const exportCommand: CliCommand = {
  name: 'export',
  describe,
  run: (context, options) =>
    withExistingStore(context, async (engine) => {
      const layout = Object.hasOwn(layouts, String(options.format)) ? layouts[String(options.format)] : undefined;
      if (!layout) throw new EngineError('CONFIGURATION_INVALID', { variable: '--format', reason: `must be one of ${Object.keys(layouts).join(', ')}` });
      const file = typeof options.out === 'string' ? options.out : null;
      const target = file === null ? process.stdout : await openNew(file);
      const count = await exportAll(engine, { layout, process: options.process as string | undefined, target });
      if (file !== null) await new Promise<void>((resolve) => target.end(resolve));
      const summary =
        options.json === true
          ? JSON.stringify({ ...count, file })
          : `${count.records} records${layout.withHistory ? ` with ${count.entries} entries` : ''} exported.`;
      if (file === null) process.stderr.write(`${summary}\n`);
      else context.print(summary);
      return 0;
    }),
};
