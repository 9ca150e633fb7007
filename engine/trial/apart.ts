/** Tries out many processes in several threads at once. The report is the one that a single thread would give. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CheckReport, Problem, Sources } from '../engine.js';
import { tryOut } from './tryOut.js';

/** What a thread is given. */
export interface Share {
  readonly sources: Sources;
  readonly only: readonly string[];
}

export interface ApartOptions {
  /** Threads at most; default: the processors there are, up to four. */
  readonly threads?: number;
}

const MOST_THREADS = 4;
/** With fewer processes a thread takes longer to begin than it saves. */
const WORTH_A_THREAD = 6;
const worker = new URL('./apartWorker.js', import.meta.url);

/** As `tryOut`, of the processes in `only`. Sources that were not compiled (as tests run them) are tried out in this thread. */
export async function tryOutApart(sources: Sources, only: ReadonlySet<string>, { threads }: ApartOptions = {}): Promise<CheckReport> {
  const keys = keysOf(sources).filter((key) => only.has(key));
  const wanted = threads ?? Math.min(availableParallelism(), MOST_THREADS, Math.floor(keys.length / WORTH_A_THREAD));
  const [own = [], ...others] = existsSync(fileURLToPath(worker)) ? sharesOf(keys, sources, Math.max(1, wanted)) : [keys];
  const apart = others.map((share) => inThread({ sources, only: share }));
  const mine = tryOut(sources, new Set(own));
  return together([mine, ...(await Promise.all(apart))], keysOf(sources));
}

function inThread(share: Share): Promise<CheckReport> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: share });
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

/** Folders in the order in which they are checked. */
function keysOf({ processes }: Sources): readonly string[] {
  return [...new Set(Object.keys(processes).flatMap((path) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : [])))];
}

/** About as much text for each: the largest first, each to whoever has least. */
function sharesOf(keys: readonly string[], { processes }: Sources, count: number): readonly (readonly string[])[] {
  const size = new Map<string, number>();
  for (const [path, text] of Object.entries(processes)) {
    const key = path.slice(0, path.indexOf('/'));
    size.set(key, (size.get(key) ?? 0) + text.length);
  }
  const shares = Array.from({ length: count }, () => ({ keys: [] as string[], size: 0 }));
  for (const key of [...keys].sort((a, b) => (size.get(b) ?? 0) - (size.get(a) ?? 0))) {
    const least = shares.reduce((best, share) => (share.size < best.size ? share : best));
    least.keys.push(key);
    least.size += size.get(key) ?? 0;
  }
  return shares.filter((share) => share.keys.length > 0).map((share) => share.keys);
}

/** Shared rules first, told once; then folder by folder. */
function together(reports: readonly CheckReport[], keys: readonly string[]): CheckReport {
  const place = new Map(keys.map((key, index) => [key, index]));
  const ofFolder = ({ file }: Problem): number => place.get(file.split('/')[0] ?? '') ?? -1;
  const problems = reports.flatMap((report, index) => report.problems.filter((problem) => index === 0 || ofFolder(problem) >= 0));
  return {
    problems: problems.sort((a, b) => ofFolder(a) - ofFolder(b)),
    processes: reports.flatMap((report) => report.processes).sort((a, b) => (place.get(a.key) ?? 0) - (place.get(b.key) ?? 0)),
  };
}
