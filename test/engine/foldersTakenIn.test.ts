/** A start reads the folders again; what was found in them before and can not be different now is not looked for again. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunningEngine } from '../../engine/createEngine.js';
import { type TestEngine, testEngine } from './testEngine.js';

const chart = { initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final' } } };
const form = { type: 'object', properties: { title: { type: 'string' } } };
/** `visit` reads a field of the `room` it names; a state that nothing reaches gives a warning to remember. */
const visit = {
  'statechart.json': { ...chart, states: { ...chart.states, lost: {} } },
  'form.json': { type: 'object', properties: { room: { type: 'string', 'x-charter': { reference: { kind: 'record', process: 'room' } } } } },
  'rules.json': { values: {}, checks: { named: { rule: { present: { var: 'refs.room.title' } }, message: 'The room has no title.' } } },
};
const room = { 'statechart.json': chart, 'form.json': form };
const apart = { 'statechart.json': { ...chart, states: { ...chart.states, lost: {} } } };

const owner = { id: 'olga', roles: ['process-owner'], teams: [] };

const KEPT = 'definition-folders';
const MARKED = 'As it was remembered';

/** Codes and files of what is told of the folders; `remembered` stands for what was not looked for again. */
const told = (engine: RunningEngine): readonly string[] =>
  engine.folderProblems().problems.map(({ code, file, message }) => `${message === MARKED ? 'remembered' : code} ${file.split('/')[0]}`);

/** Starts once, marks what is remembered so that it can be told from what is found anew, and changes files before the next start. */
async function secondStart(change: (test: TestEngine, write: (file: string, content: unknown) => void) => void, mark?: string): Promise<TestEngine> {
  const test = await testEngine({ processes: { apart, room, visit } });
  expect(told(test.engine)).toEqual(['STATE_UNREACHABLE apart', 'STATE_UNREACHABLE visit']);
  const memory = JSON.parse((await test.engine.store.meta(KEPT)) ?? '{}');
  for (const folder of Object.values<{ problems: { message: string }[] }>(memory.folders)) for (const problem of folder.problems) problem.message = MARKED;
  await test.engine.store.setMeta(KEPT, JSON.stringify({ ...memory, ...(mark === undefined ? {} : { mark }) }));
  change(test, (file, content) => writeFileSync(join(test.folder, 'processes', file), JSON.stringify(content)));
  return test.reopen();
}

describe('a start on folders that were taken in before', () => {
  it('checks nothing that is unchanged, and still tells what was found in it', async () => {
    const { engine } = await secondStart(() => undefined);
    expect(told(engine)).toEqual(['remembered apart', 'remembered visit']);
    expect(await engine.versions('visit', owner)).toHaveLength(1);
  });

  it('checks a folder that changed, and those that look into it, but no other', async () => {
    const { engine } = await secondStart((_test, write) => write('room/form.json', { type: 'object', properties: { name: { type: 'string' } } }));
    expect(told(engine)).toEqual(['remembered apart', 'RULE_PATH_UNKNOWN visit', 'STATE_UNREACHABLE visit']);
    expect(await engine.versions('room', owner)).toHaveLength(2);
  });

  it('checks one folder when only it changed', async () => {
    const { engine } = await secondStart((_test, write) => write('room/statechart.json', { ...chart, description: 'Another.' }));
    expect(told(engine)).toEqual(['remembered apart', 'remembered visit']);
    expect(await engine.versions('room', owner)).toHaveLength(2);
  });

  it('checks those again that name a process which is gone', async () => {
    const { engine } = await secondStart((test) => rmSync(join(test.folder, 'processes', 'room'), { recursive: true }));
    expect(told(engine)).toContain('PROCESS_NOT_YET visit');
  });

  it('neither checks nor tries again what it refused before', async () => {
    const failing = {
      ...room,
      'scenarios.json': { scenarios: [{ name: 'Not so', given: { users: { ann: {} } }, steps: [{ as: 'ann', event: 'CLOSE', expect: { state: 'open' } }] }] },
    };
    const faulty = { 'statechart.json': { ...chart, initial: 'opne' } };
    const test = await testEngine({ processes: { failing, faulty } });
    const before = told(test.engine);
    expect(before).toEqual(['SCENARIO_FAILED failing', 'INITIAL_UNKNOWN faulty']);
    const memory = await test.engine.store.meta(KEPT);
    const { engine } = await test.reopen();
    expect(told(engine)).toEqual(before);
    expect(await engine.processes(owner)).toEqual([]);
    expect(await engine.store.meta(KEPT), 'all of it is remembered').toBe(memory);
    expect(Object.keys(JSON.parse(memory ?? '{}').folders)).toEqual(['failing', 'faulty']);
  });

  it('checks all when the shared rules changed', async () => {
    const { engine } = await secondStart((test) =>
      writeFileSync(join(test.folder, 'rules', 'policy', 'roles.json'), JSON.stringify({ kind: 'roles', roles: { desk: { title: 'Desk' } } })),
    );
    expect(told(engine)).toEqual(['STATE_UNREACHABLE apart', 'STATE_UNREACHABLE visit']);
  });

  it('checks all when other code than this one remembers', async () => {
    const { engine } = await secondStart(() => undefined, 'an older engine');
    expect(told(engine)).toEqual(['STATE_UNREACHABLE apart', 'STATE_UNREACHABLE visit']);
  });

  it('puts what it remembers in force where it is not, and leaves what was published elsewhere', async () => {
    const test = await testEngine({ processes: { apart, room, visit } });
    const files = { 'statechart.json': JSON.stringify({ ...chart, description: 'From the browser.' }), 'form.json': JSON.stringify(form) };
    const { hash } = await test.engine.publish({ process: 'room', files, note: '', actor: owner, source: 'browser' });
    const { engine } = await test.reopen();
    expect((await engine.definition('room', owner)).hash).toBe(hash);
    expect(engine.folderProblems().waiting.map(({ process }) => process)).toEqual(['room']);
  });
});
