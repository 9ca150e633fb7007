/** `charter check`: every problem of process folders at once, and how far their scenarios reach. Needs no store. */
import type { Command } from 'commander';
import { type CheckReport, type Problem, tryOutApart } from '../../../engine/index.js';
import { readDefinitionFolders } from '../../config.js';
import type { CliCommand } from '../command.js';
import { type CheckedFolder, gather } from '../definitionFolders.js';

function describe(command: Command): Command {
  return command
    .description('Checks process folders: every problem with its place and remedy, scenarios run, states explored.')
    .argument('[folder...]', 'a process folder, or a folder of them; default PROCESSES_DIR')
    .option('--json', 'print {"problems":[…],"processes":[…]}')
    .addHelpText(
      'after',
      '\nShared rules are those of RULES_DIR. A single process may refer to those beside it. Exits 1 when there is an error; warnings exit 0.',
    );
}

async function reportOf({ sources, only, shown }: CheckedFolder): Promise<CheckReport> {
  const { problems, processes } = await tryOutApart(sources, only);
  return { problems: problems.map((problem) => ({ ...problem, file: shown(problem.file) })), processes };
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`;

const line = ({ severity, file, line: row, column, code, message, remedy }: Problem): string =>
  `${file}:${row}:${column} ${severity} ${code}: ${message}\n    ${remedy}`;

function inWords({ problems, processes }: CheckReport): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = processes.map(
    ({ key, states, transitions, coveredTransitions, exploredStates, exploredSituations, exploredFully }) =>
      `${key}: ${plural(states, 'state')}, ${coveredTransitions} of ${plural(transitions, 'transition')} taken by scenarios, ${plural(exploredStates, 'state value')} explored in ${plural(exploredSituations, 'situation')}${exploredFully ? ', all there are' : ''}`,
  );
  return [
    ...problems.map(line),
    ...counts,
    `${plural(errors, 'error')} and ${plural(problems.length - errors, 'warning')} in ${plural(processes.length, 'process')}.`,
  ].join('\n');
}

/** Problems of shared rules show up with every folder; told once. */
function together(reports: readonly CheckReport[]): CheckReport {
  const problems = new Map(reports.flatMap((report) => report.problems).map((problem) => [JSON.stringify(problem), problem]));
  return { problems: [...problems.values()], processes: reports.flatMap((report) => report.processes) };
}

export const checkCommand: CliCommand = {
  name: 'check',
  describe,
  run: async (context, options, args) => {
    const settings = readDefinitionFolders();
    const folders = args.length > 0 ? args : [settings.processesDir];
    const reports: CheckReport[] = [];
    for (const folder of folders) reports.push(await reportOf(await gather(folder, settings)));
    const report = together(reports);
    context.print(options.json === true ? JSON.stringify(report) : inWords(report));
    return report.problems.some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};
