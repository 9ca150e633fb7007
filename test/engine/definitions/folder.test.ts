import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkAll, readFolder, readFolders, watchFolders } from '../../../engine/definitions/index.js';

let root = '';
const at = (...parts: string[]) => path.join(root, ...parts);
const simple = JSON.stringify({ initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final' } } });

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'definitions-'));
  await mkdir(at('processes', 'incident'), { recursive: true });
  await mkdir(at('rules', 'policy'), { recursive: true });
  await writeFile(at('processes', 'incident', 'statechart.json'), simple);
  await writeFile(at('rules', 'policy', 'roles.json'), '{"kind":"roles","roles":{}}');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const read = () => readFolders(at('processes'), at('rules'));

describe('reading folders', () => {
  it('gives the text of every file by its path', async () => {
    expect(await read()).toEqual({ processes: { 'incident/statechart.json': simple }, rules: { 'policy/roles.json': '{"kind":"roles","roles":{}}' } });
    expect(await readFolder(at('processes', 'incident'))).toEqual({ 'statechart.json': simple });
  });

  it('skips hidden files, what editors leave, readmes, and files beside the folders', async () => {
    for (const name of ['.hidden.json', 'statechart.json~', 'x.swp', 'README.md']) await writeFile(at('processes', 'incident', name), 'x');
    await writeFile(at('processes', 'README.md'), 'x');
    expect(Object.keys((await read()).processes)).toEqual(['incident/statechart.json']);
  });

  it('does not follow links that lead outside, nor links in a circle', async () => {
    await writeFile(at('secret.json'), 'secret');
    await symlink(at('secret.json'), at('processes', 'incident', 'rules.json'));
    await symlink(at('processes'), at('processes', 'incident', 'loop'));
    await symlink(at('processes', 'incident', 'statechart.json'), at('processes', 'incident', 'form.json'));
    expect(Object.keys((await read()).processes)).toEqual(['incident/form.json', 'incident/statechart.json']);
  });

  it('counts a folder that is not there as empty', async () => {
    expect(await readFolders(at('none'), at('nowhere'))).toEqual({ processes: {}, rules: {} });
  });

  it('leaves what is too large or no UTF-8 to the checker, which names the file', async () => {
    await writeFile(at('processes', 'incident', 'form.json'), ' '.repeat(3 * 1024 * 1024));
    await writeFile(at('processes', 'incident', 'rules.json'), Buffer.from([0xff, 0xfe, 0x41]));
    const { problems } = checkAll(await read());
    expect(problems.map(({ code, file }) => [code, file])).toEqual(
      expect.arrayContaining([
        ['FILE_TOO_LARGE', 'incident/form.json'],
        ['JSON_SYNTAX', 'incident/rules.json'],
      ]),
    );
  });
});

describe('watching folders', () => {
  it('tells of changes once they are quiet, also in folders that are new', async () => {
    let calls = 0;
    let wake = (): void => undefined;
    const next = () => new Promise<void>((resolve) => (wake = resolve));
    const stop = watchFolders([at('processes'), at('rules')], () => {
      calls += 1;
      wake();
    });
    try {
      // The watch begins a moment after the call; it is ready when it tells of a change.
      const ready = next();
      const knock = setInterval(() => void writeFile(at('processes', 'incident', 'rules.json'), '{}'), 400);
      await ready;
      clearInterval(knock);
      const before = calls;
      const half = next();
      await writeFile(at('processes', 'incident', 'form.json'), '{"type":');
      await writeFile(at('processes', 'incident', 'form.json.tmp'), '{"type":"object","properties":{}}');
      await rename(at('processes', 'incident', 'form.json.tmp'), at('processes', 'incident', 'form.json'));
      await half;
      expect(calls - before, 'three changes count as one, or two on a slow machine').toBeLessThanOrEqual(2);
      expect((await read()).processes['incident/form.json']).toBe('{"type":"object","properties":{}}');
      const folder = next();
      await mkdir(at('processes', 'change'));
      await folder;
      const inside = next();
      await writeFile(at('processes', 'change', 'statechart.json'), simple);
      await inside;
      expect(Object.keys((await read()).processes)).toContain('change/statechart.json');
    } finally {
      stop();
    }
  });
});
