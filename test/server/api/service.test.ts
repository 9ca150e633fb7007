import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishedSchemas } from '../../../engine/index.js';
import { startTestServer, type TestServer } from './harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('the server itself', () => {
  it('says that it lives and is ready', async () => {
    expect((await server.nobody.get('/healthz')).body).toEqual({ status: 'ok' });
    const parts = { database: 'ok', definitions: 'ok', timers: 'ok', shutdown: 'ok' };
    expect((await server.nobody.get('/readyz')).body).toEqual({ status: 'ok', parts });
  });

  it('gives figures in Prometheus text, by route and never by address', async () => {
    await server.as('agent').get('/api/v1/records/TCK-123456');
    await server.nobody.get('/wp-admin/secret-address');
    const { text, headers } = await server.nobody.get('/metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^charter_http_request_seconds_count\{method="GET",route="\/api\/v1\/records\/:record",status="404"\} 1$/m);
    expect(text).toMatch(/^charter_processes 3$/m);
    expect(text).toMatch(/^charter_read_only 0$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).not.toMatch(/TCK-123456|wp-admin/);
  });

  it('publishes each schema under the address it names itself by', async () => {
    for (const name of publishedSchemas().keys()) {
      const reply = await server.nobody.get(`/schemas/${name}.json`);
      expect([name, reply.status, reply.headers.get('content-type')]).toEqual([name, 200, 'application/schema+json; charset=utf-8']);
      expect(JSON.parse(reply.text).$id).toBe(`/schemas/${name}.json`);
    }
  });

  it('answers programs in their own words, whatever they accept, and carries the headers that hold always', async () => {
    for (const path of ['/schemas/x.json', '/api/v1/x', '/api/x', '/api/v1/records']) {
      const reply = await server.nobody.get(path, { accept: 'text/html' });
      expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
      expect(reply.headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(reply.headers.get('x-powered-by')).toBeNull();
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
      expect(reply.headers.get('set-cookie')).toBeNull();
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
