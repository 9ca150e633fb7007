import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { monotonic, systemClock } from '../../../engine/clock.js';
import { lockServer } from '../../../engine/store/index.js';
import type { StoredEntry } from '../../../engine/store/types.js';
import type { Task } from './child.js';
import { createTestStore, type TestStore } from './testStore.js';

let bundles: string;
let program: string;
let test: TestStore;
const children: ChildProcess[] = [];

beforeAll(async () => {
  // Inside the checkout, so that the bundle finds the packages.
  bundles = mkdtempSync(join(import.meta.dirname, '../../../node_modules/.charter-test-'));
  program = join(bundles, 'child.mjs');
  await build({ entryPoints: [join(import.meta.dirname, 'child.ts')], outfile: program, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
});
afterAll(() => rmSync(bundles, { recursive: true, force: true }));
beforeEach(async () => void (test = await createTestStore()));
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
  }
  await test.drop();
});

interface Running {
  readonly child: ChildProcess;
  /** The first line that begins so; fails when the program ends without it. */
  line(beginning: string): Promise<string>;
}

function start(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  let errors = '';
  const wake: (() => void)[] = [];
  const heard = (): void => wake.splice(0).forEach((one) => void one());
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    heard();
  });
  child.stderr.on('data', (data: Buffer) => void (errors += data.toString()));
  child.on('close', heard);
  return {
    child,
    async line(beginning) {
      for (;;) {
        const found = output
          .split('\n')
          .slice(0, -1)
          .find((one) => one.startsWith(beginning));
        if (found !== undefined) {
          return found;
        }
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`ended without "${beginning}": ${output} ${errors}`);
        }
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
  };
}

const run = (task: Task, name: string, count = 0, url = test.url): Running => start(process.execPath, [program, url, task, name, String(count)]);

describe('several programs on one store', () => {
  it('write at once without losing, doubling or forking anything', async () => {
    const count = 100;
    const [one, two] = await Promise.all(['one', 'two'].map((name) => run('write', name, count).line('[')));
    const numbers = [one, two].flatMap((line) => JSON.parse(line ?? '[]') as string[]);
    expect(new Set(numbers).size).toBe(2 * count);
    expect(numbers.sort().at(-1)).toBe(`INC-${String(2 * count).padStart(6, '0')}`);
    expect(await test.store.history.counts()).toEqual({ records: 2 * count + 1, entries: 4 * count });
    const entries: StoredEntry[] = [];
    for await (const batch of test.store.history.scan({ record: 'shared' })) {
      entries.push(...batch);
    }
    expect(entries.map((entry) => entry.sequence)).toEqual(Array.from({ length: 2 * count }, (_, place) => place + 1));
    entries.slice(1).forEach((entry, place) => void expect(entry.previousHash).toBe(entries[place]?.hash));
  });
});

describe('several programs that start at once', () => {
  it('make one store between them', async () => {
    const url = `sqlite:${join(test.folder, 'fresh.sqlite')}`;
    const lines = await Promise.all(['one', 'two', 'three'].map((name) => run('write', name, 5, url).line('[')));
    expect(new Set(lines.flatMap((line) => JSON.parse(line) as string[])).size).toBe(15);
    expect(readdirSync(test.folder).filter((name) => name.includes('.new-'))).toEqual([]);
  });
});

describe('a database file that is taken away', () => {
  it('makes the store read-only at once, and is used again when it is back', async () => {
    const away = `${test.file}.away`;
    renameSync(test.file, away);
    await expect(test.store.setMeta('a', 'b')).rejects.toMatchObject({ code: 'READ_ONLY', facts: { reason: expect.stringContaining('gone') } });
    expect(test.store.readOnly()).toBe(true);
    renameSync(away, test.file);
    await expect.poll(() => test.store.readOnly(), { timeout: 5_000 }).toBe(false);
    await test.store.setMeta('a', 'c');
    expect(await test.store.meta('a')).toBe('c');
  });
});

describe('the lock of the server', () => {
  it('is refused while another server has it, with who that is', async () => {
    await run('hold', 'first server').line('locked');
    await expect(lockServer(test.store, 'second server', systemClock)).rejects.toMatchObject({
      code: 'STORE_IN_USE',
      facts: { path: test.file, holder: expect.stringContaining('first server, process') },
    });
    await test.store.setMeta('beside', 'works');
  });

  it('ends with its holder, even one that is killed', async () => {
    const first = run('hold', 'first server');
    await first.line('locked');
    first.child.kill('SIGKILL');
    await new Promise((resolve) => first.child.once('close', resolve));
    const began = monotonic();
    const release = await lockServer(test.store, 'second server', systemClock);
    expect(monotonic() - began).toBeLessThan(5_000);
    await release();
  });

  it('is refused to a second server in the same process, and given again once released', async () => {
    const release = await lockServer(test.store, 'one', systemClock);
    const other = await test.again();
    await expect(lockServer(other, 'two', systemClock)).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    await expect(lockServer(other, 'three', systemClock)).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    await release();
    await (await lockServer(other, 'two', systemClock))();
    await other.close();
  });
});

describe('a disk that takes no more', () => {
  it('makes the store read-only, loses nothing, and is used again by itself when it has room', async () => {
    // A limit on file size stands in for a full disk; ignoring its signal turns it into a failed write.
    const { child, line } = start('bash', ['-c', 'trap "" XFSZ; ulimit -S -f 3000; exec "$0" "$@"', process.execPath, program, test.url, 'fill']);
    await line('full');
    expect(await line('refused')).toBe('refused READ_ONLY');
    expect(await line('read')).toBe('read true');
    execFileSync('bash', ['-c', 'prlimit --pid "$0" --fsize=unlimited', String(child.pid)]);
    expect(await line('recovered')).toBe('recovered true');
  });
});
