/** `charter user create`: for installations without a browser at hand. */
import type { Command } from 'commander';
import { EngineError, systemClock } from '../../../engine/index.js';
import { createPasswords, generatePassword } from '../../auth/passwords.js';
import { userIdPattern } from '../../auth/setUp.js';
import type { CliCommand } from '../command.js';

function describe(command: Command): Command {
  return command
    .description('Creates a person and prints the generated password alone on the last line.')
    .argument('<name>', 'sign-in name: small letters, digits, dots and dashes')
    .option('--role <role...>', 'administrator, process-owner, auditor, or a role of rules/policy; several are allowed', [])
    .option('--team <team...>', 'keys of teams', [])
    .option('--full-name <text>', 'as pages show it; default: the name')
    .option('--email <address>')
    .option('--json', 'print {"user","roles","password"}');
}

interface Options {
  readonly role: readonly string[];
  readonly team: readonly string[];
  readonly fullName?: string;
  readonly email?: string;
  readonly json?: boolean;
}

function refuse(field: string, message: string): never {
  throw new EngineError('DATA_INVALID', { fields: [{ field, message }] });
}

export const userCommand: CliCommand = {
  name: 'user create',
  describe,
  run: async (context, given, [id = '']) => {
    const options = given as unknown as Options;
    if (!userIdPattern.test(id)) refuse('name', 'Begin with a small letter or a digit; then small letters, digits, dots and dashes.');
    const engine = await context.open();
    const known = await engine.roles();
    const unknown = options.role.filter((role) => !known.some((candidate) => candidate.role === role));
    if (unknown.length > 0) refuse('role', `${unknown.join(', ')} is no role; there are ${known.map(({ role }) => role).join(', ')}.`);
    const teams = await engine.teams();
    const strange = options.team.filter((team) => !teams.some((candidate) => candidate.id === team));
    if (strange.length > 0) refuse('team', `${strange.join(', ')} is no team; there are ${teams.map((team) => team.id).join(', ') || 'none yet'}.`);
    if ((await engine.people.user(id)) !== null) refuse('name', 'Somebody has this name already.');
    const password = generatePassword();
    const passwordHash = await createPasswords().hash(password);
    await engine.people.saveUser({
      id,
      name: options.fullName ?? id,
      email: options.email ?? null,
      passwordHash,
      roles: options.role,
      teams: options.team,
      zone: null,
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt: systemClock.now(),
    });
    if (options.json) context.print(JSON.stringify({ user: id, roles: options.role, password }));
    else {
      context.print(`Created ${id}${options.role.length > 0 ? ` with ${options.role.join(', ')}` : ' without roles'}. The password is shown this once:`);
      context.print(password);
    }
    return 0;
  },
};
