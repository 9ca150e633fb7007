import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkCommand } from '../../../server/cli/commands/check.js';
import { root } from '../../../server/web/paths.js';
import { type Installation, installation } from './run.js';

let place: Installation;
beforeEach(() => {
  place = installation();
  vi.stubEnv('PROCESSES_DIR', join(place.folder, 'processes'));
  vi.stubEnv('RULES_DIR', join(place.folder, 'rules'));
});
afterEach(() => vi.unstubAllEnvs());

function write(path: string, content: unknown): string {
  const file = join(place.folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return file;
}

describe('charter check', () => {
  it('is clean on a shipped process, with every transition taken by a scenario', async () => {
    vi.stubEnv('RULES_DIR', join(root, 'rules'));
    const { code, json } = await place.run(checkCommand, '--json', join(root, 'processes', 'service'));
    expect(json.problems).toEqual([]);
    expect(code).toBe(0);
    for (const { key, transitions, coveredTransitions, exploredStates } of json.processes) {
      expect([key, coveredTransitions]).toEqual([key, transitions]);
      expect(exploredStates).toBeGreaterThan(0);
    }
  }, 60_000);

  it('takes PROCESSES_DIR when no folder is named, and needs no store', async () => {
    const { code, json } = await place.run(checkCommand, '--json');
    expect(json.processes.map(({ key }: { key: string }) => key).sort()).toEqual(['helper', 'secret', 'ticket']);
    expect([code, json.problems.filter(({ severity }: { severity: string }) => severity === 'error')]).toEqual([0, []]);
  });

  it('names files relative to the folder that was named: a process, or a folder of them', async () => {
    write('processes/broken/statechart.json', { initial: 'a', states: { a: { on: { GO: 'nowhere' } } } });
    const whole = await place.run(checkCommand, '--json', join(place.folder, 'processes'));
    expect(whole.code).toBe(1);
    expect(whole.json.problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ severity: 'error', file: 'broken/statechart.json', pointer: '/states/a/on/GO' })]),
    );
    const one = await place.run(checkCommand, '--json', join(place.folder, 'processes', 'broken'));
    expect(one.code).toBe(1);
    expect(one.json.problems[0]).toEqual({
      severity: 'error',
      file: 'statechart.json',
      pointer: '/states/a/on/GO',
      line: expect.any(Number),
      column: expect.any(Number),
      code: expect.any(String),
      message: expect.stringContaining('nowhere'),
      remedy: expect.any(String),
    });
    expect(one.json.processes.map(({ key }: { key: string }) => key)).toEqual(['broken']);
  });

  it('lets a single process refer to those beside it, and to those in force where it stands alone', async () => {
    expect((await place.run(checkCommand, '--json', join(place.folder, 'processes', 'ticket'))).code).toBe(0);
    const alone = write('elsewhere/caller/process.json', { links: { about: { title: 'About', to: ['ticket'] } } });
    write('elsewhere/caller/statechart.json', { initial: 'a', states: { a: { type: 'final' } } });
    expect((await place.run(checkCommand, '--json', join(alone, '..'))).json.problems).toEqual([]);
  });

  it('exits 0 with warnings and says them with line, column and remedy', async () => {
    const folder = join(write('more/end/statechart.json', '{"initial": "a",\n "states": {"a": {}}}'), '..');
    const { code, out } = await place.run(checkCommand, folder);
    expect(out).toMatch(/^statechart\.json:2:\d+ warning STATE_DEAD_END: .+\n {4}.+$/m);
    expect(out).toMatch(/^end: 1 state, 0 of 0 transitions taken by scenarios, 1 state value explored in 1 situation, all there are$/m);
    expect(out).toMatch(/^0 errors and 1 warning in 1 process\.$/m);
    expect(code).toBe(0);
  });

  it('refuses a folder that is none, or holds nothing to check', async () => {
    mkdirSync(join(place.folder, 'empty'));
    for (const folder of ['nowhere', 'empty', 'rules/policy/roles.json'])
      expect((await place.run(checkCommand, join(place.folder, folder))).error?.code).toBe('CONFIGURATION_INVALID');
  });
});
