/** The machine around an installation: Node, folders, permissions, room on the disk. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.js';
import { SECRET } from '../backup/manifest.js';
import { doubtful, type Finding, fine, wrong } from './finding.js';

const MIB = 1024 * 1024;

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function folder(name: string, path: string, mode: number): Finding {
  if (!existsSync(path)) return wrong(name, `${path} does not exist.`, 'Make it, or correct the variable.');
  if (!statSync(path).isDirectory()) return wrong(name, `${path} is no folder.`, 'Correct the variable.');
  if (!may(path, mode)) return wrong(name, `${path} may not be ${mode & constants.W_OK ? 'written' : 'read'} by this user.`, 'Correct its permissions.');
  return fine(name, path);
}

/** Others on the machine must not read records or the key. */
function privacy(name: string, path: string): readonly Finding[] {
  if (process.platform === 'win32' || !existsSync(path)) return [];
  const open = statSync(path).mode & 0o077;
  return open === 0
    ? [fine(`${name} is private`, 'only its owner may read it')]
    : [doubtful(`${name} is private`, `${path} is open to others (mode ${(statSync(path).mode & 0o777).toString(8)}).`, `chmod go-rwx ${path}`)];
}

export function examineFolders({ dataDir, processesDir, rulesDir, unknown }: Config): readonly Finding[] {
  const strange = unknown.map((name) => doubtful('settings', `${name} is not known and has no effect.`, 'Remove it, or correct its name.'));
  return [
    fine('Node', `${process.version} on ${process.platform} ${process.arch}`),
    ...(strange.length > 0 ? strange : [fine('settings', 'all are valid')]),
    folder('DATA_DIR', dataDir, constants.R_OK | constants.W_OK),
    folder('PROCESSES_DIR', processesDir, constants.R_OK),
    folder('RULES_DIR', rulesDir, constants.R_OK),
    ...privacy('DATA_DIR', dataDir),
    ...privacy('secret key', join(dataDir, SECRET)),
  ];
}

export async function examineDisk({ dataDir }: Config): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = Math.floor((bavail * bsize) / MIB);
  const detail = `${free} MiB free`;
  if (free < 100) return wrong('disk', detail, 'Make room: without it Charter only reads.');
  return free < 1024 ? doubtful('disk', detail, 'Make room soon.') : fine('disk', detail);
}
