/** Programs that fault tests start and kill: the built Charter, copied so that a build meanwhile changes nothing, and workers of the tests. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Place } from './place.js';

const root = join(import.meta.dirname, '..', '..');
const running = new Set<ChildProcess>();

/** A folder inside the checkout, so that what is in it finds the packages. */
const newFolder = (): string => mkdtempSync(join(root, 'node_modules', '.charter-faults-'));

export interface Programs {
  /** The command line of the built Charter. */
  readonly charter: string;
  /** Bundles a worker that stands beside the tests. */
  worker(name: string): Promise<string>;
  /** Ends all that still runs and removes the folder. */
  drop(): void;
}

export function preparePrograms(): Programs {
  const folder = newFolder();
  cpSync(join(root, '.build'), join(folder, 'built'), { recursive: true });
  return {
    charter: join(folder, 'built', 'server', 'cli', 'main.js'),
    async worker(name) {
      // As deep as the engine's own files lie: it looks at those beside it to tell its versions apart.
      const beside = join(folder, 'workers', 'definitions');
      const outfile = join(beside, `${name}.mjs`);
      await build({ entryPoints: [join(import.meta.dirname, `${name}.ts`)], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
      cpSync(join(root, 'engine', 'definitions', 'schemas'), join(beside, 'schemas'), { recursive: true });
      return outfile;
    },
    drop() {
      for (const child of running) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Rules of `faultyDriver.cjs`. */
export interface DriverFault {
  readonly sql?: string;
  readonly params?: string;
  readonly when: 'before' | 'after';
  readonly act: 'kill' | 'delay' | 'fail';
  readonly nth?: number;
  readonly ms?: number;
  readonly code?: string;
  readonly while?: string;
}

export interface Run {
  readonly place: Place;
  readonly faults?: readonly DriverFault[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly spawn?: SpawnOptions;
  /** Goes before `node`, e.g. a limit. */
  readonly through?: readonly string[];
}

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** The first line of its output that begins so. @throws Error when it ends without. */
  line(beginning: string): Promise<string>;
  /** Resolves when it is gone. */
  kill(): Promise<Outcome>;
}

function environmentOf(place: Place): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '/tmp',
    DATABASE_URL: place.databaseUrl,
    DATA_DIR: place.dataDir,
    PROCESSES_DIR: place.processesDir,
    RULES_DIR: place.rulesDir,
    SECRET_KEY: place.options.secretKey,
    LOG_LEVEL: 'error',
  };
}

/** Starts `program` under Node. */
export function startProgram(program: string, args: readonly string[], { place, faults, environment, spawn: more, through = [] }: Run): Started {
  const broken = faults ? ['--require', join(import.meta.dirname, 'faultyDriver.cjs')] : [];
  const [command, ...rest] = [...through, process.execPath, ...broken, program, ...args] as [string, ...string[]];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environmentOf(place), ...(faults ? { FAULTY_DRIVER: JSON.stringify(faults) } : {}), ...environment },
    ...more,
  });
  running.add(child);
  let [out, error] = ['', ''];
  const wake: (() => void)[] = [];
  const heard = (): void => wake.splice(0).forEach((one) => void one());
  child.stdout?.on('data', (data: Buffer) => {
    out += data.toString();
    heard();
  });
  child.stderr?.on('data', (data: Buffer) => void (error += data.toString()));
  const ended = new Promise<Outcome>((resolve) =>
    child.on('close', (code, signal) => {
      running.delete(child);
      heard();
      resolve({ code, signal, out, error });
    }),
  );
  return {
    child,
    ended,
    async line(beginning) {
      for (;;) {
        const found = out
          .split('\n')
          .slice(0, -1)
          .find((one) => one.startsWith(beginning));
        if (found !== undefined) return found;
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended without “${beginning}”: ${out} ${(await ended).error}`);
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    async kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
