import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer, type TestServerOptions } from './harness.js';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  servers.push(server);
  return server;
}

describe('the clock of an installation under test', () => {
  it('is read and moved by an administrator, forward only', async () => {
    const admin = (await start()).as('admin');
    expect((await admin.get('/api/v1/clock')).body).toEqual({ now: '2026-03-02T09:00:00.000Z' });
    expect((await admin.post('/api/v1/clock', { advance: 'PT90M' })).body).toEqual({ now: '2026-03-02T10:30:00.000Z' });
    expect((await admin.post('/api/v1/clock', { set: '2026-03-03T10:00:00+01:00' })).body).toEqual({ now: '2026-03-03T09:00:00.000Z' });
    expect((await admin.post('/api/v1/clock', { advance: 'P1M' })).body).toEqual({ now: '2026-04-03T09:00:00.000Z' });
    for (const body of [
      { set: '2026-03-03T09:00:00Z' },
      { set: 'tomorrow' },
      { set: '2026-02-30T00:00:00Z' },
      { advance: '-PT1H' },
      { advance: 'PT' },
      { advance: 3600 },
      { advance: 'P9999Y' },
      {},
      { set: '2027-01-01T00:00:00Z', advance: 'PT1H' },
    ])
      expect([body, (await admin.post('/api/v1/clock', body)).status]).toEqual([body, 422]);
    expect((await admin.get('/api/v1/clock')).body).toEqual({ now: '2026-04-03T09:00:00.000Z' });
  });

  it('does not exist where time is real', async () => {
    const server = await start({ clock: 'system' });
    for (const client of [server.as('admin'), server.nobody]) {
      expect((await client.get('/api/v1/clock')).status).toBe(404);
      expect((await client.post('/api/v1/clock', { advance: 'PT1H' })).status).toBe(404);
    }
    expect((await server.nobody.get('/api/v1/openapi.json')).body.paths['/api/v1/clock']).toBeUndefined();
  });

  it('answers when everything that fell due has run: each at its own instant, in order, cascades included', async () => {
    const server = await start();
    const [agent, admin] = [server.as('agent'), server.as('admin')];
    const ticket = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Slow' } })).body;
    await agent.post(`/api/v1/records/${ticket.id}/events`, { type: 'TAKE', data: { assignee: 'agent' } });
    const helper = (await agent.post('/api/v1/records', { process: 'helper', data: { ticket: ticket.id } })).body;
    expect((await admin.post('/api/v1/clock', { advance: 'PT5H' })).body).toEqual({ now: '2026-03-02T14:00:00.000Z' });

    const history = (await agent.get(`/api/v1/records/${ticket.id}/history`)).body.items.map(
      (entry: { event: string; at: string }) => `${entry.at.slice(11, 16)} ${entry.event}`,
    );
    expect(history).toEqual([
      '09:00 record.created',
      '09:00 TAKE',
      '10:00 after.patience',
      // The helper's own timer fell due at eleven and its signal arrived then, not when the clock was moved.
      '11:00 clock.answer.warning',
      '11:00 helper.answered',
      '12:00 after.patience',
      '13:00 clock.answer.breached',
    ]);
    const after = (await agent.get(`/api/v1/records/${ticket.id}`)).body;
    expect(after).toMatchObject({
      state: { open: 'waiting' },
      data: { late: true },
      clocks: { answer: { breached: true, elapsed: 'PT5H', remaining: '-PT1H' } },
    });
    expect((await agent.get(`/api/v1/records/${helper.id}`)).body).toMatchObject({ status: 'done', updatedAt: '2026-03-02T11:00:00.000Z' });
  });

  it('comes to the same in one leap as in many small steps', async () => {
    const walk = async (steps: readonly string[]): Promise<unknown> => {
      const server = await start();
      const [agent, admin] = [server.as('agent'), server.as('admin')];
      const { id } = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Slow' } })).body;
      await agent.post(`/api/v1/records/${id}/events`, { type: 'TAKE', data: { assignee: 'agent' } });
      await agent.post('/api/v1/records', { process: 'helper', data: { ticket: id } });
      for (const advance of steps) await admin.post('/api/v1/clock', { advance });
      return (await agent.get(`/api/v1/records/${id}/history`)).body.items.map(({ at, event, to }: { at: string; event: string; to: unknown }) => ({
        at,
        event,
        to,
      }));
    };
    expect(await walk(['PT6H'])).toEqual(await walk(Array.from({ length: 36 }, () => 'PT10M')));
  });

  it('stands still between moves, but what is due now is delivered all the same', async () => {
    const server = await start();
    server.engine.start();
    const agent = server.as('agent');
    const { id } = (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Waits' } })).body;
    await agent.post(`/api/v1/records/${id}/events`, { type: 'TAKE', data: { assignee: 'agent' } });
    await agent.post(`/api/v1/records/${id}/events`, { type: 'WAIT' });
    const helper = (await agent.post('/api/v1/records', { process: 'helper', data: { ticket: id } })).body;
    await agent.post(`/api/v1/records/${helper.id}/events`, { type: 'ANSWER' });
    const until = performance.now() + 5_000;
    const state = async () => (await agent.get(`/api/v1/records/${id}`)).body.state;
    while ((await state()).open !== 'working' && performance.now() < until);
    expect(await state()).toEqual({ open: 'working' });
  });

  it('is moved by several at once one after the other', async () => {
    const admin = (await start()).as('admin');
    const replies = await Promise.all(Array.from({ length: 8 }, () => admin.post('/api/v1/clock', { advance: 'PT1H' })));
    expect(replies.map(({ body }) => body.now.slice(11, 13)).sort()).toEqual(['10', '11', '12', '13', '14', '15', '16', '17']);
    expect((await admin.get('/api/v1/clock')).body).toEqual({ now: '2026-03-02T17:00:00.000Z' });
  });
});
