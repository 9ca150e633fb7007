/** Makes a backup while the server goes on: a consistent copy of the database first, then the attachments it names (they never change). */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { link, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { EngineError, type RunningEngine, systemClock } from '../../../engine/index.js';
import { DATABASE, MANIFEST, type Manifest, type ManifestFile, SECRET } from './manifest.js';
import { tarEnd, tarHeader, tarPadding } from './tar.js';

export interface BackupRequest {
  readonly engine: RunningEngine;
  readonly dataDir: string;
  /** A new file. */
  readonly file: string;
}

function refuse(file: string, reason: string, cause?: unknown): never {
  throw new EngineError('CONFIGURATION_INVALID', { variable: file, reason }, { cause });
}

/** Writes the backup under another name and puts it in place when it is whole and on the disk. */
export async function makeBackup({ engine, dataDir, file }: BackupRequest): Promise<{ readonly manifest: Manifest; readonly bytes: number }> {
  const target = resolve(file);
  if (existsSync(target)) refuse(file, 'exists already; nothing was overwritten');
  if (!existsSync(dirname(target))) refuse(file, 'is in a folder that does not exist');
  const [copy, draft] = [`${target}.${process.pid}.sqlite`, `${target}.${process.pid}.part`];
  try {
    await engine.store.backup(copy);
    const manifest = await pack(draft, [[DATABASE, copy], ...(await ownFiles(dataDir))]);
    await link(draft, target);
    return { manifest, bytes: (await stat(target)).size };
  } catch (error) {
    if (error instanceof EngineError) throw error;
    return refuse(file, `can not be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`, error);
  } finally {
    for (const leftover of [copy, draft]) await rm(leftover, { force: true });
  }
}

type Source = readonly [path: string, from: string];

/** Attachments, and the secret key where it is kept here (else whoever runs the server keeps it). */
async function ownFiles(dataDir: string): Promise<readonly Source[]> {
  const found: Source[] = [];
  const attachments = join(dataDir, 'attachments');
  for (const part of (await readdir(attachments).catch(() => [])).sort()) {
    for (const name of (await readdir(join(attachments, part))).sort()) found.push([`attachments/${part}/${name}`, join(attachments, part, name)]);
  }
  const secret = join(dataDir, SECRET);
  return existsSync(secret) ? [...found, [SECRET, secret]] : found;
}

async function pack(draft: string, sources: readonly Source[]): Promise<Manifest> {
  const zip = createGzip();
  const sink = createWriteStream(draft, { flags: 'wx', mode: 0o600 });
  const written = finished(zip.pipe(sink));
  // Awaited below; a failure before that must not be taken for one that nobody handles.
  written.catch(() => undefined);
  sink.on('error', (error) => zip.destroy(error));
  const madeAt = systemClock.now();
  const files: ManifestFile[] = [];
  for (const [path, from] of sources) files.push(await add(zip, { path, from, at: madeAt }));
  const manifest: Manifest = { format: 'charter-backup', version: 1, madeAt: new Date(madeAt).toISOString(), files };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  for (const part of [tarHeader(MANIFEST, text.byteLength, madeAt), text, tarPadding(text.byteLength), tarEnd()]) await write(zip, part);
  zip.end();
  await written;
  await toDisk(draft);
  return manifest;
}

async function add(zip: Gzip, { path, from, at }: { readonly path: string; readonly from: string; readonly at: number }): Promise<ManifestFile> {
  const { size } = await stat(from);
  const hash = createHash('sha256');
  await write(zip, tarHeader(path, size, at));
  for await (const chunk of createReadStream(from)) {
    hash.update(chunk as Buffer);
    await write(zip, chunk as Buffer);
  }
  await write(zip, tarPadding(size));
  return { path, size, sha256: hash.digest('hex') };
}

async function write(zip: Gzip, bytes: Buffer): Promise<void> {
  if (zip.errored) throw zip.errored;
  if (bytes.length > 0 && !zip.write(bytes)) await once(zip, 'drain');
}

async function toDisk(file: string): Promise<void> {
  const handle = await open(file, 'r');
  await handle.sync().finally(() => handle.close());
}
