/** `charter migrate`: moves the open records of a process to another of its versions, each by a step of its own. */
import type { Command } from 'commander';
import { EngineError, type RecordView, type RunningEngine } from '../../../engine/index.js';
import type { CliCommand } from '../command.js';
import { operator, withExistingStore } from '../existingStore.js';

function describe(command: Command): Command {
  return command
    .description('Moves open records of a process to another definition version. (The schema of the store migrates at start.)')
    .requiredOption('--process <key>', 'the process')
    .option('--to <version>', 'hash of a published version, or its first 8 digits or more; default: the version in force')
    .option('--dry-run', 'decide everything and write nothing')
    .option('--json', 'print {"process","to","dryRun","moved","unchanged","refused","records":[…]}')
    .addHelpText(
      'after',
      '\nHow fields, states, clocks, timers and votes come over is told by migration.json of the version. Exits 1 when a record was refused; the others are moved.',
    );
}

interface Outcome {
  readonly record: string;
  readonly from: string;
  readonly outcome: 'moved' | 'unchanged' | 'refused';
  readonly state?: RecordView['state'];
  readonly code?: string;
  readonly message?: string;
}

const PAGE = 200;

/** The full hash; the shortest unambiguous beginning will do. */
async function versionOf(engine: RunningEngine, process: string, given: string | undefined): Promise<string> {
  const { hash: current } = await engine.definition(process, operator);
  if (given === undefined) return current;
  const found = (await engine.versions(process, operator)).filter(({ hash }) => hash.startsWith(given));
  const [only] = found;
  if (!only || found.length > 1 || given.length < 8)
    throw new EngineError('VERSION_NOT_FOUND', { process, version: given, ...(found.length > 1 ? { reason: 'Several versions begin like this.' } : {}) });
  return only.hash;
}

async function move(engine: RunningEngine, record: RecordView, { to, dryRun }: { readonly to: string; readonly dryRun: boolean }): Promise<Outcome> {
  const { number, definitionVersion: from } = record;
  if (from === to) return { record: number, from, outcome: 'unchanged' };
  try {
    const step = await engine.migrate({ record: record.id, actor: operator, to, dryRun });
    return { record: number, from, outcome: 'moved', state: step.record.state };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { reason, fields } = error.facts;
    const more =
      typeof reason === 'string' ? ` ${reason}` : Array.isArray(fields) ? ` ${fields.map(({ field, message }) => `${field}: ${message}`).join(' ')}` : '';
    return { record: number, from, outcome: 'refused', code: error.code, message: error.message + more };
  }
}

async function* openRecords(engine: RunningEngine, process: string): AsyncGenerator<RecordView> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<RunningEngine['list']>> = await engine.list(
      { processes: [process], status: 'active', sort: 'created', direction: 'asc', limit: PAGE, ...(cursor === null ? {} : { cursor }) },
      operator,
    );
    yield* page.items;
    cursor = page.next;
  } while (cursor !== null);
}

function inWords(report: {
  readonly to: string;
  readonly dryRun: boolean;
  readonly moved: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly records: readonly Outcome[];
}): string {
  const refused = report.records.filter(({ outcome }) => outcome === 'refused').map(({ record, code, message }) => `${record} refused, ${code}: ${message}`);
  return [
    ...refused,
    `${report.moved} ${report.dryRun ? 'would be moved' : 'moved'} to ${report.to.slice(0, 12)}, ${report.unchanged} there already, ${report.refused} refused.`,
  ].join('\n');
}

export const migrateCommand: CliCommand = {
  name: 'migrate',
  describe,
  run: (context, options) =>
    withExistingStore(context, async (engine) => {
      const process = String(options.process);
      const to = await versionOf(engine, process, options.to as string | undefined);
      const dryRun = options.dryRun === true;
      const records: Outcome[] = [];
      for await (const record of openRecords(engine, process)) records.push(await move(engine, record, { to, dryRun }));
      const count = (wanted: Outcome['outcome']): number => records.filter(({ outcome }) => outcome === wanted).length;
      const report = {
        process,
        to,
        dryRun,
        moved: count('moved'),
        unchanged: count('unchanged'),
        refused: count('refused'),
        records: records.filter(({ outcome }) => outcome !== 'unchanged'),
      };
      context.print(options.json === true ? JSON.stringify(report) : inWords(report));
      return report.refused === 0 ? 0 : 1;
    }),
};
