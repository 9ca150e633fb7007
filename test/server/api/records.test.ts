import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startTestServer, type TestServer } from './harness.js';

let server: TestServer;
let agent: Client;
beforeAll(async () => {
  server = await startTestServer();
  agent = server.as('agent');
});
afterAll(() => server.close());

const make = async (data: object = {}) => (await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Printer on fire', ...data } })).body;

describe('a record', () => {
  it('is made, and read by id and by number', async () => {
    const made = await agent.post('/api/v1/records', { process: 'ticket', data: { summary: 'Printer on fire' } });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/api/v1/records/${made.body.id}`);
    expect(made.body).toMatchObject({
      process: 'ticket',
      state: { open: 'new' },
      status: 'active',
      version: 1,
      data: { summary: 'Printer on fire' },
      createdAt: '2026-03-02T09:00:00.000Z',
      updatedAt: '2026-03-02T09:00:00.000Z',
    });
    expect(made.body.number).toMatch(/^TCK-\d{6}$/);
    expect(made.body.definitionVersion).toMatch(/^[0-9a-f]{64}$/);
    expect(made.body.clocks.answer).toMatchObject({
      status: 'running',
      elapsed: 'PT0S',
      remaining: 'PT4H',
      target: 'PT4H',
      dueAt: '2026-03-02T13:00:00.000Z',
      breached: false,
    });
    for (const address of [made.body.id, made.body.number, made.body.number.toLowerCase()])
      expect((await agent.get(`/api/v1/records/${address}`)).body).toEqual(made.body);
  });

  it('takes an event and answers with the record after the step', async () => {
    const { id } = await make();
    const taken = await agent.post(`/api/v1/records/${id}/events`, { type: 'TAKE', data: { assignee: 'agent' }, version: 1 });
    expect(taken.status).toBe(200);
    expect(taken.body).toMatchObject({ id, version: 2, state: { open: 'working' }, data: { assignee: 'agent' } });
  });

  it('tells a second one who acts on an old version what the first one changed', async () => {
    const { id } = await make();
    await agent.post(`/api/v1/records/${id}/events`, { type: 'NOTE', data: { cost: 7 }, version: 1 });
    const late = await agent.post(`/api/v1/records/${id}/events`, { type: 'NOTE', data: { cost: 9 }, version: 1 });
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({
      code: 'VERSION_STALE',
      facts: { sent: 1, current: 2, changes: [{ sequence: 2, event: 'NOTE', actor: 'agent', fields: { cost: [null, 7] } }] },
    });
    expect((await agent.get(`/api/v1/records/${id}`)).body.data.cost).toBe(7);
  });

  it('keeps every step in its history, ascending, page by page', async () => {
    const { id } = await make();
    for (const cost of [1, 2, 3]) await agent.post(`/api/v1/records/${id}/events`, { type: 'NOTE', data: { cost } });
    const first = (await agent.get(`/api/v1/records/${id}/history?limit=3`)).body;
    const second = (await agent.get(`/api/v1/records/${id}/history?limit=3&cursor=${encodeURIComponent(first.next)}`)).body;
    const items = [...first.items, ...second.items];
    expect(items.map((entry) => [entry.sequence, entry.event])).toEqual([
      [1, 'record.created'],
      [2, 'NOTE'],
      [3, 'NOTE'],
      [4, 'NOTE'],
    ]);
    expect(second.next).toBeNull();
    expect(items[2]).toMatchObject({
      at: '2026-03-02T09:00:00.000Z',
      recordedAt: '2026-03-02T09:00:00.000Z',
      actor: 'agent',
      data: { cost: 2 },
      from: { open: 'new' },
      to: { open: 'new' },
      changes: { cost: [1, 2] },
    });
    expect(items[0].from).toBeNull();
    for (const [place, entry] of items.entries()) expect(entry.previousHash).toBe(place === 0 ? '0'.repeat(64) : items[place - 1].hash);
    const last = (await agent.get(`/api/v1/records/${id}/history?direction=desc&limit=1`)).body;
    expect(last.items[0].sequence).toBe(4);
  });

  it('says what can be done now, and why the rest can not', async () => {
    const { id } = await make({ cost: 500 });
    const { items } = (await agent.get(`/api/v1/records/${id}/transitions`)).body;
    const byType = Object.fromEntries(items.map((item: { type: string }) => [item.type, item]));
    expect(byType.TAKE).toMatchObject({ title: 'Take', available: true, whoCould: ['agent'], form: [{ field: 'assignee', required: true }] });
    expect(byType.CLOSE.available).toBe(false);
    expect(byType.CLOSE.reasons[0]).toMatchObject({ rule: 'cheap', parts: [{ path: 'record.cost', value: 500 }] });
    expect(byType.CLOSE.reasons[0].sentence).toMatch(/\w/);
    expect(byType.ESCALATE).toMatchObject({ available: true, dependsOn: ['effort'] });
    expect(Object.keys(byType)).not.toContain('clock.answer.breached');
    const stranger = (await server.as('other').get(`/api/v1/records/${id}/transitions`)).body.items.find((item: { type: string }) => item.type === 'TAKE');
    expect(stranger).toMatchObject({ available: false, reasons: [{ rule: 'role' }] });
  });
});

describe('the list', () => {
  it('is newest first and goes on at its cursor without gaps or repeats', async () => {
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.unshift((await make({ summary: `paging ${count}` })).id);
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { id: string }[]; next: string | null } = (
        await agent.get(`/api/v1/records?process=ticket&q=paging&limit=3${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`)
      ).body;
      found.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect(found).toEqual(made);
  });

  it('filters by state path, status, words, assignee and process', async () => {
    const { id, number } = await make({ summary: 'unusual zeppelin' });
    await agent.post(`/api/v1/records/${id}/events`, { type: 'TAKE', data: { assignee: 'boss' } });
    const ids = async (query: string) => (await agent.get(`/api/v1/records?${query}`)).body.items.map((item: { id: string }) => item.id);
    expect(await ids('q=ZEPPELIN')).toEqual([id]);
    expect(await ids(`q=${number}`)).toContain(id);
    expect(await ids('state=open.working&assignee=boss')).toEqual([id]);
    expect(await ids('state=open&assignee=boss')).toEqual([id]);
    expect(await ids('state=open.new&assignee=boss')).toEqual([]);
    expect(await ids('status=done&q=zeppelin')).toEqual([]);
    expect(await ids('process=ticket&status=active&q=zeppelin')).toEqual([id]);
    expect(await ids('unassigned=true&q=zeppelin')).toEqual([]);
  });
});
