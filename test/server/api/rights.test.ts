import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOperations } from '../../../server/api/operations.js';
import { type Person, startTestServer, type TestServer } from './harness.js';

let server: TestServer;
let hidden: { id: string; number: string };
beforeAll(async () => {
  server = await startTestServer();
  hidden = (await server.as('boss').post('/api/v1/records', { process: 'secret', data: { what: 'the recipe' } })).body;
});
afterAll(() => server.close());

const operations = allOperations('manual');
const open = new Set(['/healthz', '/readyz', '/metrics', '/schemas/:name.json', '/api/v1/openapi.json']);
const filled = (path: string): string => path.replace(':name', 'form').replaceAll(/:\w+/gu, 'x');

describe('every route', () => {
  it('is open only where that is meant', () => {
    expect(
      operations
        .filter(({ allow }) => allow.test(null) === 'yes')
        .map(({ path }) => path)
        .sort(),
    ).toEqual([...open].sort());
  });

  it.each(operations.filter(({ path }) => !open.has(path)).map((operation) => [operation.method, operation.path] as const))(
    '%s %s wants a valid token',
    async (method, path) => {
      for (const headers of [
        {},
        { authorization: 'Bearer wrong-token-but-long-enough' },
        { authorization: 'Basic YWRtaW46YWRtaW4=' },
        { authorization: 'Bearer ' },
        { cookie: 'charter=s%3Aforged' },
      ]) {
        const reply = await server.nobody.request(filled(path), { method: method.toUpperCase(), headers });
        expect([reply.status, reply.body.code]).toEqual([401, 'NOT_SIGNED_IN']);
        expect(reply.headers.get('www-authenticate')).toBe('Bearer');
      }
    },
  );

  it.each([
    ['checkDefinition', ['agent', 'boss', 'other']],
    ['publishVersion', ['agent', 'boss', 'other', 'auditor']],
    ['readClock', ['agent', 'boss', 'other', 'auditor', 'owner']],
    ['moveClock', ['agent', 'boss', 'other', 'auditor', 'owner']],
  ] as const)('%s refuses the wrong person', async (name, persons) => {
    const found = operations.find((operation) => operation.name === name);
    if (!found) throw new Error(name);
    for (const person of persons as readonly Person[]) {
      const reply = await server.as(person).request(filled(found.path), {
        method: found.method.toUpperCase(),
        ...(found.method === 'post' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {}),
      });
      expect([person, reply.status, reply.body.code]).toEqual([person, 403, 'FORBIDDEN']);
    }
  });

  it('takes a token only as long as it lasts and its user is there', async () => {
    const { people } = server.engine;
    const row = await people.user('other');
    if (!row) throw new Error('other');
    await people.saveUser({ ...row, active: false });
    expect((await server.as('other').get('/api/v1/processes')).status).toBe(401);
    await people.saveUser(row);
    expect((await server.as('other').get('/api/v1/processes')).status).toBe(200);
  });
});

describe('a record one may not know of', () => {
  /** Each answer has an id of its own. */
  const unnumbered = (text: string): string => text.replace(/"requestId":"[^"]+"/, '');
  const same = (text: string, place: string): string => unnumbered(text).replaceAll(place, 'PLACE').replaceAll(hidden.id, 'PLACE');

  it('answers on every route as one that does not exist', async () => {
    const agent = server.as('agent');
    const missing = '019cadc6-9a80-77e1-9c83-c65543a90619';
    const about = operations.filter(({ path }) => path.includes(':record'));
    expect(about.length).toBeGreaterThan(8);
    for (const { method, path, upload } of about) {
      const at = (record: string): string => path.replace(':record', record).replace(':attachment', missing);
      const file = (): FormData => {
        const form = new FormData();
        form.set('file', new Blob(['x']), 'x.txt');
        return form;
      };
      const body = (): unknown =>
        upload ? file() : path.endsWith('/events') ? { type: 'TELL' } : path.endsWith('/links') ? { name: 'related', to: missing } : { text: 'x' };
      const ask = (record: string) => (method === 'get' ? agent.get(at(record)) : agent.post(at(record), body()));
      for (const place of [hidden.id, hidden.number]) {
        const [secret, nothing] = [await ask(place), await ask(missing)];
        expect([path, secret.status, secret.body.code]).toEqual([path, 404, 'RECORD_NOT_FOUND']);
        expect(same(secret.text, place)).toBe(same(nothing.text, missing));
      }
    }
  });

  it('is in no list, no search, no link, and its process is none', async () => {
    const agent = server.as('agent');
    for (const query of ['', '?q=recipe', `?q=${hidden.number}`, `?linkedTo=${hidden.id}`])
      expect((await agent.get(`/api/v1/records${query}`)).body.items.map((item: { process: string }) => item.process)).not.toContain('secret');
    expect((await agent.get('/api/v1/processes')).body.items.map((item: { key: string }) => item.key)).toEqual(['helper', 'ticket']);
    for (const path of ['/api/v1/records?process=secret', '/api/v1/processes/secret', '/api/v1/processes/secret/versions']) {
      const [secret, nothing] = [await agent.get(path), await agent.get(path.replace('secret', 'nothing'))];
      expect([path, secret.status]).toEqual([path, 404]);
      expect(unnumbered(secret.text).replaceAll('secret', 'nothing')).toBe(unnumbered(nothing.text));
    }
    const created = [await agent.post('/api/v1/records', { process: 'secret' }), await agent.post('/api/v1/records', { process: 'nothing' })];
    expect(created.map(({ status }) => status)).toEqual([404, 404]);
    const ticket = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'x' } })).body;
    const linked = await agent.post(`/api/v1/records/${ticket.id}/links`, { name: 'related', to: hidden.id });
    const nowhere = await agent.post(`/api/v1/records/${ticket.id}/links`, { name: 'related', to: '019cadc6-9a80-77e1-9c83-c65543a90619' });
    expect([linked.status, linked.body.code, linked.body.detail]).toEqual([nowhere.status, nowhere.body.code, nowhere.body.detail]);
  });

  it('is whole for its readers', async () => {
    for (const person of ['boss', 'auditor', 'admin'] as const)
      expect((await server.as(person).get(`/api/v1/records/${hidden.number}`)).body.data).toEqual({ what: 'the recipe' });
  });
});

describe('an auditor', () => {
  it('reads everything and writes nothing', async () => {
    const auditor = server.as('auditor');
    const ticket = (await server.as('agent').post('/api/v1/records', { process: 'ticket', data: { summary: 'audited' } })).body;
    const form = new FormData();
    form.set('file', new Blob(['x']), 'x.txt');
    const tries = [
      await auditor.post('/api/v1/records', { process: 'ticket', data: { summary: 'x' } }),
      await auditor.post(`/api/v1/records/${ticket.id}/events`, { type: 'NOTE', data: { cost: 1 } }),
      await auditor.post(`/api/v1/records/${ticket.id}/comments`, { text: 'x' }),
      await auditor.post(`/api/v1/records/${ticket.id}/attachments`, form),
      await auditor.post(`/api/v1/records/${ticket.id}/links`, { name: 'related', to: hidden.id }),
    ];
    expect(tries.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect((await auditor.get(`/api/v1/records/${ticket.id}`)).body.version).toBe(1);
  });
});
