/** Attachments are kept as files under generated names outside anything that is served; only rows name them. */
import { chmod, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../errors.js';

const MAX_BYTES = 25 * 1024 * 1024;
const NAME_LENGTH = 200;
const ID = /^[0-9a-f-]{36}$/;

/** Writes the bytes durably before the step that names them is committed. @throws TOO_LARGE, DATA_INVALID */
export async function keepAttachment(
  folder: string,
  id: string,
  given: { name: string; type: string; content: Uint8Array },
): Promise<{ name: string; type: string }> {
  if (given.content.byteLength > MAX_BYTES) throw new EngineError('TOO_LARGE', { limit: MAX_BYTES });
  if (given.content.byteLength === 0) throw new EngineError('DATA_INVALID', { fields: [{ field: 'file', message: 'The file is empty.' }] });
  const path = pathOf(folder, id);
  try {
    await writeDurably(path, given.content);
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw asRefusal(error);
  }
  return { name: safeName(given.name), type: /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/i.test(given.type) ? given.type.toLowerCase() : 'application/octet-stream' };
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(path, 0o400);
}

/** What the operating system says where a disk is full, failing, or may not be written. */
const unwritable: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EIO']);

function asRefusal(error: unknown): unknown {
  const { code = '' } = error as { code?: string };
  return unwritable.has(code)
    ? new EngineError('READ_ONLY', { reason: `The folder of the attachments can not be written (${code}).` }, { cause: error })
    : error;
}

/** Removes a file whose step was not taken. */
export async function dropAttachment(folder: string, id: string): Promise<void> {
  await rm(pathOf(folder, id), { force: true });
}

export async function readAttachment(folder: string, id: string): Promise<Uint8Array> {
  try {
    return await readFile(pathOf(folder, id));
  } catch (error) {
    throw new EngineError('NOT_FOUND', { attachment: id }, { cause: error });
  }
}

function pathOf(folder: string, id: string): string {
  if (!ID.test(id)) throw new EngineError('NOT_FOUND', { attachment: id });
  return join(folder, id.slice(-2), id);
}

/** Marks that turn the direction of writing: with them `exe.jpg` may be read where `gpj.exe` stands. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** The last part of what the sender called it, without control characters. */
function safeName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const clean = [...last]
    .filter((character) => character >= ' ' && character !== '\u007f' && !DIRECTION.test(character))
    .join('')
    .trim();
  return clean.isWellFormed() && clean !== '' && clean !== '.' && clean !== '..' ? clean.slice(0, NAME_LENGTH) : 'file';
}
