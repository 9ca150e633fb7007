// One build at a time. The lock only saves work: a build replaces `.build` as a whole, so two of them would still be correct.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const patience = 180_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

function dropIfAbandoned(path) {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    if (holder > 0 && !isAlive(holder)) rmSync(path, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Runs `work` while holding the lock file at `path`; waits for another holder, and takes over from one that died. */
export async function underLock(path, work) {
  const giveUp = Date.now() + patience;
  while (!take(path)) {
    dropIfAbandoned(path);
    if (Date.now() > giveUp) throw new Error(`Another build has held ${path} for three minutes. If none is running, delete that file.`);
    await pause(100);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
