/** `charter key change`: another SECRET_KEY for a database, on purpose. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { changeKey, EngineError } from '../../../engine/index.js';
import type { CliCommand } from '../command.js';

function describe(command: Command): Command {
  return command
    .description('Makes the present SECRET_KEY the one this database is used with from now on. Stop all servers first.')
    .option('--before <file>', 'holds the key used until now')
    .option('--lost', 'that key is lost: checkpoints signed with it are taken as they stand, and verify says so of each')
    .option('--json', 'print {"checkpoints"}')
    .addHelpText(
      'after',
      `
To change it: stop all servers, keep the old key in a file, set the new one (SECRET_KEY, or move secret.key out of DATA_DIR so that a new one is made),
run this, start all servers with the new key. Everybody signs in anew; tokens, passwords and the history stay as they are, and verify holds
checkpoints against the key of their time. Delete the old key then.`,
    );
}

function keyBefore(options: Readonly<Record<string, unknown>>): string | null {
  const { before, lost } = options;
  if ((before === undefined) === (lost !== true))
    throw new EngineError('CONFIGURATION_INVALID', {
      variable: '--before',
      reason: 'names the file that holds the key used until now; if that is lost, give --lost instead',
    });
  if (before === undefined) return null;
  try {
    return readFileSync(String(before), 'utf8').trim();
  } catch {
    throw new EngineError('CONFIGURATION_INVALID', { variable: '--before', reason: `names the file ${String(before)}, which can not be read` });
  }
}

export const keyCommand: CliCommand = {
  name: 'key change',
  describe,
  run: async (context, options) => {
    const before = keyBefore(options);
    const { databaseUrl, secretKey } = context.engineOptions();
    const checkpoints = await changeKey({ databaseUrl, secret: secretKey, before });
    context.print(
      options.json === true
        ? JSON.stringify({ checkpoints })
        : `This database is used with the present SECRET_KEY from now on. ${checkpoints} checkpoints signed before ${before === null ? 'are taken as they stand' : 'stay valid'}. Everybody signs in anew.`,
    );
    return 0;
  },
};
