import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EngineOptions } from '../../../engine/index.js';
import { runImportCommand } from '../../../server/cli/commands/import.js';
import { importFile } from '../../../server/import/importFile.js';
import { openThrowAway } from '../../../server/import/throwAway.js';
import { testEngine } from '../../engine/testEngine.js';
import { shippedStore } from '../../shippedStore.js';
import { excerpt, excerptText, folder, mappingFile, refusal } from './files.js';

vi.setConfig({ testTimeout: 120_000 });

const importer = { id: 'system', roles: ['administrator'], teams: [] };
const request = { mapping: mappingFile, file: excerpt, importer };
const files = folder();
const shipped = await shippedStore(['incident']);

function optionsIn(path: string): EngineOptions {
  return {
    databaseUrl: `sqlite:${join(path, 'data', 'charter.sqlite')}`,
    dataDir: join(path, 'data'),
    processesDir: shipped.processesDir,
    rulesDir: shipped.rulesDir,
    secretKey: 'a secret of the tests only',
  };
}

/** What the command writes to standard output, and its exit code. */
async function command(options: Partial<Parameters<typeof runImportCommand>[0]>, engineOptions: EngineOptions): Promise<{ code: number; output: string }> {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const code = await runImportCommand({ mapping: mappingFile, file: excerpt, as: 'system', ...options }, engineOptions);
  return { code, output: written.join('') };
}

afterEach(() => void vi.restoreAllMocks());

function throwAways(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('charter-dry-run-'));
}

describe('a dry run', () => {
  it('tells what a run would come to, and makes not even a database', async () => {
    const path = mkdtempSync(join(files.path, 'empty-'));
    const dry = await command({ dryRun: true, json: true }, optionsIn(path));
    expect(dry.code).toBe(0);
    expect(existsSync(join(path, 'data'))).toBe(false);
    const real = await command({ json: true }, optionsIn(path));
    const compared = (output: string) => ({ ...JSON.parse(output), seconds: 0 });
    expect(compared(dry.output)).toEqual(compared(real.output));
    expect(compared(dry.output)).toMatchObject({
      rowsRead: 235,
      records: 29,
      unchanged: 0,
      refused: [{ kind: 'state-unknown', count: 2, example: expect.any(String) }],
    });
  });

  it('beside records that are there knows what is unchanged, writes nothing and leaves nothing behind', async () => {
    const { engine, folder: path, databaseUrl } = await testEngine({ only: ['incident'] });
    const half = files.write('half.csv', `${excerptText.split('\n').slice(0, 100).join('\n')}\n`);
    await importFile({ ...request, file: half }, async () => engine);
    const before = (await engine.entries({ limit: 1000 }, importer)).items;
    const left = throwAways().length;
    const copy = await openThrowAway({ ...optionsIn(path), databaseUrl });
    const dry = await importFile(request, async () => copy.engine);
    await copy.close();
    expect((await engine.entries({ limit: 1000 }, importer)).items).toEqual(before);
    expect(throwAways().length).toBeLessThanOrEqual(left);
    const real = await importFile(request, async () => engine);
    expect(dry.account).toEqual(real.account);
    expect(dry.account.unchanged).toBeGreaterThan(90);
  });
});

describe('the command', () => {
  it('prints the account for people', async () => {
    const { code, output } = await command({}, optionsIn(mkdtempSync(join(files.path, 'text-'))));
    expect(code).toBe(0);
    expect(output).toMatch(/rows read +235/);
    expect(output).toContain('e.g. line 232, INC0028089');
  });

  it('exits 1 when nothing could be taken', async () => {
    const none = files.write('none.csv', excerptText.replaceAll(/\d+\/\d+\/2016/g, 'never'));
    expect((await command({ file: none, json: true }, optionsIn(mkdtempSync(join(files.path, 'none-'))))).code).toBe(1);
  });

  it('is refused for an importer who does not exist', async () => {
    const path = mkdtempSync(join(files.path, 'as-'));
    expect((await refusal(command({ as: 'nobody' }, optionsIn(path)))).code).toBe('DATA_INVALID');
    rmSync(path, { recursive: true });
  });
});
