import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAssets } from '../../../server/web/assets.js';
import { viewsFolder } from '../../../server/web/paths.js';

function templates(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? templates(join(folder, entry.name)) : entry.name.endsWith('.hbs') ? [join(folder, entry.name)] : [],
  );
}

const all = templates(viewsFolder).map(
  (path) => [path.slice(viewsFolder.length + 1), readFileSync(path, 'utf8').replaceAll(/\{\{!--[\s\S]*?--\}\}/g, '')] as const,
);

describe('W9: templates', () => {
  it.each(all)('%s puts nothing raw, nothing unquoted, nothing the security policy refuses', (_name, text) => {
    expect(text).not.toContain('{{{');
    expect(text).not.toMatch(/\{\{&/);
    expect(text).not.toMatch(/\s[a-z-]+=\{\{/);
    expect(text).not.toMatch(/\sstyle=/);
    expect(text).not.toMatch(/\son[a-z]+=/);
    expect(text).not.toMatch(/<script(?![^>]*\ssrc="\{\{this\}\}")/);
    expect(text).not.toMatch(/\{\{>\s*\(/);
  });

  it.each(all.filter(([, text]) => text.includes('method="post"')))('%s gives every form that posts its token', (_name, text) => {
    const forms = text
      .split(/<form\b/)
      .slice(1)
      .filter((form) => form.slice(0, form.indexOf('>')).includes('method="post"'));
    for (const form of forms) expect(form.slice(0, form.indexOf('</form>'))).toMatch(/\{\{> csrf token=/);
  });

  it('name only icons that are drawn', () => {
    const icons = readFileSync(join(viewsFolder, 'assets', 'icons.svg'), 'utf8');
    const named = new Set(all.flatMap(([, text]) => [...text.matchAll(/\{\{icon "([a-z]+)"/g)].map(([, name]) => name)));
    for (const name of named) expect(icons, name).toContain(`id="${name}"`);
  });
});

describe('the style sheet', () => {
  it('is one, is there, and asks nobody else for anything', () => {
    expect(createAssets().url('charter.css')).toMatch(/^\/assets\/charter\.[0-9a-f]{12}\.css$/);
    const folder = join(viewsFolder, 'assets', 'css');
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), 'utf8'), name).not.toMatch(/@import|url\(/);
  });
});
