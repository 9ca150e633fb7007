/** `charter doctor`: looks at everything an installation needs and says what is wrong with it. */
import type { Command } from 'commander';
import type { CliCommand } from '../command.js';
import { type Finding, worst } from '../doctor/finding.js';
import { examineDisk, examineFolders } from '../doctor/place.js';
import { examineStore } from '../doctor/store.js';
import { withExistingStore } from '../existingStore.js';

function describe(command: Command): Command {
  return command
    .description('Checks settings, driver, database, disk, folders, permissions, definitions, attachments and a sample of the history.')
    .option('--sample <records>', 'how many of the newest records are verified', '20')
    .option('--json', 'print {"ok","checks":[{"name","status","detail","remedy"}]}')
    .addHelpText(
      'after',
      '\nChanges nothing; may run beside a server. Exits 1 when a check failed; warnings exit 0. charter verify looks at the whole history.',
    );
}

const marks = { ok: '  ok  ', warning: ' warn ', failed: 'FAILED' } as const;

const line = ({ name, status, detail, remedy }: Finding): string =>
  `[${marks[status]}] ${name}: ${detail}${status === 'ok' || remedy === '' ? '' : `\n         ${remedy}`}`;

export const doctorCommand: CliCommand = {
  name: 'doctor',
  describe,
  run: async (context, options) => {
    const config = context.config();
    const sample = /^\d{1,5}$/u.test(String(options.sample)) ? Number(options.sample) : 20;
    const checks: Finding[] = [...examineFolders(config), await examineDisk(config)];
    checks.push(...(await withExistingStore(context, (engine) => examineStore(engine, { config, sample })).catch((error: unknown) => [failedToOpen(error)])));
    const ok = worst(checks) !== 'failed';
    context.print(options.json === true ? JSON.stringify({ ok, checks }) : [...checks.map(line), ok ? 'All is well.' : 'Something is wrong.'].join('\n'));
    return ok ? 0 : 1;
  },
};

function failedToOpen(error: unknown): Finding {
  const { message, facts, remedy } = error as { message: string; facts?: { reason?: unknown }; remedy?: string };
  return { name: 'database', status: 'failed', detail: `${message} ${String(facts?.reason ?? '')}`.trim(), remedy: remedy ?? '' };
}
