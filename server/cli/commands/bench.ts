/** `charter bench`: durable steps a second beside the raw driver's limit for the same bytes in the same run. */
import { mkdirSync } from 'node:fs';
import { type BenchRow, EngineError, measureEngine } from '../../../engine/index.js';
import type { CliCommand } from '../command.js';

export const benchCommand: CliCommand = {
  name: 'bench',
  describe: (command) =>
    command
      .description('Measures durable steps per second through the engine, in process, beside the limit of the raw driver.')
      .option('--callers <numbers>', 'concurrent callers, comma separated', '1,16,64')
      .option('--records <numbers>', 'records that exist before, comma separated', '0')
      .option('--rounds <number>', 'rounds; the median counts', '5')
      .option('--steps <number>', 'steps of one measurement', '5000')
      .option('--database-url <address>', 'an empty PostgreSQL database to measure instead of a SQLite file in DATA_DIR; it is filled')
      .option('--json', 'print JSON'),
  async run(context, options) {
    const { dataDir } = context.config();
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const json = options.json === true;
    const records = numbers(options.records, 'records', 0);
    const databaseUrl = typeof options.databaseUrl === 'string' ? options.databaseUrl : undefined;
    if (databaseUrl !== undefined && (!/^postgres(ql)?:/u.test(databaseUrl) || records.length > 1))
      throw new EngineError('QUERY_INVALID', { parameter: '--database-url', reason: 'a PostgreSQL address, with one number of --records' });
    const rows = await measureEngine({
      folder: dataDir,
      callers: numbers(options.callers, 'callers', 1),
      records,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      rounds: numbers(options.rounds, 'rounds', 1)[0] ?? 5,
      steps: numbers(options.steps, 'steps', 1)[0] ?? 5_000,
      onProgress: (message) => void process.stderr.write(`${message}\n`),
    });
    context.print(json ? JSON.stringify({ rows }) : table(rows));
    return 0;
  },
};

function numbers(given: unknown, option: string, least: number): readonly number[] {
  const parsed = String(given).split(',').map(Number);
  const bad = parsed.find((value) => !Number.isInteger(value) || value < least || value > 10_000_000);
  if (bad !== undefined) throw new EngineError('QUERY_INVALID', { parameter: `--${option}`, reason: `whole numbers from ${least}, comma separated` });
  return parsed;
}

const columns = ['store', 'callers', 'records', 'steps', 'limit', 'ratio', 'p50', 'p99', 'bytesPerStep', 'rssMiB'] as const;

function table(rows: readonly BenchRow[]): string {
  const lines = [[...columns] as string[], ...rows.map((row) => columns.map((column) => String(row[column])))];
  const widths = columns.map((_column, index) => Math.max(...lines.map((line) => (line[index] ?? '').length)));
  return lines.map((line) => line.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  ')).join('\n');
}
