/** `charter restore FILE`: a backup into an empty place, verified before anyone may use it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { createEngine, EngineError, type EngineOptions, type VerifyReport } from '../../../engine/index.js';
import { databaseFile } from '../../databaseFile.js';
import { DATABASE, type Manifest, SECRET } from '../backup/manifest.js';
import { unpackBackup } from '../backup/unpack.js';
import type { CliCommand } from '../command.js';

function describe(command: Command): Command {
  return command
    .description('Restores a backup into an empty DATA_DIR and verifies it.')
    .argument('<file>', 'made by charter backup')
    .option('--json', 'print {"file","files","entries","records","checkpoints","problems":[…]}')
    .addHelpText(
      'after',
      '\nNothing is overwritten: DATA_DIR must be empty or absent, and the database must not exist. Exits 1 when the restored history does not verify.',
    );
}

/** What starting any command may have made in an empty folder. */
const mayBeThere = new Set([SECRET]);

function refuseUnlessEmpty(dataDir: string, database: string): void {
  const there = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => !mayBeThere.has(name)) : [];
  if (there.length > 0)
    throw new EngineError('CONFIGURATION_INVALID', {
      variable: 'DATA_DIR',
      reason: `is ${dataDir}, which is not empty (${there.slice(0, 3).join(', ')}); restore into an empty folder`,
    });
  if (existsSync(database)) throw new EngineError('CONFIGURATION_INVALID', { variable: 'DATABASE_URL', reason: `names ${database}, which exists already` });
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EXDEV') throw error;
    await copyFile(from, to);
  });
}

interface Target {
  readonly dataDir: string;
  readonly database: string;
}

/** Unpacked beside its place and put there whole: a backup that is cut or changed leaves nothing behind. */
async function restoreInto(file: string, { dataDir, database }: Target): Promise<Manifest> {
  const staging = join(dataDir, `.restore-${process.pid}`);
  try {
    const manifest = await unpackBackup(file, staging);
    if (!manifest.files.some(({ path }) => path === DATABASE)) throw new EngineError('STORE_UNUSABLE', { path: file, reason: 'The backup holds no database.' });
    for (const { path } of manifest.files) await place(join(staging, path), path === DATABASE ? database : join(dataDir, path));
    return manifest;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** A key given by SECRET_KEY stays; one that was kept in the folder is now the backup's. */
function keyAfter(options: EngineOptions, keptBefore: string | null): string {
  const file = join(options.dataDir, SECRET);
  const isKept = keptBefore === options.secretKey;
  return isKept && existsSync(file) ? readFileSync(file, 'utf8').trim() : options.secretKey;
}

async function verify(options: EngineOptions): Promise<VerifyReport> {
  const engine = await createEngine({ ...options, publishFolders: false });
  try {
    return await engine.verify();
  } finally {
    await engine.close();
  }
}

export const restoreCommand: CliCommand = {
  name: 'restore',
  describe,
  run: async (context, options, [file = '']) => {
    const engineOptions = context.engineOptions();
    const { dataDir, databaseUrl } = engineOptions;
    const database = databaseFile(databaseUrl) ?? databaseUrl;
    refuseUnlessEmpty(dataDir, database);
    const keptBefore = existsSync(join(dataDir, SECRET)) ? readFileSync(join(dataDir, SECRET), 'utf8').trim() : null;
    const manifest = await restoreInto(file, { dataDir, database });
    const { entries, records, checkpoints, problems } = await verify({ ...engineOptions, secretKey: keyAfter(engineOptions, keptBefore) });
    const verdict = problems.length === 0 ? 'Everything verifies.' : `${problems.length} problems; see charter verify.`;
    context.print(
      options.json === true
        ? JSON.stringify({ file, files: manifest.files.length, entries, records, checkpoints, problems })
        : `Restored ${manifest.files.length} files of ${manifest.madeAt}: ${entries} entries of ${records} records. ${verdict}`,
    );
    return problems.length === 0 ? 0 : 1;
  },
};
