import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserRow } from '../../engine/index.js';
import { allRoutes } from '../../server/routes.js';
import type { Route } from '../../server/web/route.js';
import { startTestServer, type TestServer, Visitor } from './testServer.js';

let server: TestServer;
let routes: readonly Route[];
const people = [
  { id: 'admin', roles: ['administrator'] },
  { id: 'olga', roles: ['process-owner'] },
  { id: 'aud', roles: ['auditor'] },
  { id: 'emp', roles: ['employee'] },
];

beforeAll(async () => {
  server = await startTestServer({ users: people });
  routes = allRoutes(server.services);
});
afterAll(() => server.close());

const fill = (path: string): string => path.replaceAll(/:\w+/g, 'nothing-1');
const called = ({ method, path }: Route): string => `${method.toUpperCase()} ${path}`;
const row = async (id: string): Promise<UserRow | null> => server.engine.people.user(id);

describe('every route', () => {
  it('has a rule that says who may come in', () => {
    expect(routes.length).toBeGreaterThan(40);
    for (const route of routes) expect(route.allow?.test, called(route)).toBeTypeOf('function');
  });

  it('is registered once', () => {
    const names = routes.map(called);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('W1: changes nothing on GET: what posts has a path of its own or a form', () => {
    for (const { method } of routes) expect(['get', 'post', 'put', 'delete']).toContain(method);
  });

  it('turns away whoever is not signed in, unless its rule is for anyone', async () => {
    const stranger = new Visitor(server);
    await stranger.get('/sign-in');
    for (const route of routes.filter(({ allow }) => allow.name !== 'anyone')) {
      const api = route.kind === 'api';
      const answer = await stranger.request(fill(route.path), {
        method: route.method.toUpperCase(),
        headers: { accept: api ? 'application/json' : 'text/html' },
      });
      if (api) expect(answer.status, called(route)).toBe(401);
      else expect([answer.status, answer.location?.startsWith('/sign-in')], called(route)).toEqual([303, true]);
    }
  });

  it('refuses everyone whose roles its rule does not name', async () => {
    for (const { id } of people) {
      const visitor = await new Visitor(server).signIn(id);
      const user = await row(id);
      for (const route of routes.filter(({ allow, kind }) => kind !== 'api' && allow.test(user) === 'forbidden')) {
        const answer = await visitor.request(fill(route.path), { method: route.method.toUpperCase() });
        expect(answer.status, `${id}: ${called(route)}`).toBe(403);
      }
    }
  });

  it('W1: takes no change without the token of a form of ours', async () => {
    const posts = routes.filter(({ kind, method }) => kind !== 'api' && method !== 'get');
    const visitors = new Map(await Promise.all(people.map(async ({ id }) => [id, await new Visitor(server).signIn(id)] as const)));
    for (const route of posts) {
      const allowed = (await Promise.all(people.map(async ({ id }) => [id, route.allow.test(await row(id))] as const))).find(
        ([, verdict]) => verdict === 'yes',
      );
      const visitor = visitors.get(allowed?.[0] ?? 'admin');
      const answer = await visitor?.post(fill(route.path), { _csrf: 'forged' });
      expect(answer?.status, called(route)).toBe(403);
    }
  });
});

describe('W1: a change that does not come from a page of ours', () => {
  it.each([
    ['another site by its fetch metadata', { 'sec-fetch-site': 'cross-site' }],
    ['a sister site', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that hides', { origin: 'null' }],
  ])('is refused when it comes from %s, token or not', async (_name, headers) => {
    const visitor = await new Visitor(server).signIn('emp');
    const answer = await visitor.post('/settings', { zone: 'UTC', theme: 'dark' }, headers);
    expect(answer.status).toBe(403);
  });

  it('is refused when JSON pretends to be text', async () => {
    const visitor = await new Visitor(server).signIn('emp');
    const answer = await visitor.request('/settings', {
      method: 'POST',
      body: '{"theme":"dark"}',
      headers: { 'content-type': 'text/plain', origin: server.url },
    });
    expect(answer.status).toBe(415);
  });
});

describe('every answer', () => {
  it('carries the headers that keep a page what it is', async () => {
    const answer = await new Visitor(server).get('/sign-in');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('W2: never shows a stack, whatever comes in', async () => {
    const visitor = await new Visitor(server).signIn('emp');
    const odd = [
      '/record/%00',
      '/record/%E0%A4%A',
      '/process/nothing',
      '/process/incident?sort=evil',
      '/process/incident?sort=title&sort=due',
      '/process/incident?cursor=zzz',
      `/search?q=${'x'.repeat(500)}`,
      '/search?q[a]=1',
      '/attachments/../../etc/passwd',
      '/assets/../../package.json',
      '/nowhere',
      '/process/__proto__',
      '/process/constructor/new',
    ];
    for (const path of odd) {
      const answer = await visitor.get(path);
      expect(answer.status, path).toBeLessThan(500);
      expect(answer.text, path).not.toMatch(/node_modules|at \w+ \(|\.ts:\d+|SELECT /);
    }
  });

  it('says which methods an address has', async () => {
    const answer = await new Visitor(server).request('/sign-in', { method: 'DELETE' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, POST, HEAD');
  });

  it('tells programs in a problem document, people on a page', async () => {
    const api = await new Visitor(server).request('/api/v1/nothing', { headers: { accept: 'application/json' } });
    expect(api.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.parse(api.text)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    const page = await new Visitor(server).get('/nowhere');
    expect(page.text).toContain('<h1>Not found</h1>');
  });

  it('lets assets be kept for ever, and packs them for who can unpack', async () => {
    const visitor = new Visitor(server);
    const sheet = /href="(\/assets\/charter\.[0-9a-f]{12}\.css)"/.exec((await visitor.get('/sign-in')).text)?.[1] ?? '';
    const answer = await visitor.request(sheet, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.text).toContain('--accent');
  });
});
