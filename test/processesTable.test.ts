import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProcessFile } from '../engine/definitions/authored.js';

const folder = join(import.meta.dirname, '..', 'processes');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const keys = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'process.json')));
const rowOf = (key: string): string => readme.split('\n').find((line) => line.startsWith('| [') && line.includes(`](${key}/)`)) ?? '';

describe('the table of processes in processes/README.md', () => {
  it.each(keys)('tells of %s: what it is for, its clauses, its links', (key) => {
    const process = JSON.parse(readFileSync(join(folder, key, 'process.json'), 'utf8')) as ProcessFile;
    const row = rowOf(key);
    expect(row).toContain(`| [${process.title}](${key}/) | ${process.description} |`);
    expect(row).toContain(`| ${process.clauses?.['2018']?.join(', ')} (${process.clauses?.['2011']?.join(', ')}) |`);
    const linked = Object.values(process.links ?? {}).flatMap((link) => link.to ?? []);
    expect(row.split(' | ').at(-1)?.replace(' |', '').split(', ').sort()).toEqual(linked.length === 0 ? ['none'] : [...new Set(linked)].sort());
  });

  it('names no process that is not there', () => {
    const named = [...readme.matchAll(/^\| \[[^\]]+\]\(([^)]+)\/\)/gm)].map((match) => match[1]);
    expect(named.sort()).toEqual([...keys].sort());
  });
});
