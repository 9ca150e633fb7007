import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditorRoutes } from '../../../server/auditor/routes.js';
import { Visitor } from '../testServer.js';
import { type AuditWorld, startAuditWorld } from './world.js';

let world: AuditWorld;
beforeAll(async () => {
  world = await startAuditWorld();
});
afterAll(() => world.server.close());

const routes = () => auditorRoutes(world.server.services);
const filled = (path: string) =>
  path
    .replace(':number', world.numbers.working ?? '')
    .replace(':sequence', '1')
    .replace(':key', 'incident')
    .replace(':hash', 'f'.repeat(64))
    .replace(':id', 'none');

describe('the auditor’s pages', () => {
  it('each have a rule, and refuse staff and requesters', async () => {
    for (const id of ['ada', 'rita']) {
      const visitor = await world.as(id);
      for (const { method, path } of routes()) {
        const answer = method === 'get' ? await visitor.get(filled(path)) : await visitor.post(filled(path), {});
        expect(answer.status, `${id} ${method} ${path}`).toBe(403);
      }
    }
  });

  it('send strangers to sign in', async () => {
    const stranger = new Visitor(world.server);
    for (const { method, path } of routes()) {
      const answer = await stranger.request(filled(path), { method: method.toUpperCase(), ...(method === 'get' ? {} : { body: new URLSearchParams() }) });
      expect([303, 403], `${method} ${path}`).toContain(answer.status);
      if (method === 'get') expect(answer.location, path).toMatch(/^\/sign-in/);
    }
  });

  it('open to auditors, process owners and administrators', async () => {
    for (const id of ['vera', 'olga', 'root']) {
      const visitor = await world.as(id);
      for (const path of ['/audit', '/audit/history', `/audit/records/${world.numbers.working}`, '/audit/verify', '/audit/checkpoints', '/audit/definitions'])
        expect((await visitor.get(path)).status, `${id} ${path}`).toBe(200);
      expect((await visitor.get('/')).text, id).toContain('href="/audit"');
    }
    expect((await (await world.as('rita')).get('/')).text).not.toContain('href="/audit"');
  });

  it('let only an administrator who is no auditor add a checkpoint', async () => {
    const before = (await world.server.engine.checkpoints()).length;
    for (const id of ['vera', 'olga', 'both']) {
      const visitor = await world.as(id);
      expect((await visitor.get('/audit/checkpoints')).text, id).not.toContain('Seal now');
      expect((await visitor.post('/audit/checkpoints')).status, id).toBe(403);
    }
    expect((await world.server.engine.checkpoints()).length).toBe(before);
    const root = await world.as('root');
    expect((await root.get('/audit/checkpoints')).text).toContain('Seal now');
    expect((await root.post('/audit/checkpoints')).location).toBe('/audit/checkpoints');
    expect((await world.server.engine.checkpoints()).length).toBe(before + 1);
  });

  it('take no form that is not their own', async () => {
    const vera = await world.as('vera');
    expect((await vera.post('/audit/verify', { _csrf: 'forged', record: '' })).status).toBe(403);
  });
});
