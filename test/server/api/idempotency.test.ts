import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOperations } from '../../../server/api/operations.js';
import { type Client, startTestServer, type TestServer } from './harness.js';

let server: TestServer;
let agent: Client;
beforeAll(async () => {
  server = await startTestServer();
  agent = server.as('agent');
});
afterAll(() => server.close());

const DAY = 86_400_000;
let used = 0;
const key = (name = `key-${(used += 1)}`) => ({ 'idempotency-key': name });
const create = (client: Client, headers = {}, summary = 'Once') => client.post('/api/v1/records', { process: 'ticket', data: { summary } }, headers);
const versionOf = async (id: string): Promise<number> => (await agent.get(`/api/v1/records/${id}`)).body.version;
const count = async (word: string): Promise<number> => (await agent.get(`/api/v1/records?q=${word}`)).body.items.length;

describe('a request under a key', () => {
  it('every POST takes one', () => {
    for (const { method, repeat, path } of allOperations('manual')) expect([path, method === 'post']).toEqual([path, repeat !== undefined]);
  });

  it('gets the first answer when it is repeated, byte for byte, later too', async () => {
    const headers = key();
    const first = await create(agent, headers, 'repeatedly');
    await agent.post(`/api/v1/records/${first.body.id}/events`, { type: 'NOTE', data: { cost: 1 } });
    server.clock.set(server.clock.now() + 60_000);
    const again = await create(agent, headers, 'repeatedly');
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(await count('repeatedly')).toBe(1);
  });

  it('is the same whatever the order of its members', async () => {
    const headers = key();
    const first = await agent.post('/api/v1/records', '{"process":"ticket","data":{"summary":"order","cost":1}}', headers);
    const again = await agent.post('/api/v1/records', '{ "data": {"cost":1.0, "summary":"order"}, "process":"ticket" }', headers);
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  });

  it('is refused with another body, and nothing happens', async () => {
    const headers = key();
    await create(agent, headers, 'the first body');
    const other = await create(agent, headers, 'another-body');
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_MISMATCH']);
    expect(await count('another-body')).toBe(0);
  });

  it('is another request for another actor and on another route', async () => {
    const headers = key();
    const mine = await create(agent, headers, 'scoped');
    const his = await create(server.as('boss'), headers, 'scoped');
    expect(his.body.id).not.toBe(mine.body.id);
    expect((await agent.post(`/api/v1/records/${mine.body.id}/comments`, { text: 'x' }, headers)).status).toBe(201);
    expect((await agent.post(`/api/v1/records/${his.body.id}/comments`, { text: 'x' }, headers)).body.id).toBe(his.body.id);
  });

  it('counts once, however many arrive at the same time', async () => {
    const headers = key();
    const replies = await Promise.all(Array.from({ length: 20 }, () => create(agent, headers, 'stampede')));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await count('stampede')).toBe(1);
    const { id } = replies[0]?.body ?? {};
    const events = await Promise.all(
      Array.from({ length: 20 }, () => agent.post(`/api/v1/records/${id}/events`, { type: 'NOTE', data: { cost: 5 } }, headers)),
    );
    expect(new Set(events.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await versionOf(id)).toBe(2);
  });

  it('is free again after a refusal: nothing was done that could be repeated', async () => {
    const headers = key();
    expect((await create(agent, headers, '')).status).toBe(422);
    expect((await create(agent, headers, 'now filled')).status).toBe(201);
  });

  it('covers events, comments, attachments and links', async () => {
    const { id } = (await create(agent)).body;
    const other = (await create(agent)).body;
    const file = (): FormData => {
      const form = new FormData();
      form.set('file', new Blob(['same bytes']), 'same.txt');
      return form;
    };
    const places: readonly (readonly [string, () => unknown])[] = [
      ['events', () => ({ type: 'NOTE', data: { cost: 3 } })],
      ['comments', () => ({ text: 'said once' })],
      ['attachments', file],
      ['links', () => ({ name: 'related', to: other.id })],
    ];
    for (const [index, [place, body]] of places.entries()) {
      const headers = key();
      const [first, again] = [
        await agent.post(`/api/v1/records/${id}/${place}`, body(), headers),
        await agent.post(`/api/v1/records/${id}/${place}`, body(), headers),
      ];
      expect([place, again.status, again.text]).toEqual([place, first.status, first.text]);
      expect(first.status).toBeLessThan(300);
      expect(await versionOf(id)).toBe(index + 2);
    }
  });

  it('covers checking, publishing and the clock', async () => {
    const owner = server.as('owner');
    const files = { 'statechart.json': { initial: 'a', states: { a: { on: { GO: 'b' } }, b: { type: 'final' } } } };
    const headers = key();
    const first = await owner.post('/api/v1/processes/once/versions', { files }, headers);
    const again = await owner.post('/api/v1/processes/once/versions', { files }, headers);
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect((await owner.post('/api/v1/processes/once/versions', { files })).status).toBe(200);
    expect((await owner.post('/api/v1/processes/once/versions', { files, note: 'other' }, headers)).body.code).toBe('IDEMPOTENCY_MISMATCH');

    const admin = server.as('admin');
    const moved = key();
    const [one, two] = [await admin.post('/api/v1/clock', { advance: 'PT1M' }, moved), await admin.post('/api/v1/clock', { advance: 'PT1M' }, moved)];
    expect(two.body).toEqual(one.body);
    expect(
      new Set((await Promise.all(Array.from({ length: 5 }, () => admin.post('/api/v1/clock', { advance: 'PT1M' }, key('storm'))))).map(({ text }) => text))
        .size,
    ).toBe(1);
  });

  it('is kept for seven days', async () => {
    const headers = key();
    const first = await create(agent, headers, 'kept');
    server.clock.set(server.clock.now() + 6 * DAY);
    expect((await create(agent, headers, 'kept')).body.id).toBe(first.body.id);
    server.clock.set(server.clock.now() + 2 * DAY);
    const later = await create(agent, headers, 'kept');
    expect([later.status, later.body.id === first.body.id]).toEqual([201, false]);
  });
});
