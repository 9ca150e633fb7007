/** `charter token create`: a bearer token for a program that acts as a user. */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { EngineError, systemClock } from '../../../engine/index.js';
import { tokenHash } from '../../auth/identity.js';
import type { CliCommand } from '../command.js';
import { withExistingStore } from '../existingStore.js';

const DAY = 86_400_000;

function describe(command: Command): Command {
  return command
    .description('Creates a bearer token and prints it alone on the last line. Only its hash is kept.')
    .requiredOption('--user <name>', 'the user whose roles the token has')
    .option('--title <text>', 'what it is for', 'command line')
    .option('--days <number>', 'how long it lasts; default: until it is dropped')
    .option('--json', 'print {"id","user","token","expiresAt"}');
}

function expiry(days: unknown): number | null {
  if (days === undefined) return null;
  if (!/^[1-9]\d{0,4}$/u.test(String(days))) throw new EngineError('DATA_INVALID', { fields: [{ field: 'days', message: 'Give a whole number of days.' }] });
  return systemClock.now() + Number(days) * DAY;
}

export const tokenCommand: CliCommand = {
  name: 'token create',
  describe,
  run: async (context, options) => {
    const user = String(options.user);
    const expiresAt = expiry(options.days);
    const token = randomBytes(32).toString('base64url');
    const now = systemClock.now();
    const id = uuidv7();
    await withExistingStore(context, async ({ people }) => {
      const row = await people.user(user);
      if (!row?.active) throw new EngineError('DATA_INVALID', { fields: [{ field: 'user', message: `There is nobody called ${user} who may sign in.` }] });
      await people.saveToken({ id, user, title: String(options.title), hash: tokenHash(token), createdAt: now, expiresAt });
    });
    if (options.json) context.print(JSON.stringify({ id, user, token, expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() }));
    else {
      context.print(`Token for ${user}, shown this once:`);
      context.print(token);
    }
    return 0;
  },
};
