import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testEngine } from './testEngine.js';

const chart = { id: 'door', initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed: { on: { OPEN: 'open' } } } };
const scenario = (state: string) => JSON.stringify({ scenarios: [{ name: 'closing', steps: [{ event: 'CLOSE', expect: { state } }] }] });
const files = (state: string) => ({ 'statechart.json': JSON.stringify(chart), 'scenarios.json': scenario(state) });

describe('a process whose scenarios fail', () => {
  it('is not published, and is told which step went another way', async () => {
    const { engine, user } = await testEngine({ processes: {} });
    const owner = await user('olga', ['process-owner']);
    const publish = (state: string) => engine.publish({ process: 'door', files: files(state), note: '', actor: owner, source: 'api' });
    const wrong = [expect.objectContaining({ code: 'SCENARIO_FAILED', file: 'door/scenarios.json', pointer: '/scenarios/0/steps/0', severity: 'error' })];
    await expect(publish('open')).rejects.toMatchObject({ code: 'DEFINITION_FAULTY', facts: { problems: wrong } });
    expect((await engine.check('door', files('open'))).problems).toEqual(wrong);
    expect(await engine.processes(owner)).toEqual([]);
    expect((await publish('closed')).created).toBe(true);
    expect((await engine.check('door', files('closed'))).processes[0]).toMatchObject({ transitions: 2, coveredTransitions: 1 });
  });

  it('is not taken in from a folder either; the running version stays', async () => {
    const { engine, user, folder } = await testEngine({ processes: {} });
    const owner = await user('olga', ['process-owner']);
    mkdirSync(join(folder, 'processes', 'door'));
    const write = (state: string) => {
      for (const [file, text] of Object.entries(files(state))) writeFileSync(join(folder, 'processes', 'door', file), text);
    };
    write('closed');
    await engine.readFolders();
    const running = (await engine.definition('door', owner)).hash;
    write('open');
    await engine.readFolders();
    expect((await engine.definition('door', owner)).hash).toBe(running);
    expect(engine.folderProblems().problems.map((problem) => problem.code)).toEqual(['SCENARIO_FAILED']);
  });
});
