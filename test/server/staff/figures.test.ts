import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showValue } from '../../../server/presenters/values.js';
import { startTestServer, type TestServer, Visitor } from '../testServer.js';

let server: TestServer;
const incident = { summary: 'Mail does not arrive', caller: 'Walk-in', impact: 'medium', urgency: 'high', contactType: 'portal' };
const ada = { id: 'ada', roles: ['service-desk'], teams: [] };

beforeAll(async () => {
  server = await startTestServer({
    at: '2026-02-27T09:00:00Z',
    users: [
      { id: 'ada', name: 'Ada Lovelace', roles: ['service-desk'] },
      { id: 'vera', name: 'Vera Ledger', roles: ['auditor'] },
      { id: 'rita', name: 'Rita Reader', roles: ['employee'] },
    ],
  });
  const { engine, clock } = server;
  await engine.create({ process: 'incident', data: incident, actor: ada });
  await engine.advanceTo(clock.now() + 4 * 86_400_000);
  await engine.create({ process: 'incident', data: incident, actor: ada });
});
afterAll(() => server.close());

const page = async (who: string, path: string) => (await new Visitor(server).signIn(who)).get(path);

describe('figures that a record keeps', () => {
  it('stand in a table with their targets', () => {
    const properties = { process: {}, kpi: {}, title: {}, value: {} };
    const rows = [
      { process: 'service-request', kpi: 'a', title: 'In time', value: 1234.56, unit: '%', target: 90, met: true, count: 3 },
      { process: 'x', kpi: 'b', title: 'None', value: null, count: 0 },
    ];
    const names = { user: String, team: String, record: () => null } as never;
    const { kind, text, figures } = showValue({ type: 'array', items: { type: 'object', properties } }, rows, { names, zone: 'UTC', lists: new Map() });
    expect([kind, text]).toEqual(['figures', '2 figures']);
    expect(figures).toEqual([
      { title: 'In time', of: 'service request', value: '1,234.6 %', target: '90 %', chip: { tone: 'good', text: 'Met' }, records: '3' },
      { title: 'None', of: 'x', value: null, target: null, chip: null, records: '0' },
    ]);
  });
});

describe('the figures of a process', () => {
  it('are linked from its list for those who may read all of it, and for nobody else', async () => {
    expect((await page('ada', '/process/incident')).text).toContain('href="/process/incident/figures"');
    expect((await page('rita', '/process/incident')).text).not.toContain('/figures');
  });

  it('are refused to those who see only their own records', async () => {
    expect((await page('rita', '/process/incident/figures')).status).toBe(403);
    expect((await page('rita', '/process/nothing/figures')).status).toBe(404);
    expect((await page('vera', '/process/incident/figures')).status).toBe(200);
  });

  it('tell each figure with its target, and how it went by month', async () => {
    const { text } = await page('ada', '/process/incident/figures');
    expect(text).toContain('2 records opened from 1 April 2025 to 31 March 2026.');
    expect(text).toContain('<h2 id="figure-majorIncidents">Major incidents</h2>');
    expect(text).toContain('Target: at least 90 %. From 0 records.');
    expect(text).toContain('No value');
    expect(text).toContain('aria-current="page">Twelve months</a>');
    expect(text).not.toContain('[object');
  });

  it('are those of the period that is chosen, by name or by its days', async () => {
    const basis = async (query: string) => />([^<]* opened[^<]*)\. Days/.exec((await page('ada', `/process/incident/figures?${query}`)).text)?.[1];
    expect(await basis('period=this-month')).toBe('1 record opened from 1 March 2026 to 31 March 2026');
    expect(await basis('period=last-month')).toBe('1 record opened from 1 February 2026 to 28 February 2026');
    expect(await basis('period=this-quarter')).toBe('2 records opened from 1 January 2026 to 31 March 2026');
    expect(await basis('period=all')).toBe('2 records opened so far');
    expect(await basis('from=2026-02-28')).toBe('1 record opened from 28 February 2026');
    expect(await basis('to=2026-02-27')).toBe('1 record opened to 27 February 2026');
  });

  it('say beside the field which day could not be read', async () => {
    for (const [query, words] of [
      ['from=2026-02-30', 'Choose a day.'],
      ['to=soon', 'Choose a day.'],
      ['from=2026-03-02&to=2026-03-01', 'This must not be before “From”.'],
    ] as const) {
      const { status, text } = await page('ada', `/process/incident/figures?${query}`);
      expect([status, text.includes(words)], query).toEqual([400, true]);
    }
    expect((await page('ada', '/process/incident/figures?period=never')).status).toBe(400);
  });
});
