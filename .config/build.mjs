// Builds `.build`: compiled engine and server, views, bundled browser code. `--if-stale` does nothing when it is up to date.
// Types are not judged here (`npm run typecheck` does that), so a start never waits for it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { underLock } from './buildLock.mjs';
import { canBuild, isBuilt, isFresh, newestSource, root, stamp } from './freshness.mjs';

const target = join(root, '.build');
const compiled = new Set(['.ts', '.mts', '.cts']);

function compile(into) {
  const tsc = join(root, 'node_modules', 'ts7', 'bin', 'tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', into, '--noCheck'], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`The TypeScript compiler failed:\n${run.stdout}${run.stderr}`);
}

/** Everything the compiler does not carry over: schemas and other JSON, views, assets. */
function copyTheRest(into) {
  const launcher = join(root, 'server', 'cli', 'charter.mjs');
  const bundled = join(root, 'views', 'assets', 'src');
  for (const folder of ['engine', 'server', 'views']) {
    const filter = (path) => path !== launcher && path !== bundled && !compiled.has(extname(path));
    cpSync(join(root, folder), join(into, folder), { recursive: true, filter });
  }
}

async function bundle(into) {
  const from = join(root, 'views', 'assets', 'src');
  const entries = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts')) : [];
  if (entries.length === 0) return;
  const { build } = await import('esbuild');
  await build({
    entryPoints: entries.map((name) => join(from, name)),
    outdir: join(into, 'views', 'assets'),
    bundle: true,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'linked',
    logLevel: 'warning',
  });
}

/** Puts the finished folder in place with two renames, so that nobody ever reads a half-made one. */
function swapIn(fresh) {
  const old = `${target}.${process.pid}.old`;
  if (existsSync(target)) renameSync(target, old);
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
}

function sweepLeftovers() {
  for (const name of readdirSync(root)) {
    if (/^\.build\.\d+\.(new|old)$/.test(name)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

async function build() {
  const began = Date.now();
  const newest = newestSource();
  const fresh = `${target}.${process.pid}.new`;
  sweepLeftovers();
  mkdirSync(fresh);
  try {
    compile(fresh);
    copyTheRest(fresh);
    await bundle(fresh);
    writeFileSync(join(fresh, stamp), `${JSON.stringify({ newest })}\n`);
    swapIn(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return Date.now() - began;
}

async function main() {
  if (!canBuild()) {
    const what = isBuilt() ? 'The build that is there is kept.' : 'Build once with all packages: npm ci && npm prune --omit=dev';
    process.stderr.write(`charter: the packages that build are not installed. ${what}\n`);
    return isBuilt() || process.argv.includes('--tolerate') ? 0 : 1;
  }
  const onlyIfStale = process.argv.includes('--if-stale');
  const took = await underLock(`${target}.lock`, () => (onlyIfStale && isFresh() ? null : build()));
  if (took !== null) process.stderr.write(`charter: built in ${(took / 1000).toFixed(1)} s\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`charter: the build failed. ${error.message}\n`);
  process.exitCode = 1;
}
