import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tokenHash } from '../../../server/auth/identity.js';
import { SECRET, startTroubledServer, type Troubled } from './troubledServer.js';

const opened: Troubled[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

async function world(environment: Readonly<Record<string, string>> = {}): Promise<Troubled> {
  const made = await startTroubledServer(environment);
  opened.push(made);
  return made;
}

const TOKEN = 'token-of-ann-that-is-long-enough';
async function withToken({ server }: Troubled): Promise<void> {
  await server.engine.people.saveToken({ id: 'token-ann', user: 'ann', title: 'test', hash: tokenHash(TOKEN), createdAt: 0, expiresAt: null });
}
const post = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

describe('the id of a request', () => {
  const asked = 'from-the-proxy.42';
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  it('is our own when nobody is trusted, whatever the caller says', async () => {
    const { server } = await world();
    const answer = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': asked, traceparent } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['the one it gives', { 'x-request-id': asked }, asked],
    ['the trace it belongs to, when it gives no other', { traceparent }, '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['our own when its id is too short', { 'x-request-id': 'short' }, null],
    ['our own when its id could break a line', { 'x-request-id': 'abcdefgh","level":"50' }, null],
    ['our own when its id is endless', { 'x-request-id': 'a'.repeat(500) }, null],
    ['our own when its trace is none', { traceparent: '00-00000000000000000000000000000000-00f067aa0ba902b7-01' }, null],
  ])('of a trusted proxy is %s', async (_case, headers, expected) => {
    const { server } = await world({ TRUST_PROXY: 'loopback' });
    const answer = await fetch(`${server.url}/healthz`, { headers });
    if (expected === null) expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    else expect(answer.headers.get('x-request-id')).toBe(expected);
  });

  it('stands in the answer, in the problem document, and in every line about the steps it caused', async () => {
    const made = await world({ LOG_LEVEL: 'debug' });
    await withToken(made);
    const { url } = made.server;
    const created = await post(`${url}/api/v1/records`, { process: 'thing', data: { text: SECRET, amount: 10 } });
    expect(created.status).toBe(201);
    const { id, number } = (await created.json()) as { id: string; number: string };
    const request = created.headers.get('x-request-id');
    expect(made.lines().filter((line) => line.request === request)).toMatchObject([
      {
        msg: 'step',
        by: 'request',
        process: 'thing',
        record: id,
        number,
        event: 'create',
        origin: 'api',
        sequence: 1,
        entry: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      { msg: 'request', method: 'POST', path: '/api/v1/records', status: 201 },
    ]);
    const refused = await post(`${url}/api/v1/records/${id}/events`, { type: 'SAY', data: { amount: SECRET } });
    expect(refused.status).toBe(422);
    const problem = (await refused.json()) as { requestId: string };
    expect(problem.requestId).toBe(refused.headers.get('x-request-id'));
    expect(made.lines().filter((line) => line.request === problem.requestId)).toMatchObject([
      { msg: 'step refused', record: id, event: 'SAY', code: 'DATA_INVALID' },
      { msg: 'request', status: 422 },
    ]);
    expect(made.server.log.join('')).not.toContain(SECRET);
    expect(made.server.log.join('')).not.toContain(TOKEN);
  });

  it('is not on the account of what the server does by itself, which has an id of its own', async () => {
    const made = await world({ LOG_LEVEL: 'debug' });
    await made.create({ amount: 10 });
    await made.create({ amount: 10 });
    await made.wait(120_000);
    const steps = made.lines().filter(({ msg, origin }) => msg === 'step' && origin === 'timer');
    expect(steps).toHaveLength(2);
    expect(steps[0]).toMatchObject({ by: 'timers', run: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(steps[0]?.run).toBe(steps[1]?.run);
    expect(steps[0]).not.toHaveProperty('request');
  });
});

describe('the log at its usual level', () => {
  let made: Troubled;
  beforeAll(async () => {
    made = await startTroubledServer();
    await withToken(made);
    const broken = await made.create({ amount: 0 });
    const telling = await made.create({ amount: 10 });
    await made.say(telling.id);
    await post(`${made.server.url}/api/v1/records/${broken.id}/events`, { type: 'SAY', data: { amount: SECRET } });
    await fetch(`${made.server.url}/nowhere`);
    await made.server.engine.wake();
    await made.wait(5 * 3_600_000);
  });
  afterAll(() => made.close());

  it('tells nothing of steps and requests that went as they should', () => {
    expect(made.lines().filter(({ msg }) => ['step', 'step refused', 'request'].includes(String(msg)))).toEqual([]);
  });

  it('tells what a person may have to look at, and whose it is', () => {
    const told = made.lines().filter(({ level }) => Number(level) >= 40);
    expect(told.map(({ msg, outcome, code, job }) => [msg, outcome ?? job, code])).toEqual(
      expect.arrayContaining([
        ['timer', 'parked', 'RULE_FAILED'],
        ['delivery', 'parked', 'NOT_FOUND'],
        ['background job failed', 'schedule thing.daily', 'DATA_INVALID'],
      ]),
    );
    expect(told.filter(({ msg }) => msg === 'background job failed')).toHaveLength(1);
    for (const line of told.filter(({ msg }) => msg !== 'background job failed')) expect(line.record, JSON.stringify(line)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('holds no value of a field', () => {
    expect(made.server.log.join('')).not.toContain(SECRET);
  });
});

describe('the figures', () => {
  it('count steps by process and outcome, and what waits, without a word of what records hold', async () => {
    const made = await world();
    await withToken(made);
    const { id } = await made.create({ amount: 10 });
    await made.say(id);
    await post(`${made.server.url}/api/v1/records/${id}/events`, { type: 'SAY', data: { amount: SECRET } });
    const text = await (await fetch(`${made.server.url}/metrics`)).text();
    expect(text).toMatch(/^charter_steps_total\{process="thing",origin="person",outcome="taken"\} 2$/m);
    expect(text).toMatch(/^charter_steps_total\{process="thing",origin="api",outcome="DATA_INVALID"\} 1$/m);
    expect(text).toMatch(/^charter_step_seconds_count\{phase="commit"\} 2$/m);
    expect(text).toMatch(/^charter_rule_seconds_count 1$/m);
    expect(text).toMatch(/^charter_commit_jobs_bucket\{le="1"\} [1-9]/m);
    expect(text).toMatch(/^charter_outbox_depth 1$/m);
    expect(text).toMatch(/^charter_timers_waiting 1$/m);
    expect(text).toMatch(/^charter_ready 1$/m);
    expect(text).toMatch(/^charter_ready_part\{part="database"\} 1$/m);
    expect(text).toMatch(/^charter_definition_versions 1$/m);
    expect(text).toMatch(/^charter_http_request_seconds_count\{method="POST",route="\/api\/v1\/records\/:record\/events",status="422"\} 1$/m);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(id);
  });
});
