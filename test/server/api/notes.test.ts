import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startTestServer, type TestServer } from './harness.js';

let server: TestServer;
let agent: Client;
let at: string;
let id: string;
beforeAll(async () => {
  server = await startTestServer();
  agent = server.as('agent');
});
afterAll(() => server.close());
beforeEach(async () => {
  id = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Noted' } })).body.id;
  at = `/api/v1/records/${id}`;
});

describe('comments', () => {
  it('are steps that move no state', async () => {
    const said = await agent.post(`${at}/comments`, { text: 'Have you tried it off and on?' });
    expect(said.status).toBe(201);
    expect(said.body).toMatchObject({
      id,
      version: 2,
      state: { open: 'new' },
      comment: { author: 'agent', text: 'Have you tried it off and on?', internal: false, sequence: 2 },
    });
    expect((await agent.get(`${at}/comments`)).body.items).toEqual([said.body.comment]);
    expect((await agent.get(`${at}/history`)).body.items[1]).toMatchObject({
      event: 'record.comment',
      origin: 'api',
      data: { text: 'Have you tried it off and on?' },
    });
  });

  it('are refused when they are empty, too long or no text', async () => {
    for (const body of [
      {},
      { text: '' },
      { text: '   ' },
      { text: 'x'.repeat(20_001) },
      { text: 7 },
      { text: 'x', internal: 'yes' },
      { text: 'x', author: 'boss' },
    ])
      expect((await agent.post(`${at}/comments`, body)).status).toBe(422);
    expect((await agent.get(at)).body.version).toBe(1);
  });
});

describe('attachments', () => {
  const upload = (content: BlobPart, name: string, type?: string) => {
    const form = new FormData();
    form.set('file', new Blob([content], type ? { type } : {}), name);
    return agent.post(`${at}/attachments`, form);
  };

  it('come back as they went in, as a download that no browser renders', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_none, place) => place % 256);
    const kept = await upload(bytes, 'Übersicht “März”.html', 'text/html');
    expect(kept.status).toBe(201);
    expect(kept.body.attachment).toMatchObject({
      name: 'Übersicht “März”.html',
      type: 'text/html',
      size: 100_000,
      author: 'agent',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const response = await fetch(server.address + kept.body.attachment.href, { headers: { authorization: 'Bearer token-of-agent-long-enough' } });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="_bersicht _M_rz_.html"; filename*=UTF-8''${encodeURIComponent('Übersicht “März”.html')}`,
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await agent.get(`${at}/attachments`)).body.items).toEqual([kept.body.attachment]);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\x\\evil.exe', 'evil.exe'],
    ['a"b\r\nX-Evil: 1.txt', /^[^\r\n]*$/],
  ])('the name %j is no path and no header', async (name, expected) => {
    const kept = await upload('x', name);
    expect(kept.status).toBe(201);
    expect(kept.body.attachment.name).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
    const reply = await agent.get(kept.body.attachment.href);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-evil')).toBeNull();
  });

  it('are refused when there is none, an empty one, several, or one that is too large', async () => {
    const form = new FormData();
    form.set('other', 'x');
    expect((await agent.post(`${at}/attachments`, form)).status).toBe(422);
    expect((await upload('', 'empty.txt')).status).toBe(422);
    const two = new FormData();
    for (const name of ['a.txt', 'b.txt']) two.append('file', new Blob(['x']), name);
    expect((await agent.post(`${at}/attachments`, two)).status).toBe(400);
    expect((await upload(new Uint8Array(25 * 1024 * 1024 + 1), 'big.bin')).body).toMatchObject({ status: 413, code: 'TOO_LARGE' });
    expect((await agent.post(`${at}/attachments`, '{"file":"x"}')).status).toBe(415);
    expect(
      (await agent.request(`${at}/attachments`, { method: 'POST', body: '--x\r\nnonsense', headers: { 'content-type': 'multipart/form-data; boundary=x' } }))
        .body,
    ).toMatchObject({ status: 400, code: 'MALFORMED' });
    expect((await agent.request(`${at}/attachments`, { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } })).body).toMatchObject({
      status: 400,
      code: 'MALFORMED',
    });
    expect((await agent.get(at)).body.version).toBe(1);
  });

  it('belong to their record: another one’s address does not lead to them', async () => {
    const kept = (await upload('x', 'mine.txt')).body.attachment;
    const other = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Other' } })).body;
    expect((await agent.get(`/api/v1/records/${other.id}/attachments/${kept.id}`)).status).toBe(404);
    for (const place of ['%2e%2e%2fcharter.sqlite', 'x', `${kept.id}%00`]) expect((await agent.get(`${at}/attachments/${place}`)).status).toBe(404);
  });
});

describe('links', () => {
  it('are made, seen from both ends, and removed', async () => {
    const other = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Other' } })).body;
    expect((await agent.post(`${at}/links`, { name: 'related', to: other.number })).body).toMatchObject({ id, version: 2 });
    expect((await agent.get(`${at}/links`)).body.items).toMatchObject([{ name: 'related', direction: 'out', record: { id: other.id, number: other.number } }]);
    expect((await agent.get(`/api/v1/records/${other.id}/links`)).body.items).toMatchObject([{ name: 'related', direction: 'in', record: { id } }]);
    expect((await agent.get(`/api/v1/records?linkedTo=${other.id}`)).body.items.map((item: { id: string }) => item.id)).toEqual([id]);
    const removed = await agent.post(`${at}/links`, { name: 'related', to: other.number, remove: true });
    expect([removed.status, removed.body.version]).toEqual([200, 3]);
    expect((await agent.get(`${at}/links`)).body.items).toEqual([]);
  });

  it('are refused when the process declares none such, or to itself', async () => {
    const other = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Other' } })).body;
    for (const [name, to] of [
      ['friends', other.id],
      ['helps', other.id],
      ['related', id],
      ['__proto__', other.id],
      ['related', 'TCK-999999'],
    ])
      expect([name, to, (await agent.post(`${at}/links`, { name, to })).status]).toEqual([name, to, 422]);
  });
});
