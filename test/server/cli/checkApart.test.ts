/** The built command tries many processes out in several threads; from sources, as here, one thread does it all. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readFolders, tryOutApart } from '../../../engine/index.js';
import { projectPath } from '../../tooling/sources.js';

const closing = { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final' } };
const scenario = (state: string) => ({ name: 'Closed', given: { users: { ann: {} } }, steps: [{ as: 'ann', event: 'CLOSE', expect: { state } }] });

/** Some sound, some with a warning, some whose scenario fails, one that can not be read. */
function filesOf(index: number): { readonly [file: string]: unknown } {
  const states = index % 3 === 0 ? { ...closing, lost: {} } : closing;
  const faulty = index === 7 ? { 'form.json': { type: 'nonsense', properties: {} } } : {};
  return { 'statechart.json': { initial: 'open', states }, 'scenarios.json': { scenarios: [scenario(index % 5 === 0 ? 'open' : 'closed')] }, ...faulty };
}

it('charter check says the same from several threads as from one', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'charter-apart-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: unknown): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  };
  write('rules/policy/nobody.json', { kind: 'nothing' });
  for (let index = 0; index < 24; index += 1)
    for (const [file, content] of Object.entries(filesOf(index))) write(`processes/p${String.fromCharCode(97 + index)}/${file}`, content);
  const [processesDir, rulesDir] = [join(folder, 'processes'), join(folder, 'rules')];
  const sources = await readFolders(processesDir, rulesDir);
  const here = await tryOutApart(sources, new Set(Object.keys(sources.processes).map((path) => path.split('/')[0] ?? '')));
  expect(new Set(here.problems.map(({ code }) => code))).toEqual(new Set(['SHARED_KIND', 'STATE_UNREACHABLE', 'SCENARIO_FAILED', 'VALUE_NOT_ALLOWED']));

  const environment = { ...process.env, PROCESSES_DIR: processesDir, RULES_DIR: rulesDir };
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, [projectPath('server/cli/charter.mjs'), 'check', '--json'], { env: environment }, (_error, out) => resolve(out));
  });
  expect(JSON.parse(said)).toEqual(JSON.parse(JSON.stringify(here)));
});
