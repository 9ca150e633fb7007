import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectPath } from './sources.js';

const text = (path: string): string => readFileSync(projectPath(path), 'utf8');
const readme = text('README.md');
const manifest = JSON.parse(text('package.json')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};
const runtime = { ...manifest.dependencies, ...manifest.optionalDependencies };

/** Rows of the table under a heading: the cells of each. */
function table(heading: string): string[][] {
  const section = readme.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const codeBlocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]?.trim() ?? '');

describe('the README', () => {
  it('gives a reason for each package that runs in the product, and for no other', () => {
    const rows = table('What it is built on');
    expect(rows.map(([name]) => name?.replaceAll('`', ''))).toEqual(Object.keys(runtime).sort());
    expect(rows.filter(([, reason]) => !reason)).toEqual([]);
  });

  it('has the command that continuous integration runs', () => {
    const command = /^test_command='(.+)'$/m.exec(text('.ci/run'))?.[1];
    expect(codeBlocks).toContain(command);
  });

  it('has two commands for a fresh machine, of scripts that exist', () => {
    expect(codeBlocks).toHaveLength(2);
    const scripts = codeBlocks.flatMap((block) =>
      [...block.matchAll(/npm (?:run )?(\w[\w:]*)/g)].map((match) => match[1] ?? '').filter((name) => name !== 'ci'),
    );
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  it('names every variable that the configuration reads', () => {
    const read = new Set(
      [
        ...text('server/config.ts').matchAll(
          /\b(?:PORT|HOST|PUBLIC_URL|DATA_DIR|DATABASE_URL|PROCESSES_DIR|RULES_DIR|SECRET_KEY|SMTP_URL|TRUST_PROXY|LOG_LEVEL|CHARTER_[A-Z]+)\b/g,
        ),
      ].map((match) => match[0]),
    );
    const named = new Set(table('Settings').map(([name]) => name?.replaceAll('`', '')));
    expect(read.size).toBeGreaterThan(5);
    expect([...read].filter((name) => !named.has(name))).toEqual([]);
  });
});

describe('packages', () => {
  it('are locked for every platform, or npm refuses to install (mend with: node .config/completeLock.mjs)', () => {
    const { packages } = JSON.parse(text('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
    };
    const locked = new Set(Object.keys(packages).map((place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)));
    const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(wanted.length).toBeGreaterThan(50);
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
  });

  it('have exact versions', () => {
    const versions = Object.entries({ ...runtime, ...manifest.devDependencies }).map(([name, version]) => `${name} ${version}`);
    expect(versions.filter((entry) => !/ (npm:[\w-]+@)?\d+\.\d+\.\d+(-beta\.\d+)?$/.test(entry))).toEqual([]);
  });
});
