import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, type Reply, startTestServer, type TestServer } from './harness.js';

let server: TestServer;
let agent: Client;
let ticket: { id: string; number: string };
beforeAll(async () => {
  server = await startTestServer();
  agent = server.as('agent');
});
afterAll(() => server.close());
beforeEach(async () => {
  ticket = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Broken' } })).body;
});

const events = (body: unknown, headers?: Record<string, string>): Promise<Reply> => agent.post(`/api/v1/records/${ticket.id}/events`, body, headers);
const state = async () => {
  const { version, data, state: value } = (await agent.get(`/api/v1/records/${ticket.id}`)).body;
  return { version, data, value };
};

/** A problem document that says what, why and what to do; and nothing of the inside. */
function expectProblem(reply: Reply, status: number, code: string): void {
  expect([reply.status, reply.body?.code]).toEqual([status, code]);
  expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(reply.body).toMatchObject({
    type: expect.stringMatching(/^urn:charter:error:/),
    title: expect.stringMatching(/\.$/),
    status,
    detail: expect.any(String),
    facts: expect.any(Object),
    remedy: expect.stringMatching(/\.$/),
  });
  expect(reply.text).not.toMatch(/node_modules|\.ts:|\.js:|at Object|SQLITE|sqlite/);
}

describe('400: what can not be read', () => {
  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a comment', '{"type":"NOTE"/* */}'],
    ['a trailing comma', '{"type":"NOTE",}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a key twice', '{"type":"NOTE","type":"CLOSE"}'],
    ['__proto__ at the top', '{"type":"NOTE","__proto__":{"x":1}}'],
    ['__proto__ far down', '{"type":"NOTE","data":{"a":[{"b":{"__proto__":{"admin":true}}}]}}'],
    ['an escaped __proto__', '{"type":"NOTE","data":{"\\u005f_proto__":{"admin":true}}}'],
    ['constructor', '{"type":"NOTE","data":{"constructor":{"prototype":{"x":1}}}}'],
    ['NUL in a text', '{"type":"NOTE","data":{"summary":"a\\u0000b"}}'],
    ['half of a surrogate pair', '{"type":"NOTE","data":{"summary":"\\ud800"}}'],
    ['20,000 nested lists', `{"type":"NOTE","data":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`],
    ['65 levels', `{"type":"NOTE","data":${'{"a":'.repeat(64)}1${'}'.repeat(64)}}`],
    ['NaN', '{"type":"NOTE","data":{"cost":NaN}}'],
  ])('%s', async (_name, text) => {
    const before = await state();
    expectProblem(await events(text), 400, 'MALFORMED');
    expect(await state()).toEqual(before);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('bytes that are not UTF-8', async () => {
    expectProblem(
      await events(Buffer.concat([Buffer.from('{"type":"NOTE","data":{"summary":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}}')])),
      400,
      'MALFORMED',
    );
  });

  it('a record that is neither id nor number, a key that is none', async () => {
    for (const place of ['a%00b', 'x'.repeat(65), "1'%20OR%201=1", '..%2F..%2Fetc', '%ff', '%'])
      expect([400, 404]).toContain((await agent.get(`/api/v1/records/${place}`)).status);
    expectProblem(await agent.get("/api/v1/records/1'--"), 400, 'QUERY_INVALID');
    expectProblem(await server.as('owner').post('/api/v1/processes/Bad_Key/check', { files: {} }), 400, 'QUERY_INVALID');
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=1e2',
    'limit=-1',
    'limit= 5',
    'limit=',
    'limit=5&limit=6',
    'limit[]=5',
    'nonsense=1',
    'status=open',
    'state=.',
    'state=a..b',
    'cursor=AAAA',
    'cursor=',
    'sort=hash',
    'direction=up',
    'unassigned=1',
    'createdFrom=yesterday',
    'createdFrom=2026-02-30T00:00:00Z',
    'q=%00',
    'q=%ff',
    '__proto__=1',
    `q=${'x'.repeat(300)}`,
  ])('the query %s', async (query) => {
    const reply = await agent.get(`/api/v1/records?${query}`);
    expectProblem(reply, 400, 'QUERY_INVALID');
    expect(reply.body.facts.parameter).toEqual(expect.any(String));
  });

  it('an idempotency key that is none', async () => {
    expectProblem(await events({ type: 'NOTE' }, { 'idempotency-key': '' }), 400, 'QUERY_INVALID');
    expectProblem(await events({ type: 'NOTE' }, { 'idempotency-key': 'x'.repeat(300) }), 400, 'QUERY_INVALID');
  });
});

describe('404, 405, 413, 415', () => {
  it('no such record, process, version, address', async () => {
    expectProblem(await agent.get('/api/v1/records/TCK-999999'), 404, 'RECORD_NOT_FOUND');
    expectProblem(await agent.get('/api/v1/records/019cadc6-9a80-77e1-9c83-c65543a90619'), 404, 'RECORD_NOT_FOUND');
    expectProblem(await agent.post('/api/v1/records', { process: 'nothing' }), 404, 'PROCESS_NOT_FOUND');
    expectProblem(await agent.post('/api/v1/records', { process: '__proto__' }), 404, 'PROCESS_NOT_FOUND');
    expectProblem(await agent.get('/api/v1/processes/constructor'), 404, 'PROCESS_NOT_FOUND');
    expectProblem(await agent.get('/api/v1/records?process=nothing'), 404, 'PROCESS_NOT_FOUND');
    expectProblem(await agent.get(`/api/v1/processes/ticket/versions/${'0'.repeat(64)}`), 404, 'VERSION_NOT_FOUND');
    expectProblem(await agent.get('/api/v1/nothing'), 404, 'NOT_FOUND');
    expectProblem(await server.nobody.get('/schemas/nothing.json'), 404, 'NOT_FOUND');
  });

  it('another method names those that are possible', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const reply = await agent.request('/api/v1/records', { method });
      expectProblem(reply, 405, 'NOT_FOUND');
      expect(reply.headers.get('allow')).toBe('GET, POST, HEAD');
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('more than 1 MiB is too large, and 1 MiB is the definition’s to judge', async () => {
    expectProblem(await events(JSON.stringify({ type: 'NOTE', data: { summary: 'x'.repeat(1024 * 1024) } })), 413, 'TOO_LARGE');
    expectProblem(await events(JSON.stringify({ type: 'NOTE', data: { summary: 'x'.repeat(900_000) } })), 422, 'DATA_INVALID');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json', 'application/xml'])(
    'JSON sent as %s',
    async (type) => {
      expectProblem(await events('{"type":"NOTE"}', { 'content-type': type }), 415, 'WRONG_TYPE');
    },
  );

  it('JSON in another charset or an encoding nobody knows', async () => {
    expectProblem(await events('{"type":"NOTE"}', { 'content-encoding': 'nonsense' }), 415, 'WRONG_TYPE');
  });
});

describe('409 and 422: understood, but refused', () => {
  it('an event of the process that this state does not accept', async () => {
    expectProblem(await events({ type: 'RESUME' }), 409, 'EVENT_NOT_ACCEPTED');
  });

  it('a finished record', async () => {
    for (const type of ['CLOSE', 'ARCHIVE']) await events({ type });
    expectProblem(await events({ type: 'NOTE' }), 409, 'RECORD_FINISHED');
    expectProblem(await agent.post(`/api/v1/records/${ticket.id}/comments`, { text: 'late' }), 409, 'RECORD_FINISHED');
  });

  it('an event the process does not have', async () => {
    for (const type of ['DANCE', 'take', 'toString', '__proto__', 'hasOwnProperty']) expectProblem(await events({ type }), 422, 'EVENT_UNKNOWN');
  });

  it.each([
    'xstate.init',
    'xstate.done.state.ticket',
    'xstate.after.patience.ticket.open.working',
    'clock.answer.breached',
    'clock.answer.warning',
    'record.comment',
    'record.created',
    'helper.answered',
    'approval.cab.approved',
    'after.patience',
    'imported',
    'migrated',
    'erased',
    '*',
    'helper.*',
    '',
  ])('the internal event %s', async (type) => {
    const before = await state();
    const reply = await events({ type });
    expect(reply.status).toBe(422);
    expect(['EVENT_INTERNAL', 'EVENT_UNKNOWN']).toContain(reply.body.code);
    expect(await state()).toEqual(before);
  });

  it('data the form refuses, each field named', async () => {
    const reply = await events({ type: 'NOTE', data: { cost: -1, effort: 1.5, assignee: 'boss' } });
    expectProblem(reply, 422, 'DATA_INVALID');
    expect(reply.body.errors.map((error: { field: string }) => error.field).sort()).toEqual(['assignee', 'cost', 'effort']);
    expect(reply.body.errors[0].message).toMatch(/\w/);
    expect((await events({ type: 'NOTE', data: { late: true } })).body.errors[0].field).toBe('late');
    expect((await events({ type: 'TAKE', data: {} })).body.errors).toMatchObject([{ field: 'assignee' }]);
    expect((await events({ type: 'TAKE', data: { assignee: 'nobody-here' } })).body.errors).toMatchObject([{ field: 'assignee' }]);
  });

  it('members of the body that are unknown, missing or of another type', async () => {
    expect((await events({ data: {} })).body.errors).toMatchObject([{ field: 'type' }]);
    expect((await events({ type: 7 })).body.errors).toMatchObject([{ field: 'type' }]);
    expect((await events({ type: 'NOTE', data: [] })).body.errors).toMatchObject([{ field: 'data' }]);
    expect((await events({ type: 'NOTE', at: '2020-01-01T00:00:00Z', actor: 'boss' })).body.errors.map((error: { field: string }) => error.field)).toEqual([
      'at',
      'actor',
    ]);
    for (const version of [0, -1, 1.5, '1', null]) expectProblem(await events({ type: 'NOTE', version }), 422, 'DATA_INVALID');
  });

  it('a guard, with its parts', async () => {
    await events({ type: 'NOTE', data: { cost: 500 } });
    const reply = await events({ type: 'CLOSE' });
    expectProblem(reply, 422, 'GUARD_REFUSED');
    expect(reply.body.reasons).toMatchObject([{ rule: 'cheap', sentence: expect.any(String), parts: [{ path: 'record.cost', value: 500 }] }]);
  });

  it('a check, at its field', async () => {
    const reply = await events({ type: 'NOTE', data: { summary: 'forbidden' } });
    expectProblem(reply, 422, 'CHECK_REFUSED');
    expect(reply.body.errors).toMatchObject([{ field: 'summary', message: 'This word is not possible.' }]);
  });
});

it('a client that hangs up in the middle of a body leaves nothing behind', async () => {
  const before = await state();
  const { port } = new URL(server.address);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(
        `POST /api/v1/records/${ticket.id}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token-of-agent-long-enough\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"type":`,
      );
      socket.end();
    });
    socket.on('close', () => resolve());
    socket.resume();
  });
  expect(await state()).toEqual(before);
});
