import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ shipped: true });
});
afterAll(() => server.close());

const path = '/api/v1/processes/service/kpis';

describe('GET /api/v1/processes/{key}/kpis', () => {
  it('gives the figures of a period', async () => {
    const { status, body } = await server.as('auditor').get('/api/v1/processes/incident/kpis?from=2026-01-01&to=2026-03-31');
    expect(status).toBe(200);
    expect(body).toMatchObject({ process: 'incident', from: '2026-01-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z', records: 0 });
    expect(body.items.find((one: { kpi: string }) => one.kpi === 'resolvedInTime')).toEqual({
      kpi: 'resolvedInTime',
      title: 'Resolved in time',
      description: 'Share of the closed incidents whose resolution clock stopped within its target.',
      unit: '%',
      target: 90,
      direction: 'up',
      value: null,
      met: null,
      count: 0,
      failed: 0,
      months: [],
    });
    expect((await server.as('auditor').get(path)).body).toMatchObject({ from: null, to: null });
  });

  it('refuses those who may not read the whole process, and what is no instant', async () => {
    const get = async (person: 'other' | 'auditor', at: string) => {
      const { status, body } = await server.as(person).get(at);
      return [status, body.code];
    };
    expect(await get('other', '/api/v1/processes/incident/kpis')).toEqual([403, 'FORBIDDEN']);
    expect(await get('auditor', '/api/v1/processes/nothing/kpis')).toEqual([404, 'PROCESS_NOT_FOUND']);
    expect(await get('auditor', `${path}?from=yesterday`)).toEqual([400, 'QUERY_INVALID']);
    expect(await get('auditor', `${path}?since=2026-01-01`)).toEqual([400, 'QUERY_INVALID']);
    expect((await server.nobody.get(path)).status).toBe(401);
  });
});
