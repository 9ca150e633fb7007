/** `charter import`: brings the event log of another system in, through the same door as everything else. */
import { type Command, Option } from 'commander';
import type { Actor, EngineOptions, RunningEngine } from '../../../engine/index.js';
import { createEngine, EngineError } from '../../../engine/index.js';
import { type ImportResult, importFile } from '../../import/importFile.js';
import { printAccount, printComparison } from '../../import/print.js';
import { openThrowAway } from '../../import/throwAway.js';

/** Who runs an import that nobody in particular runs. */
const SYSTEM = 'system';

export interface ImportOptions {
  readonly mapping: string;
  readonly file: string;
  readonly dryRun?: boolean;
  readonly refused?: string;
  readonly report?: string;
  readonly as: string;
  readonly json?: boolean;
}

/** Names the command, its options and its help. */
export function describeImport(command: Command): Command {
  return command
    .description('Brings the event log of another system in as records, with its own instants, people and states.')
    .requiredOption('--mapping <file>', 'how rows become steps: a JSON file, see /schemas/mapping.json')
    .requiredOption('--file <file>', 'the log: CSV with a header line, UTF-8, gzip as it is')
    .option('--dry-run', 'decide everything on a throw-away copy and write nothing')
    .option('--refused <file>', 'write every refused row to this CSV file')
    .option('--report <file>', 'compare what Charter then holds with the figures in this JSON file')
    .addOption(new Option('--as <user>', "who runs the import; steps are taken on this user's behalf").default(SYSTEM))
    .option('--json', 'print the account as JSON')
    .addHelpText(
      'after',
      '\nA run that was interrupted goes on where it stopped, a second run changes nothing. No mail is sent.\nRows the process refuses are told by kind and do not stop it; exits 1 when nothing could be taken.',
    );
}

/** Runs it. @returns the exit code: 0 when it came to the end, 1 when every row was refused, 130 when it was stopped. */
export async function runImportCommand(options: ImportOptions, engineOptions: EngineOptions): Promise<number> {
  const importer: Actor = { id: options.as, roles: ['administrator'], teams: [] };
  const closing: (() => Promise<void>)[] = [];
  const open = async () => {
    const opened =
      options.dryRun === true
        ? await openThrowAway(engineOptions)
        : await createEngine({ ...engineOptions, watch: false }).then((engine) => ({ engine, close: () => engine.close() }));
    closing.push(() => opened.close());
    await checkImporter(opened.engine, options.as);
    return opened.engine;
  };
  const interrupt = onInterrupt();
  try {
    const { mapping, file, refused, report } = options;
    const request = {
      mapping,
      file,
      importer,
      output: process.stderr,
      stopped: interrupt.happened,
      ...(refused === undefined ? {} : { refused }),
      ...(report === undefined ? {} : { expected: report }),
    };
    const result = await importFile(request, open);
    process.stdout.write(options.json === true ? `${JSON.stringify(toJson(result))}\n` : toText(result, options.dryRun === true));
    if (result.stopped) process.stderr.write('Stopped before the end; run it again to go on.\n');
    const { rowsRead, rowsRefused } = result.account;
    return result.stopped ? 130 : rowsRead > 0 && rowsRefused === rowsRead ? 1 : 0;
  } finally {
    interrupt.forget();
    for (const close of closing) await close();
  }
}

/** Steps are never taken on behalf of somebody who does not exist. */
async function checkImporter(engine: RunningEngine, name: string): Promise<void> {
  if (name === SYSTEM) return;
  const user = await engine.people.user(name);
  if (user?.active !== true) throw new EngineError('DATA_INVALID', { fields: [{ field: 'as', message: `There is nobody called ${name} who may sign in.` }] });
}

function toJson({ account, comparison, seconds, stopped }: ImportResult): object {
  const { rowsRead, records, steps, unchanged, refused, adjusted, ...rest } = account;
  return { rowsRead, records, steps, unchanged, refused, adjusted, ...rest, seconds, stopped, ...(comparison === null ? {} : { report: comparison }) };
}

function toText({ account, comparison, seconds }: ImportResult, dryRun: boolean): string {
  return `${printAccount(account, { dryRun, seconds })}${comparison === null ? '' : `\n${printComparison(comparison)}`}`;
}

/** The first Ctrl-C lets the cases under way come to their end, the second ends at once. */
function onInterrupt(): { happened: () => boolean; forget: () => void } {
  let happened = false;
  const note = (): void => {
    happened = true;
    process.removeListener('SIGINT', note);
    process.removeListener('SIGTERM', note);
  };
  process.on('SIGINT', note);
  process.on('SIGTERM', note);
  return { happened: () => happened, forget: note };
}
