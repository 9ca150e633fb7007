/** The real application on a real store in a temporary folder, with one person of each kind. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createEngine, createManualClock, type RunningEngine } from '../../../engine/index.js';
import { createApp } from '../../../server/app.js';
import { createPasswords } from '../../../server/auth/passwords.js';
import { createSetUp } from '../../../server/auth/setUp.js';
import { readConfig } from '../../../server/config.js';
import { createHealth } from '../../../server/monitoring/health.js';
import { createMonitoring } from '../../../server/monitoring/monitoring.js';
import { ownerRoutes } from '../../../server/owner/routes.js';
import { allRoutes } from '../../../server/routes.js';
import { createAssets } from '../../../server/web/assets.js';
import { newDatabase } from '../../databases.js';
import { copyShippedStore } from '../../shippedStore.js';
import { incident } from '../drawing/charts.js';

export const PASSWORD = 'correct horse battery staple';

export interface Client {
  get(path: string, headers?: { readonly [name: string]: string }): Promise<Answer>;
  /** Sends a form with the session's token. */
  post(path: string, fields: { readonly [name: string]: string }): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly text: string;
  readonly headers: Headers;
}

export interface OwnerServer {
  readonly address: string;
  readonly engine: RunningEngine;
  readonly folder: string;
  as(user: 'owner' | 'auditor' | 'agent' | 'admin'): Promise<Client>;
  close(): Promise<void>;
}

const PEOPLE = [
  ['owner', 'Olga Owner', ['process-owner']],
  ['auditor', 'Ada Auditor', ['auditor']],
  ['agent', 'Arne Agent', ['service-desk']],
  ['admin', 'Amal Admin', ['administrator']],
] as const;

/** `shipped`: with Charter's own processes instead of the small one of the tests. */
export async function startOwnerServer(options: { readonly shipped?: boolean } = {}): Promise<OwnerServer> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-owner-'));
  const file = join(folder, 'data', 'charter.sqlite');
  const definitions = options.shipped ? await copyShippedStore(file) : { ...layFolders(folder), ...(await newDatabase(file)) };
  const config = readConfig({
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: definitions.url,
    PROCESSES_DIR: definitions.processesDir,
    RULES_DIR: definitions.rulesDir,
    LOG_LEVEL: 'silent',
  });
  const clock = createManualClock(Date.parse('2026-03-02T09:00:00Z'));
  const log = pino({ level: 'silent' });
  const monitoring = createMonitoring({ log, tracing: null });
  const engine = await createEngine({ ...config, clock, mayBeEmpty: true, observe: monitoring.observer });
  const passwords = createPasswords();
  const passwordHash = await passwords.hash(PASSWORD);
  for (const [id, name, roles] of PEOPLE) {
    await engine.people.saveUser({
      id,
      name,
      email: null,
      passwordHash,
      roles,
      teams: [],
      zone: 'UTC',
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt: clock.now(),
    });
  }
  const services = {
    config,
    engine,
    log,
    monitoring,
    health: createHealth(engine),
    assets: createAssets(),
    passwords,
    setUp: await createSetUp(engine, config.secretKey),
    wall: clock.now,
    demo: false,
  };
  const routes = allRoutes(services);
  const app = createApp(services, routes.some((route) => route.path === '/owner') ? routes : [...routes, ...ownerRoutes()]);
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    engine,
    folder,
    as: (user) => signIn(address, user),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await engine.close();
      await definitions.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function layFolders(folder: string): { readonly processesDir: string; readonly rulesDir: string } {
  mkdirSync(join(folder, 'rules', 'policy'), { recursive: true });
  mkdirSync(join(folder, 'rules', 'reference'), { recursive: true });
  mkdirSync(join(folder, 'processes', 'incident'), { recursive: true });
  const write = (path: string, content: unknown): void => writeFileSync(join(folder, path), JSON.stringify(content, null, 2));
  const hours = [{ from: '09:00', to: '17:00' }];
  write('rules/reference/support.json', { kind: 'calendar', zone: 'Europe/Berlin', week: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours } });
  const roles = ['service-desk', 'incident-manager', 'employee', 'management'];
  write('rules/policy/roles.json', { kind: 'roles', roles: Object.fromEntries(roles.map((role) => [role, { title: role.replace('-', ' ') }])) });
  for (const [name, content] of Object.entries(incident)) write(`processes/incident/${name}`, content);
  return { processesDir: join(folder, 'processes'), rulesDir: join(folder, 'rules') };
}

async function signIn(address: string, user: string): Promise<Client> {
  let cookie = '';
  let token = '';
  const call = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(address + path, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) },
    });
    const set = response.headers.getSetCookie().map((each) => each.split(';')[0]);
    if (set.length > 0) cookie = set.join('; ');
    const text = await response.text();
    token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? token;
    return { status: response.status, location: response.headers.get('location') ?? '', text, headers: response.headers };
  };
  const client: Client = {
    get: (path, headers = {}) => call(path, { headers: { accept: 'text/html', ...headers } }),
    post: (path, fields) => call(path, { method: 'POST', headers: { accept: 'text/html' }, body: new URLSearchParams({ ...fields, _csrf: token }) }),
  };
  await client.get('/sign-in');
  const answer = await client.post('/sign-in', { name: user, password: PASSWORD, next: '/owner' });
  if (answer.status !== 303) throw new Error(`${user} could not sign in: ${answer.status} ${answer.text.slice(0, 300)}`);
  await client.get('/owner');
  return client;
}
