import { execFileSync } from 'node:child_process';
import { projectPath } from './tooling/sources.js';

/** Tests that run the built server must not run an old one. */
export function setup(): void {
  execFileSync(process.execPath, [projectPath('.config/build.mjs'), '--if-stale'], { stdio: ['ignore', 'inherit', 'inherit'] });
}
