import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wholeOrNothing } from '../../../server/demo/wholeOrNothing.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charter-whole-'));
  file = join(folder, 'charter.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (url: string, text: string): void => writeFileSync(url.replace('sqlite:', ''), text);

describe('a database that is filled whole or not at all', () => {
  it('is put in place when it is complete', async () => {
    const filled = await wholeOrNothing(`sqlite:${file}`, async (url) => {
      write(url, 'all of it');
      expect(existsSync(file)).toBe(false);
      return 'done';
    });
    expect(filled).toBe('done');
    expect(readFileSync(file, 'utf8')).toBe('all of it');
    expect(readdirSync(folder)).toEqual(['charter.sqlite']);
  });

  it('is not there after a failure midway, and nothing else is', async () => {
    const failing = wholeOrNothing(`sqlite:${file}`, async (url) => {
      write(url, 'half of it');
      throw new Error('midway');
    });
    await expect(failing).rejects.toThrow('midway');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is filled where it is when it was there before, and stays', async () => {
    write(file, 'before');
    await expect(
      wholeOrNothing(`sqlite:${file}`, async (url) => {
        expect(url).toBe(`sqlite:${file}`);
        throw new Error('midway');
      }),
    ).rejects.toThrow('midway');
    expect(readFileSync(file, 'utf8')).toBe('before');
  });
});
