/** `charter restore FILE`: a backup into an empty place, verified before anyone may use it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type CutReport, copyStore, createEngine, cutStore, EngineError, type EngineOptions, type VerifyReport } from '../../../engine/index.js';
import { databaseFile } from '../../databaseFile.js';
import { type InstantAsked, instantOf, refuseOutside } from '../backup/instant.js';
import { DATABASE, type Manifest, SECRET } from '../backup/manifest.js';
import { unpackBackup } from '../backup/unpack.js';
import type { CliCommand } from '../command.js';

function describe(command: Command): Command {
  return command
    .description('Restores a backup into an empty DATA_DIR and verifies it.')
    .argument('<file>', 'made by charter backup')
    .option('--at <instant>', 'as everything was at this instant, e.g. 2026-03-02T10:00:00Z: at most seven days before the backup was made')
    .option(
      '--also-earlier',
      'with --at: leave out what was recorded before the instant as well, where it follows a step that a clock running ahead dated after it',
    )
    .option('--json', 'print {"file","files","entries","records","checkpoints","problems":[…],"cut"}')
    .addHelpText(
      'after',
      `
Nothing is overwritten: DATA_DIR must be empty or absent, and the database must not exist or be empty. Exits 1 when the restored history does not verify.

With --at every step recorded after the instant is left out, with those that were committed after one of them; when steps recorded before the instant are
among these, it is refused and says how many they are (see --also-earlier).
Then the records are made anew from the steps that remain. People, tokens and settings
stay as the backup has them, sessions end, and numbers that were given out are not given again. Records with erased values can not be made anew:
they stay as the backup has them and are named. Mail and calls of other systems that went out after the instant are not sent again.`,
    );
}

/** What starting any command may have made in an empty folder. */
const mayBeThere = new Set([SECRET]);

function refuseUnlessEmpty(dataDir: string, database: string | null): void {
  const there = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => !mayBeThere.has(name)) : [];
  if (there.length > 0)
    throw new EngineError('CONFIGURATION_INVALID', {
      variable: 'DATA_DIR',
      reason: `is ${dataDir}, which is not empty (${there.slice(0, 3).join(', ')}); restore into an empty folder`,
    });
  if (database !== null && existsSync(database))
    throw new EngineError('CONFIGURATION_INVALID', { variable: 'DATABASE_URL', reason: `names ${database}, which exists already` });
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
  readonly databaseUrl: string;
}

interface CutAsked extends InstantAsked {
  readonly alsoEarlier: boolean;
}

interface Restored {
  readonly manifest: Manifest;
  readonly cut: CutReport | null;
}

/** Unpacked beside its place, cut there, and put in place whole: a backup that is cut or changed leaves nothing behind. */
async function restoreInto(file: string, target: Target, at: CutAsked | null): Promise<Restored> {
  const staging = join(target.dataDir, `.restore-${process.pid}`);
  try {
    const manifest = await unpackBackup(file, staging);
    if (!manifest.files.some(({ path }) => path === DATABASE)) throw new EngineError('STORE_UNUSABLE', { path: file, reason: 'The backup holds no database.' });
    if (at) refuseOutside(at, manifest);
    const cut = at && (await cutStore({ databaseUrl: `sqlite:${join(staging, DATABASE)}`, at: at.instant, alsoEarlier: at.alsoEarlier }));
    const gone = new Set(cut?.attachmentsRemoved.map((id) => `attachments/${id.slice(-2)}/${id}`));
    await placeDatabase(join(staging, DATABASE), target.databaseUrl);
    for (const { path } of manifest.files) if (path !== DATABASE && !gone.has(path)) await place(join(staging, path), join(target.dataDir, path));
    return { manifest, cut };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** A file is moved; a database of another kind is filled. */
async function placeDatabase(from: string, databaseUrl: string): Promise<void> {
  const database = databaseFile(databaseUrl);
  if (database !== null) await place(from, database);
  else await copyStore({ from: `sqlite:${from}`, to: databaseUrl });
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

function inWords({ manifest, cut }: Restored, { entries, records, problems }: VerifyReport): string {
  const verdict = problems.length === 0 ? 'Everything verifies.' : `${problems.length} problems; see charter verify.`;
  const lines = [`Restored ${manifest.files.length} files of ${manifest.madeAt}: ${entries} entries of ${records} records. ${verdict}`];
  if (cut) {
    const { entriesRemoved, earlierRemoved, recordsRemoved, recordsRebuilt, checkpointsRemoved, keptWhole } = cut;
    lines.push(
      `This is a copy cut at ${new Date(cut.at).toISOString()}: ${entriesRemoved} entries, ${recordsRemoved} records and ${checkpointsRemoved} checkpoints were left out, ${recordsRebuilt} records made anew.`,
      ...(earlierRemoved > 0 ? [`${earlierRemoved} of these entries had been recorded before that instant.`] : []),
      ...keptWhole.map(({ number, reason }) => `${number} stays as the backup has it: ${reason}`),
    );
  }
  return lines.join('\n');
}

export const restoreCommand: CliCommand = {
  name: 'restore',
  describe,
  run: async (context, options, [file = '']) => {
    const engineOptions = context.engineOptions();
    const { dataDir, databaseUrl } = engineOptions;
    const at = options.at === undefined ? null : { ...instantOf(String(options.at), context.config().clock), alsoEarlier: options.alsoEarlier === true };
    refuseUnlessEmpty(dataDir, databaseFile(databaseUrl));
    const keptBefore = existsSync(join(dataDir, SECRET)) ? readFileSync(join(dataDir, SECRET), 'utf8').trim() : null;
    const restored = await restoreInto(file, { dataDir, databaseUrl }, at);
    const report = await verify({ ...engineOptions, secretKey: keyAfter(engineOptions, keptBefore) });
    const { entries, records, checkpoints, problems } = report;
    const told = { file, files: restored.manifest.files.length, entries, records, checkpoints, problems, cut: restored.cut };
    context.print(options.json === true ? JSON.stringify(told) : inWords(restored, report));
    return problems.length === 0 ? 0 : 1;
  },
};
