/** Three servers on one PostgreSQL behind one address that gives each request to the next of them, and a browser on it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../engine/index.js';
import { createPasswords } from '../../server/auth/passwords.js';
import { onPostgres } from '../databases.js';
import type { Place } from '../faults/place.js';
import { layProcesses } from '../faults/processes.js';
import { type Programs, preparePrograms } from '../faults/program.js';
import { freePort, type Serving, serve } from '../faults/server.js';
import { type Cluster, createCluster } from '../postgres/cluster.js';
import { complaints, openBrowser, type TestBrowser } from './harness.js';
import { signIn } from './usable.js';

const PASSWORD = 'correct horse battery';
const SERVERS = 3;
const visit = {
  'statechart.json': {
    id: 'visit',
    initial: 'expected',
    states: {
      expected: { meta: { title: 'Expected' }, on: { ARRIVE: { target: 'here', meta: { title: 'Arrived', form: ['badge'] } } } },
      here: { meta: { title: 'In the house' }, on: { LEAVE: { target: 'gone', meta: { title: 'Left' } } } },
      gone: { type: 'final', meta: { title: 'Gone' } },
    },
  },
  'form.json': { type: 'object', properties: { name: { type: 'string', title: 'Name' }, badge: { type: 'string', title: 'Badge' } } },
  'process.json': {
    key: 'visit',
    title: 'Visit',
    prefix: 'VIS',
    create: { form: ['name'] },
    columns: { title: 'name' },
    kpis: { expected: { title: 'Expected', target: 9, measure: { count: { in_state: 'expected' } } } },
  },
};

interface Proxy {
  readonly server: Server;
  readonly address: string;
  /** How many requests each server answered. */
  readonly answered: number[];
  behind: readonly (Serving | null)[];
}

/** Each request goes to the next server; one that does not take it is passed over. */
async function startProxy(): Promise<Proxy> {
  let turn = 0;
  const proxy: { -readonly [key in keyof Proxy]: Proxy[key] } = { server: createServer(), address: '', answered: [0, 0, 0], behind: [] };
  proxy.server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const attempt = (tries: number): void => {
        turn = (turn + 1) % SERVERS;
        const place = turn;
        const target = proxy.behind[place];
        if (!target) {
          if (tries < SERVERS) attempt(tries + 1);
          else response.writeHead(502).end();
          return;
        }
        const { hostname, port } = new URL(target.address);
        const headers = { ...request.headers, 'x-forwarded-for': '127.0.0.1' };
        const onward = send({ hostname, port, method: request.method, path: request.url, headers, agent: false }, (answer) => {
          proxy.answered[place] = (proxy.answered[place] ?? 0) + 1;
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        onward.on('error', (error: NodeJS.ErrnoException) => {
          // Refused before it was sent: nobody has taken it yet.
          if (error.code === 'ECONNREFUSED' && tries < SERVERS) attempt(tries + 1);
          else if (!response.headersSent) response.writeHead(502).end();
        });
        onward.end(Buffer.concat(chunks));
      };
      attempt(0);
    });
  });
  await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
  proxy.address = `http://127.0.0.1:${(proxy.server.address() as AddressInfo).port}`;
  return proxy;
}

let folder: string;
let cluster: Cluster;
let programs: Programs;
let proxy: Proxy;
let browser: TestBrowser;
const servers: Serving[] = [];

async function prepare(place: Place): Promise<void> {
  const engine = await createEngine(place.options);
  const passwordHash = await createPasswords({ logCost: 10 }).hash(PASSWORD);
  for (const id of ['ann', 'bob'])
    await engine.people.saveUser({
      id,
      name: id,
      email: null,
      passwordHash,
      roles: ['process-owner'],
      teams: [],
      zone: 'UTC',
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt: 0,
    });
  await engine.close();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'charter-three-'));
  [cluster, proxy, browser] = await Promise.all([createCluster(), startProxy(), openBrowser()]);
  programs = preparePrograms();
  await onPostgres(cluster.url('postgres'), (client) => client.query('CREATE DATABASE charter'));
  layProcesses(join(folder, 'processes'), { visit });
  mkdirSync(join(folder, 'rules', 'policy'), { recursive: true });
  mkdirSync(join(folder, 'rules', 'reference'));
  const common = { databaseUrl: cluster.url('charter'), processesDir: join(folder, 'processes'), rulesDir: join(folder, 'rules') };
  const placeOf = (dataDir: string): Place =>
    ({ ...common, dataDir, options: { ...common, dataDir, secretKey: 'a secret that all three servers share' } }) as Place;
  await prepare(placeOf(join(folder, 'data')));
  const environment = { PUBLIC_URL: proxy.address, TRUST_PROXY: '1' };
  const starting = Array.from({ length: SERVERS }, async (_, number) =>
    serve(programs.charter, await freePort(), { place: placeOf(join(folder, `data-${number}`)), environment }),
  );
  servers.push(...(await Promise.all(starting)));
  proxy.behind = servers;
});
afterAll(async () => {
  await browser?.close();
  programs?.drop();
  proxy?.server.closeAllConnections();
  proxy?.server.close();
  await cluster?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A page of the same session opened on each server itself, past the address they share. */
async function onEach(page: Page): Promise<readonly Page[]> {
  const storageState = await page.context().storageState();
  return Promise.all(servers.map(({ address }) => browser.newPage({ baseURL: address, storageState })));
}

/** What each of these pages shows when it is opened there. */
const shown = (pages: readonly Page[], path: string): Promise<readonly string[]> =>
  Promise.all(pages.map((page) => page.goto(path).then(async () => (await page.textContent('main')) ?? '')));

/** The page of the same session on one server alone. */
async function on(server: Serving | undefined, page: Page, path: string): Promise<{ readonly status: number; readonly url: string; readonly text: string }> {
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const answer = await fetch(`${server?.address}${path}`, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
  return { status: answer.status, url: answer.headers.get('location') ?? '', text: await answer.text() };
}

describe('three servers behind one address', () => {
  it('are one to who works there: records, figures, definitions, sign-out, and the death of one of them', async () => {
    const ann = await signIn(browser, { at: proxy.address, user: 'ann', password: PASSWORD });
    const bob = await signIn(browser, { at: proxy.address, user: 'bob', password: PASSWORD });
    await ann.goto('/process/visit/new');
    await ann.fill('[name=name], #field-name', 'Ada');
    await ann.click('main form button[type=submit].primary');
    await ann.waitForURL(/\/record\/VIS-000001/);

    // What one wrote a browser on each server shows at once, in lists too, and soon in its figures.
    const each = await onEach(bob);
    for (const text of await shown(each, '/record/VIS-000001')) expect(text).toContain('Expected');
    for (const path of ['/process/visit', '/search?q=Ada', '/search?q=VIS-000001'])
      for (const text of await shown(each, path)) expect(text, path).toContain('VIS-000001');
    const figures = async () => {
      await shown(each, '/process/visit/figures');
      return Promise.all(each.map((page) => page.locator('main strong').first().textContent()));
    };
    await expect.poll(figures).toEqual(['1', '1', '1']);
    await shown(each, '/record/VIS-000001');
    await bob.goto('/record/VIS-000001/step/ARRIVE');
    await bob.fill('[name=badge], #field-badge', '17');
    await bob.click('main form button[type=submit].primary');
    // Whichever server a page was opened on, it learns of that without being loaded again, when it is looked at again.
    for (const page of each) {
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await page.waitForSelector('.standing .notice');
      expect(await page.textContent('.standing')).toContain('bob did “Arrived”. In the house now.');
    }
    await expect.poll(() => ann.goto('/record/VIS-000001').then(() => ann.textContent('main'))).toContain('In the house');
    for (const text of await shown(each, '/record/VIS-000001')) expect(text).toContain('In the house');
    await expect.poll(figures).toEqual(['0', '0', '0']);
    for (const page of each) expect(complaints(page)).toEqual([]);

    // A new version is in force everywhere.
    const text = JSON.stringify(visit['statechart.json'], null, 2).replace('"Expected"', '"Awaited"');
    const quiet = await browser.newPage({ javascript: false, baseURL: proxy.address, storageState: await ann.context().storageState() });
    await quiet.goto('/processes/visit/edit');
    await quiet.fill('#text', text);
    await quiet.click('button[value=publish]');
    await quiet.fill('[name=note]', 'It says what it is');
    await quiet.click('main button[type=submit]:has-text("Publish")');
    expect(await quiet.textContent('main')).toContain('is published and in force');
    const versions = async () => (await Promise.all(servers.map((server) => on(server, ann, '/processes/visit')))).map((page) => page.text.includes('Awaited'));
    await expect.poll(versions, { timeout: 2_000 }).toEqual([true, true, true]);

    // Who signs out on one is signed out on all.
    const before = await Promise.all(servers.map((server) => on(server, bob, '/')));
    expect(before.map(({ status }) => status)).toEqual([200, 200, 200]);
    const cookies = await bob.context().storageState();
    await bob.locator('form[action="/sign-out"] button').first().dispatchEvent('click');
    await bob.waitForURL(/\/sign-in/);
    const former = await browser.newPage({ baseURL: proxy.address, storageState: cookies });
    const after = await Promise.all(servers.map((server) => on(server, former, '/')));
    expect(after.map(({ status, url }) => [status, url.split('?')[0]])).toEqual(Array.from({ length: SERVERS }, () => [303, '/sign-in']));

    // One dies: work goes on, signed in as before. (No page asks it by itself in this very moment.)
    await ann.goto('/');
    await servers[1]?.kill();
    for (let round = 0; round < 6; round += 1) {
      await ann.goto('/record/VIS-000001');
      expect(await ann.textContent('main')).toContain('In the house');
    }
    await ann.goto('/record/VIS-000001/step/LEAVE');
    await ann.click('main form button[type=submit].primary');
    await expect.poll(() => ann.goto('/record/VIS-000001').then(() => ann.textContent('main'))).toContain('Gone');
    expect(proxy.answered.every((count) => count > 5)).toBe(true);
    expect(complaints(ann)).toEqual([]);
  }, 180_000);
});
