import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { projectPath } from '../tooling/sources.js';

export interface Chromium {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

const packaged = projectPath('node_modules/@sparticuz/chromium');

/**
 * The Chromium to test with: `CHROMIUM_PATH`, or the one in the package @sparticuz/chromium, unpacked once beside the packages.
 * The package's own unpacking goes to one place for all projects and versions, and two processes at once read half a file; hence ours.
 * @throws Error that names the remedy where neither can run.
 */
export function findChromium(): Chromium {
  const own = process.env.CHROMIUM_PATH;
  if (own) return { executablePath: own, env: environment({}) };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('The packaged Chromium runs on Linux x64 only. Set CHROMIUM_PATH to a Chromium or Chrome of this machine.');
  }
  return runnable(unpack());
}

function unpack(): string {
  const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')) as { version: string };
  const home = projectPath(`node_modules/.cache/charter-chromium/${version}`);
  if (existsSync(home)) return home;
  mkdirSync(dirname(home), { recursive: true });
  const fresh = mkdtempSync(`${home}.`);
  writeFileSync(join(fresh, 'chromium'), brotliDecompressSync(readFileSync(join(packaged, 'bin/chromium.br'))));
  chmodSync(join(fresh, 'chromium'), 0o755);
  untar('al2023.tar.br', fresh);
  untar('fonts.tar.br', fresh);
  writeFileSync(join(fresh, 'fonts.conf'), `<?xml version="1.0"?><fontconfig><dir>${home}/fonts</dir><cachedir>${home}/fonts-cache</cachedir></fontconfig>\n`);
  try {
    renameSync(fresh, home);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}

function untar(name: string, into: string): void {
  execFileSync('tar', ['-x', '-C', into], { input: brotliDecompressSync(readFileSync(join(packaged, 'bin', name))) });
}

/** With the libraries and fonts of the machine where it has them, else with those the package brings. */
function runnable(home: string): Chromium {
  const executablePath = join(home, 'chromium');
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(home, 'fonts.conf') };
  const complaints: string[] = [];
  for (const libraries of [{}, { LD_LIBRARY_PATH: join(home, 'lib') }]) {
    const env = environment({ ...fonts, ...libraries });
    const trial = spawnSync(executablePath, ['--version'], { env, encoding: 'utf8' });
    if (trial.status === 0) return { executablePath, env };
    complaints.push(trial.error?.message ?? trial.stderr.trim());
  }
  throw new Error(`Chromium does not start: ${complaints.join(' / ')}. Install libnss3, libnspr4 and libexpat1, or set CHROMIUM_PATH.`);
}

function environment(more: Record<string, string>): Record<string, string> {
  const present = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(present), ...more };
}
