#!/usr/bin/env node
// The launcher behind `npx charter`: sees that Node is new enough and the build up to date, then hands over. Writes to stderr only.

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`charter: Node ${process.versions.node} is too old. Install Node 20.19 or newer (24 is recommended).\n`);
  process.exit(1);
}

const { spawnSync } = await import('node:child_process');
const { existsSync } = await import('node:fs');
const { canBuild, isBuilt, isFresh, root } = await import('../../.config/freshness.mjs');

if (!existsSync(`${root}/node_modules/express/package.json`)) {
  process.stderr.write('charter: the packages are not installed. Run: npm ci\n');
  process.exit(1);
}

// Without the compiler (installed with --omit=dev) a build that is there is taken as it is: times mean nothing in an unpacked image.
if (!isFresh() && (canBuild() || !isBuilt())) {
  const build = spawnSync(process.execPath, [`${root}/.config/build.mjs`, '--if-stale'], { stdio: ['ignore', 2, 2] });
  if (build.status !== 0) process.exit(1);
}

await import('../../.build/server/cli/main.js');
