import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, type Reply, startTestServer, type TestServer } from './harness.js';

let server: TestServer;
let owner: Client;
beforeAll(async () => {
  server = await startTestServer({ watch: true });
  owner = server.as('owner');
});
afterAll(() => server.close());

const door = (title: string) => ({
  'statechart.json': { initial: 'shut', states: { shut: { meta: { title }, on: { OPEN: 'open' } }, open: { type: 'final' } } },
});
const faulty = { 'statechart.json': { initial: 'shut', states: { shut: { on: { OPEN: 'nowhere' } } } } };

describe('checking', () => {
  it('tells every problem of files given as objects or as texts, and publishes nothing', async () => {
    const asObjects = await owner.post('/api/v1/processes/door/check', { files: faulty });
    expect(asObjects.status).toBe(200);
    expect(asObjects.body.problems[0]).toMatchObject({
      severity: 'error',
      file: 'door/statechart.json',
      pointer: '/states/shut/on/OPEN',
      line: expect.any(Number),
      column: expect.any(Number),
      code: expect.any(String),
      message: expect.stringContaining('nowhere'),
      remedy: expect.any(String),
    });
    const asText = await owner.post('/api/v1/processes/door/check', { files: { 'statechart.json': '{"initial":"shut",\n "states":{"shut":{},"shut":{}}}' } });
    expect(asText.body.problems[0]).toMatchObject({ code: 'JSON_DUPLICATE_KEY', line: 2 });
    expect((await owner.post('/api/v1/processes/door/check', { files: door('Shut') })).body.problems).toEqual([]);
    expect((await owner.get('/api/v1/processes/door')).status).toBe(404);
  });

  it('refuses files that are none', async () => {
    for (const files of [undefined, [], 'x', { '../x.json': {} }, { 'statechart.json': 7 }, { 'statechart.json': null }])
      expect([files, (await owner.post('/api/v1/processes/door/check', { files })).status]).toEqual([files, 422]);
    expect((await owner.post('/api/v1/processes/door/check', '{"files":{"statechart.json":{"states":{"__proto__":{}}}}}')).status).toBe(400);
  });
});

describe('publishing', () => {
  it('makes a new process, then versions; the same content is the version it has', async () => {
    const first = await owner.post('/api/v1/processes/door/versions', { files: door('Shut'), note: 'the first' });
    expect([first.status, first.body.created]).toEqual([201, true]);
    expect(first.body.version).toMatch(/^[0-9a-f]{64}$/);
    const same = await owner.post('/api/v1/processes/door/versions', {
      files: { 'statechart.json': JSON.stringify(door('Shut')['statechart.json'], null, 8) },
    });
    expect([same.status, same.body.created, same.body.version]).toEqual([200, false, first.body.version]);
    const second = await owner.post('/api/v1/processes/door/versions', { files: door('Closed') });
    expect(second.status).toBe(201);
    const { items } = (await owner.get('/api/v1/processes/door/versions')).body;
    expect(items.map(({ version, current, note, publishedBy, source }: Record<string, unknown>) => ({ version, current, note, publishedBy, source }))).toEqual(
      expect.arrayContaining([
        { version: first.body.version, current: false, note: 'the first', publishedBy: 'owner', source: 'api' },
        { version: second.body.version, current: true, note: '', publishedBy: 'owner', source: 'api' },
      ]),
    );
    expect((await owner.get(`/api/v1/processes/door/versions/${first.body.version}`)).body.files['statechart.json'].states.shut.meta.title).toBe('Shut');
  });

  it('puts a version in force at once, and a record stays on its own', async () => {
    const agent = server.as('agent');
    const old = (await owner.post('/api/v1/processes/gate/versions', { files: door('One') })).body.version;
    const record = (await agent.post('/api/v1/records', { process: 'gate' })).body;
    const next = (await owner.post('/api/v1/processes/gate/versions', { files: door('Two') })).body.version;
    expect(record.definitionVersion).toBe(old);
    expect((await agent.post('/api/v1/records', { process: 'gate' })).body.definitionVersion).toBe(next);
    expect((await agent.post(`/api/v1/records/${record.id}/events`, { type: 'OPEN' })).body).toMatchObject({ status: 'done', definitionVersion: old });
  });

  it('refuses a faulty definition whole, with its problems, and what runs goes on', async () => {
    const before = (await owner.post('/api/v1/processes/hatch/versions', { files: door('Fine') })).body.version;
    const reply = await owner.post('/api/v1/processes/hatch/versions', { files: faulty });
    expect([reply.status, reply.body.code]).toEqual([422, 'DEFINITION_FAULTY']);
    expect(reply.body.problems).toEqual(expect.arrayContaining([expect.objectContaining({ severity: 'error', file: 'hatch/statechart.json' })]));
    expect((await owner.get('/api/v1/processes/hatch')).body.version).toBe(before);
  });
});

describe('the folders', () => {
  const write = (key: string, files: object): void => {
    mkdirSync(join(server.folder, 'processes', key), { recursive: true });
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(server.folder, 'processes', key, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const within2s = async (ask: () => Promise<Reply>, holds: (reply: Reply) => boolean): Promise<Reply> => {
    const until = performance.now() + 2_000;
    let reply = await ask();
    while (!holds(reply) && performance.now() < until) reply = await ask();
    expect(holds(reply)).toBe(true);
    return reply;
  };

  it('are in force within two seconds, or their problems are told', async () => {
    const before = (await owner.get('/api/v1/processes/ticket')).body.version;
    write('ticket', { 'statechart.json': '{"id":"ticket","initial":"x"' });
    const { body } = await within2s(
      () => owner.get('/api/v1/problems'),
      (reply) => reply.body.problems.length > 0,
    );
    expect(body.problems[0]).toMatchObject({ severity: 'error', file: 'ticket/statechart.json', line: 1 });
    expect((await owner.get('/api/v1/processes/ticket')).body.version).toBe(before);
    write('lock', door('Locked'));
    await within2s(
      () => server.as('agent').get('/api/v1/processes/lock'),
      (reply) => reply.status === 200,
    );
  });
});
