import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPath } from './sources.js';

interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

describe('the launcher, in a checkout with a small program', () => {
  let checkout: string;

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  };

  const touch = (path: string, seconds: number): void => {
    const at = new Date(Date.now() + seconds * 1000);
    utimesSync(join(checkout, path), at, at);
  };

  const launch = (...args: string[]): Promise<Outcome> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [join(checkout, 'server/cli/charter.mjs'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      let out = '';
      let err = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.on('close', (status) => resolve({ status, out, err }));
    });

  beforeEach(() => {
    checkout = realpathSync(mkdtempSync(join(tmpdir(), 'charter-launcher-')));
    for (const name of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'server/cli/charter.mjs'])
      cpSync(projectPath(name), join(checkout, name), { recursive: true });
    mkdirSync(join(checkout, '.config'));
    for (const name of readdirSync(projectPath('.config')).filter((found) => found.endsWith('.mjs')))
      cpSync(projectPath(`.config/${name}`), join(checkout, '.config', name));
    symlinkSync(projectPath('node_modules'), join(checkout, 'node_modules'));
    write('server/cli/main.ts', "const words: string[] = process.argv.slice(2);\nprocess.stdout.write('heard '.concat(words.join(' ')));\n");
    write('engine/schemas/one.json', '{"one":1}');
    write('views/page.hbs', '<p>{{x}}</p>');
    write('views/assets/src/page.ts', "import { one } from './part.js';\ndocument.title = one;\n");
    write('views/assets/src/part.ts', "export const one: string = 'title';\n");
  });

  afterEach(() => rmSync(checkout, { recursive: true, force: true }));

  it('builds what is not built, says so on the error output only, and runs', async () => {
    const first = await launch('check', '--json');
    expect(first).toMatchObject({ status: 0, out: 'heard check --json' });
    expect(first.err).toMatch(/^charter: built in/);
    expect(await launch('again')).toEqual({ status: 0, out: 'heard again', err: '' });
  });

  it('carries schemas and pages over and bundles what the browser runs', async () => {
    await launch();
    const built = (path: string): string => readFileSync(join(checkout, '.build', path), 'utf8');
    expect(built('engine/schemas/one.json')).toBe('{"one":1}');
    expect(built('views/page.hbs')).toBe('<p>{{x}}</p>');
    expect(built('views/assets/page.js')).toContain('document.title=');
    expect(existsSync(join(checkout, '.build/views/assets/src'))).toBe(false);
  });

  it('builds again after a source changed, appeared or went', async () => {
    await launch();
    touch('engine/schemas/one.json', 5);
    expect((await launch()).err).toMatch(/^charter: built in/);
    touch('engine/schemas/one.json', -60);
    touch('engine/schemas', -60);
    rmSync(join(checkout, 'views/page.hbs'));
    touch('views', 5);
    await launch();
    expect(existsSync(join(checkout, '.build/views/page.hbs'))).toBe(false);
  });

  it('builds once when several start together, and leaves nothing behind', async () => {
    const outcomes = await Promise.all(['a', 'b', 'c'].map((word) => launch(word)));
    expect(outcomes.map((outcome) => outcome.out)).toEqual(['heard a', 'heard b', 'heard c']);
    expect(outcomes.filter((outcome) => outcome.err.includes('built in'))).toHaveLength(1);
    expect(readdirSync(checkout).filter((name) => name.startsWith('.build'))).toEqual(['.build']);
  });

  it('builds once for sources whose time lies ahead of this machine', async () => {
    touch('views/page.hbs', 3600);
    expect((await launch()).err).toContain('built in');
    expect((await launch()).err).toBe('');
  });

  it('takes over the lock of a build that was killed', async () => {
    write('.build.lock', '999999999');
    expect(await launch('on')).toMatchObject({ status: 0, out: 'heard on' });
  });

  it('keeps the old build and says what is wrong when the sources do not compile', async () => {
    await launch();
    write('server/cli/main.ts', 'const = ;\n');
    touch('server/cli/main.ts', 5);
    const broken = await launch('x');
    expect(broken).toMatchObject({ status: 1, out: '' });
    expect(broken.err).toMatch(/charter: the build failed[\s\S]*main\.ts/);
    expect(existsSync(join(checkout, '.build/server/cli/main.js'))).toBe(true);
  });

  it('runs the build that is there when the packages that build are not installed', async () => {
    await launch();
    rmSync(join(checkout, 'node_modules'));
    mkdirSync(join(checkout, 'node_modules/express'), { recursive: true });
    write('node_modules/express/package.json', '{}');
    touch('views/page.hbs', 5);
    expect(await launch('still')).toEqual({ status: 0, out: 'heard still', err: '' });
    rmSync(join(checkout, '.build'), { recursive: true });
    const lost = await launch();
    expect(lost).toMatchObject({ status: 1, out: '' });
    expect(lost.err).toContain('npm ci && npm prune --omit=dev');
  });

  it('says what to do when nothing is installed', async () => {
    rmSync(join(checkout, 'node_modules'));
    expect(await launch()).toEqual({ status: 1, out: '', err: 'charter: the packages are not installed. Run: npm ci\n' });
  });

  it('is what npx finds', async () => {
    chmodSync(join(checkout, 'server/cli/charter.mjs'), 0o755);
    const manifest = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as { readonly name: string; readonly bin: unknown };
    expect(manifest).toMatchObject({ name: 'charter', bin: { charter: 'server/cli/charter.mjs' } });
    expect(readFileSync(projectPath('server/cli/charter.mjs'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
