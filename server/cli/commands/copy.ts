/** `charter copy`: the whole store into another database, held against the original. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type CopyReport, copyStore, EngineError, type EngineOptions, type VerifyReport } from '../../../engine/index.js';
import type { CliCommand } from '../command.js';
import { withStoreOf } from '../existingStore.js';

function describe(command: Command): Command {
  return command
    .description('Copies everything into an empty database, from SQLite to PostgreSQL or back, verifies both and compares them.')
    .option('--to <address>', 'sqlite:/path/file.sqlite or postgres://user:password@host/database, without records')
    .option('--to-file <file>', 'holds the address to copy to, so that its password does not show among the programs that run')
    .option('--from <address>', 'default: DATABASE_URL')
    .option('--from-file <file>', 'holds the address to copy from')
    .option('--json', 'print {"from","to","rows","source","target","equal","attachments"}')
    .addHelpText(
      'after',
      `
The copy is of one moment and whole or not at all; a target that holds something is refused. Stop the servers before you move: steps taken after that
moment are only in the original, and then the two differ. Exits 0 only when both verify and all records end in the same hashes.

Attachments and the kept secret key are files under DATA_DIR, not in the database: they stay where they are. Go on with the same DATA_DIR (on another
machine: a copy of it) and set DATABASE_URL to the new address.`,
    );
}

/** What verification found at one end, and the root over all its heads. */
interface End {
  readonly records: number;
  readonly entries: number;
  readonly checkpoints: number;
  readonly root: string;
  readonly problems: VerifyReport['problems'];
}

interface Told extends CopyReport {
  readonly source: End;
  readonly target: End;
  readonly equal: boolean;
  readonly attachments: number;
}

const addresses = /^(?:sqlite:.+|postgres(?:ql)?:\/\/.+)$/u;

/** Never says the address: it may hold a password. */
function addressIn(options: Readonly<Record<string, unknown>>, name: 'to' | 'from'): string | null {
  const file = options[`${name}File`];
  const given = options[name] ?? (typeof file === 'string' ? contentOf(file, name) : null);
  if (given === null) return null;
  if (typeof given === 'string' && addresses.test(given)) return given;
  throw new EngineError('CONFIGURATION_INVALID', { variable: `--${name}`, reason: 'must begin with sqlite: or postgres://' });
}

function contentOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new EngineError('CONFIGURATION_INVALID', { variable: `--${name}-file`, reason: `names ${file}, which can not be read` }, { cause });
  }
}

const examine = (options: EngineOptions, databaseUrl: string): Promise<End> =>
  withStoreOf({ ...options, databaseUrl }, async (engine) => {
    const { checkpoints, problems } = await engine.verify();
    return { ...(await engine.rootNow()), checkpoints, problems };
  });

const sound = (source: End, target: End): boolean =>
  source.problems.length + target.problems.length === 0 &&
  source.root === target.root &&
  source.entries === target.entries &&
  source.checkpoints === target.checkpoints;

const endInWords = (name: string, { records, entries, checkpoints, root, problems }: End): string =>
  `${name}: ${entries} entries of ${records} records, ${checkpoints} checkpoints, root ${root.slice(0, 16)}; ${problems.length === 0 ? 'verifies' : `${problems.length} problems`}.`;

function verdict({ source, target, equal }: Told): string {
  if (equal) return 'Both are the same.';
  if (source.problems.length > 0) return 'The original does not verify; see charter verify.';
  if (source.entries > target.entries) return 'The original was worked on meanwhile: stop the servers and copy again into an empty database.';
  return 'They are not the same: do not use the copy.';
}

function inWords(told: Told): string {
  const { from, to, rows, source, target, attachments } = told;
  const files = attachments === 0 ? [] : [`${attachments} attachments are files under DATA_DIR and stay where they are; the copy needs the same DATA_DIR.`];
  return [
    ...Object.entries(rows).map(([table, count]) => `${String(count).padStart(10)} ${table}`),
    endInWords(from, source),
    endInWords(to, target),
    ...files,
    verdict(told),
  ].join('\n');
}

export const copyCommand: CliCommand = {
  name: 'copy',
  describe,
  run: async (context, given) => {
    const options = context.engineOptions();
    const from = addressIn(given, 'from') ?? options.databaseUrl;
    const to = addressIn(given, 'to');
    if (to === null) throw new EngineError('CONFIGURATION_INVALID', { variable: '--to', reason: 'must name the database to copy into' });
    const copied = await copyStore({ from, to });
    const [source, target] = [await examine(options, from), await examine(options, to)];
    const told: Told = { ...copied, source, target, equal: sound(source, target), attachments: copied.rows.attachments ?? 0 };
    context.print(given.json === true ? JSON.stringify(told) : inWords(told));
    return told.equal ? 0 : 1;
  },
};
