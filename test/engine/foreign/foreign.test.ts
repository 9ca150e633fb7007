/** The life of another system's ticket class, written from its description: whether the format can say it. It is not shipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tryOut } from '../../../engine/trial/index.js';
import { testEngine } from '../testEngine.js';

const folder = import.meta.dirname;
const read = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'));
const filesOf = (path: string) => Object.fromEntries(readdirSync(join(folder, path)).map((name) => [name, read(join(path, name))]));
const process = filesOf('user-request');
const rules = Object.fromEntries(Object.entries(filesOf('rules/policy')).map(([name, content]) => [`policy/${name}`, content]));
const texts = (files: object, prefix = '') => Object.fromEntries(Object.entries(files).map(([name, content]) => [prefix + name, JSON.stringify(content)]));

describe('iTop’s user request', () => {
  it('is said without a problem, every transition taken, every state explored', () => {
    const tried = tryOut({ processes: texts(process, 'user-request/'), rules: texts(rules) });
    expect(tried.problems).toEqual([]);
    expect(tried.uncovered).toEqual([]);
    expect(tried.processes).toMatchObject([{ key: 'user-request', transitions: 30, coveredTransitions: 30, exploredStates: 10 }]);
  });

  it('runs: children are resolved with their parent, and each other’s clocks are their own', async () => {
    const { engine, clock, user } = await testEngine({ processes: { 'user-request': process }, rules });
    const [dora, ann, rita] = [await user('dora', ['service-desk']), await user('ann', ['support-agent'], ['network']), await user('rita', ['employee'])];
    const make = async (title: string) => (await engine.create({ process: 'user-request', data: { title }, actor: rita })).record;
    const send = (record: { id: string }, type: string, actor: typeof ann, data = {}) => engine.send({ record: record.id, type, data, actor });
    const parent = await make('Router is down');
    const children = [await make('No network in room 12'), await make('No network in room 14')] as const;
    for (const child of children) await engine.link({ record: child.id, name: 'parent', to: parent.id, actor: dora });
    await send(children[0], 'ev_assign', dora, { team: 'network' });
    await engine.advanceTo(clock.now() + 3_600_000);
    expect((await engine.record(children[1].id, dora)).paths).toEqual(['escalated_tto']);
    await send(parent, 'ev_assign', dora, { team: 'network' });
    await send(parent, 'ev_resolve', ann, { resolutionCode: 'hardware repair', solution: 'Router replaced' });
    await engine.advanceTo(clock.now() + 1_000);
    for (const child of children) expect(await engine.record(child.id, dora)).toMatchObject({ paths: ['resolved'], data: { solution: 'Router replaced' } });
    await engine.advanceTo(clock.now() + 8 * 86_400_000);
    expect((await engine.record(parent.id, dora)).status).toBe('done');
    expect((await engine.verify()).problems).toEqual([]);
  });
});
