// Runs after `npm ci`: makes sure that SQLite can be reached, then builds. Never fails an installation that leaves the build tools out.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canBuild, root } from './freshness.mjs';

function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
}

const say = (text) => process.stderr.write(`charter: ${text}\n`);

/** In a process of its own: a binary made for a newer C library fails while loading, whatever the installer said. */
const sqlite3Loads = () => run(process.execPath, ['-e', "require('sqlite3')"]).status === 0;

function hasNodeSqlite() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

function prepareSqlite() {
  if (sqlite3Loads()) return;
  if (hasNodeSqlite()) return say('the package sqlite3 does not load here; the SQLite that Node brings is used instead.');
  if (existsSync(join(root, 'node_modules', 'sqlite3'))) {
    say('the downloaded sqlite3 does not load here; it is compiled now, which takes about a minute.');
    run('npm', ['rebuild', 'sqlite3'], { env: { ...process.env, npm_config_build_from_source: 'true' }, shell: process.platform === 'win32' });
    if (sqlite3Loads()) return;
  }
  say('no SQLite driver loads here. Use Node 22.13 or newer, or install a C++ compiler, make and Python 3 and run npm ci again.');
}

/** Tests of the node:sqlite driver need a Node that has it; on an older one they use a binary that the package registry carries. */
function prepareNode22() {
  const folder = join(root, '.config', 'node22');
  if (hasNodeSqlite() || !canBuild() || existsSync(join(folder, 'node_modules', '.package-lock.json'))) return;
  const install = run('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, shell: process.platform === 'win32' });
  if (install.status !== 0) say(`the Node 22 that some tests need could not be installed. Later: npm ci --prefix .config/node22\n${install.stderr}`);
}

prepareSqlite();
prepareNode22();
process.exitCode = run(process.execPath, [join(root, '.config', 'build.mjs'), '--tolerate'], { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
