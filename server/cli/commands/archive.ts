/** `charter archive`: months of history that nobody works on, apart from the others; on PostgreSQL. */
import type { Command } from 'commander';
import { EngineError, type HistoryArchive, type HistoryMonth, type RunningEngine } from '../../../engine/index.js';
import type { CliCommand } from '../command.js';
import { withExistingStore } from '../existingStore.js';

function describe(command: Command): Command {
  return command
    .description('Moves the history of records born in past months into the archive of the database, or back. PostgreSQL only.')
    .option('--before <month>', 'archive every month before this one, e.g. 2025-01')
    .option('--back <month>', 'bring this month back')
    .option('--list', 'show months, entries, bytes and where they are; also what happens without any option')
    .option('--tablespace <name>', 'with --before: put the archived months there')
    .option('--json', 'print {"moved","months":[{"month","archived","entries","bytes","tablespace"}]}')
    .addHelpText(
      'after',
      `
Archived history is found, shown, verified, exported and protected like all other. What is added to a record of an archived month is kept with the
rest and read together with it. Each month is one transaction; servers wait for moments only, and a run that broke off is simply run again.
With --tablespace the files of a month are moved, and whoever reads that month waits meanwhile.`,
    );
}

function monthIn(value: unknown, variable: string): string {
  if (typeof value === 'string' && /^\d{4}-(?:0[1-9]|1[0-2])$/u.test(value)) return value;
  throw new EngineError('CONFIGURATION_INVALID', { variable, reason: 'must be a month such as 2025-01' });
}

function archiveIn({ store }: RunningEngine): HistoryArchive {
  if (store.historyArchive) return store.historyArchive;
  throw new EngineError('CONFIGURATION_INVALID', { variable: 'DATABASE_URL', reason: 'names a SQLite file; only PostgreSQL has an archive' });
}

interface Asked {
  readonly before?: unknown;
  readonly back?: unknown;
  readonly tablespace?: unknown;
}

/** @returns the months that were moved. */
async function carryOut(engine: RunningEngine, { before, back, tablespace }: Asked): Promise<readonly string[]> {
  const archive = archiveIn(engine);
  if (before !== undefined && back !== undefined) throw new EngineError('CONFIGURATION_INVALID', { variable: '--back', reason: 'can not go with --before' });
  if (back !== undefined) return bringBack(archive, monthIn(back, '--back'));
  if (before === undefined) return [];
  const limit = monthIn(before, '--before');
  if (limit > new Date(engine.now()).toISOString().slice(0, 7))
    throw new EngineError('CONFIGURATION_INVALID', { variable: '--before', reason: 'must not be after this month: records are still born in it' });
  const moved: string[] = [];
  for (const { month, archived, tablespace: place } of await archive.months()) {
    if (month === 'rest' || month >= limit) continue;
    if (!archived) await archive.archive(month);
    const moves = typeof tablespace === 'string' && tablespace !== place;
    if (moves) await archive.moveTo(month, tablespace);
    if (!archived || moves) moved.push(month);
  }
  return moved;
}

async function bringBack(archive: HistoryArchive, month: string): Promise<readonly string[]> {
  if (!(await archive.months()).some((one) => one.month === month && one.archived))
    throw new EngineError('CONFIGURATION_INVALID', { variable: '--back', reason: `names ${month}, which is not in the archive` });
  await archive.bringBack(month);
  return [month];
}

const line = ({ month, archived, entries, bytes, tablespace }: HistoryMonth): string =>
  `${month.padEnd(8)} ${archived ? 'archive' : 'in use '} ${String(entries).padStart(12)} entries ${String(bytes).padStart(15)} bytes${tablespace === null ? '' : `  in ${tablespace}`}`;

export const archiveCommand: CliCommand = {
  name: 'archive',
  describe,
  run: (context, options) =>
    withExistingStore(context, async (engine) => {
      const moved = await carryOut(engine, options);
      const months = await archiveIn(engine).months();
      const words = [...months.map(line), ...(moved.length === 0 ? [] : [`Moved ${moved.join(', ')}.`])];
      context.print(options.json === true ? JSON.stringify({ moved, months }) : words.join('\n'));
      return 0;
    }),
};
