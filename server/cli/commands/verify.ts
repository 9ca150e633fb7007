/** `charter verify`: recomputes and replays everything that was recorded. Reads only. */
import type { Command } from 'commander';
import type { VerifyProblem, VerifyReport } from '../../../engine/index.js';
import type { CliCommand } from '../command.js';
import { operator, withExistingStore } from '../existingStore.js';

function describe(command: Command): Command {
  return command
    .description('Recomputes every chain, commitment, clock and checkpoint and replays every record.')
    .option('--record <id or number>', 'only this record')
    .option('--json', 'print {"entries","records","checkpoints","problems":[…]}')
    .addHelpText(
      'after',
      '\nReads only; may run beside a server. Exits 1 on any problem. Entries made by another engine or time-zone version that come out differently are warnings.',
    );
}

const line = (mark: string, { kind, record, sequence, message }: VerifyProblem): string =>
  `${mark} ${kind}${record === null ? '' : ` ${record}`}${sequence === null ? '' : ` #${sequence}`}: ${message}`;

function inWords({ entries, records, checkpoints, erased, problems, warnings }: VerifyReport): string {
  const verdict = problems.length === 0 ? 'Nothing was altered, added or removed.' : `${problems.length} problem${problems.length === 1 ? '' : 's'}.`;
  const gone = erased > 0 ? `, ${erased} erased values` : '';
  return [
    ...problems.map((one) => line('problem', one)),
    ...warnings.map((one) => line('warning', one)),
    `${entries} entries of ${records} records, ${checkpoints} checkpoints${gone}. ${verdict}`,
  ].join('\n');
}

/** Told on standard error, and only where somebody looks. */
function progress(): { readonly onProgress?: (done: number, total: number) => void } {
  return process.stderr.isTTY ? { onProgress: (done, total) => void process.stderr.write(`\r${done} of ${total} entries${done >= total ? '\n' : ''}`) } : {};
}

export const verifyCommand: CliCommand = {
  name: 'verify',
  describe,
  run: (context, options) =>
    withExistingStore(context, async (engine) => {
      const record = typeof options.record === 'string' ? (await engine.record(options.record, operator)).id : undefined;
      const report = await engine.verify({ ...progress(), ...(record === undefined ? {} : { record }) });
      context.print(options.json === true ? JSON.stringify(report) : inWords(report));
      return report.problems.length === 0 ? 0 : 1;
    }),
};
