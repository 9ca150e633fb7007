/** Unpacks a backup into a folder of its own and holds every file against the manifest before anything is put in place. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { EngineError } from '../../../engine/index.js';
import { isBackupPath, MANIFEST, type Manifest, type ManifestFile, manifestShape } from './manifest.js';
import { readTar, type TarEntry } from './tar.js';

function damaged(file: string, reason: string, cause?: unknown): never {
  throw new EngineError('STORE_UNUSABLE', { path: file, reason: `The backup can not be restored: ${reason}.` }, { cause });
}

/** @returns the manifest; all its files then stand under `into`. @throws STORE_UNUSABLE for anything cut, changed or foreign. */
export async function unpackBackup(file: string, into: string): Promise<Manifest> {
  if (!existsSync(file)) damaged(file, 'there is no such file');
  const found = new Map<string, ManifestFile>();
  const packed = createReadStream(file);
  const unzipped = createGunzip();
  packed.on('error', (error) => unzipped.destroy(error));
  try {
    for await (const entry of readTar(packed.pipe(unzipped))) {
      if (!isBackupPath(entry.name) || found.has(entry.name)) damaged(file, `it holds ${entry.name}, which does not belong there`);
      found.set(entry.name, await keep(entry, join(into, entry.name)));
    }
  } catch (error) {
    if (error instanceof EngineError) throw error;
    damaged(file, error instanceof Error ? error.message : String(error), error);
  } finally {
    packed.destroy();
  }
  if (!found.has(MANIFEST)) damaged(file, 'it ends too early');
  return compare(file, found, await readManifest(file, join(into, MANIFEST)));
}

async function keep({ name, size, content }: TarEntry, target: string): Promise<ManifestFile> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  const handle = await open(target, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      await handle.write(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (name.startsWith('attachments/')) await chmod(target, 0o400);
  return { path: name, size, sha256: hash.digest('hex') };
}

async function readManifest(file: string, path: string): Promise<Manifest> {
  try {
    return manifestShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    return damaged(file, 'its manifest can not be read', error);
  }
}

function compare(file: string, found: ReadonlyMap<string, ManifestFile>, manifest: Manifest): Manifest {
  for (const { path, size, sha256 } of manifest.files) {
    const kept = found.get(path);
    if (!kept) damaged(file, `${path} is missing`);
    if (kept.size !== size || kept.sha256 !== sha256) damaged(file, `${path} is not what it was when the backup was made`);
  }
  if (found.size !== manifest.files.length + 1) damaged(file, 'it holds files that its manifest does not name');
  return manifest;
}
