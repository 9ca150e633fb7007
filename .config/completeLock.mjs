// Run after `npm install`: enters the packages of other platforms that the registry in use did not offer into package-lock.json.
// Without them `npm ci` of npm 11 and newer refuses the lock file everywhere, and other platforms would lack their binary.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './freshness.mjs';

const path = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
const libraries = { gnu: 'glibc', musl: 'musl' };

/** Reads `linux-arm64-musl` and the like from the end of a package's name. */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  const libc = words.map((word) => libraries[word.replace(/eabi(hf)?$/, '')]).find(Boolean);
  if (!os || !cpu) throw new Error(`The platform of ${name} is not in its name.`);
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc ? { libc: [libc] } : {}) };
}

/** The nearest `node_modules` above the package at `place` that holds `name`, as Node looks for it. */
function found(place, name) {
  const parts = place.split('/node_modules/');
  return (
    parts.some((_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/node_modules/${name}` in lock.packages) ||
    `node_modules/${name}` in lock.packages
  );
}

const added = [];
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(place === '' ? {} : (entry.optionalDependencies ?? {}))) {
    if (found(place, name)) continue;
    lock.packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(entry.dev ? { dev: true } : {}), license: entry.license, optional: true };
    added.push(name);
  }
}

if (added.length > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a === '' ? -1 : b === '' ? 1 : a.localeCompare(b, 'en')));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
process.stdout.write(`${added.length} packages of other platforms added\n`);
