/** A real server over real HTTP on a store in a temporary folder, with people of each kind and their tokens. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { createEngine, createManualClock, type ManualClock, type RunningEngine } from '../../../engine/index.js';
import { createApp } from '../../../server/app.js';
import { tokenHash } from '../../../server/auth/identity.js';
import { createPasswords } from '../../../server/auth/passwords.js';
import { createSetUp } from '../../../server/auth/setUp.js';
import { readConfig } from '../../../server/config.js';
import { createHealth } from '../../../server/monitoring/health.js';
import { createMonitoring } from '../../../server/monitoring/monitoring.js';
import { createAssets } from '../../../server/web/assets.js';
import { newDatabase } from '../../databases.js';
import { copyShippedStore } from '../../shippedStore.js';
import { smallProcesses, smallRules } from './smallProcesses.js';

/** Monday. */
const START = Date.parse('2026-03-02T09:00:00Z');

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly body: any;
  readonly text: string;
  readonly headers: Headers;
}

export interface Client {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Sends JSON; a text or bytes go as they are. */
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  request(path: string, init?: RequestInit): Promise<Reply>;
}

export type Person = keyof typeof people;

const people = {
  admin: { roles: ['administrator'], teams: [] },
  owner: { roles: ['process-owner'], teams: [] },
  auditor: { roles: ['auditor'], teams: [] },
  agent: { roles: ['agent'], teams: ['desk'] },
  boss: { roles: ['boss'], teams: [] },
  other: { roles: [], teams: [] },
} as const;

export interface TestServer {
  readonly address: string;
  readonly engine: RunningEngine;
  readonly clock: ManualClock;
  readonly folder: string;
  as(person: Person): Client;
  /** Without a token. */
  readonly nobody: Client;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** Charter's own processes and rules instead of the small ones. */
  readonly shipped?: boolean;
  /** `CHARTER_CLOCK`; the engine's clock is a manual one in both cases. */
  readonly clock?: 'system' | 'manual';
  readonly watch?: boolean;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-api-'));
  const file = join(folder, 'data', 'charter.sqlite');
  const definitions = options.shipped ? await copyShippedStore(file) : { ...layFolders(folder), ...(await newDatabase(file)) };
  const config = readConfig({
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: definitions.url,
    PROCESSES_DIR: definitions.processesDir,
    RULES_DIR: definitions.rulesDir,
    LOG_LEVEL: 'silent',
    CHARTER_CLOCK: options.clock ?? 'manual',
  });
  const clock = createManualClock(START);
  const { clock: _kind, ...settings } = config;
  const log = pino({ level: 'silent' });
  const monitoring = createMonitoring({ log, tracing: null });
  const engine = await createEngine({ ...settings, clock, watch: options.watch ?? false, observe: monitoring.observer });
  await addPeople(engine);
  const services = {
    config,
    engine,
    log,
    monitoring,
    health: createHealth(engine),
    assets: createAssets(),
    passwords: createPasswords(),
    setUp: await createSetUp(engine, config.secretKey),
    wall: () => START,
    demo: false,
  };
  const server = createServer(createApp(services)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    engine,
    clock,
    folder,
    as: (person) => client(address, { authorization: `Bearer ${tokenOf(person)}` }),
    nobody: client(address, {}),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await engine.close();
      await definitions.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const tokenOf = (person: Person): string => `token-of-${person}-long-enough`;

async function addPeople(engine: RunningEngine): Promise<void> {
  await engine.people.saveTeam({ id: 'desk', title: 'Desk', email: null });
  for (const [id, { roles, teams }] of Object.entries(people)) {
    await engine.people.saveUser({
      id,
      name: id,
      email: null,
      passwordHash: null,
      roles,
      teams,
      zone: null,
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt: START,
    });
    await engine.people.saveToken({ id: `token-${id}`, user: id, title: 'test', hash: tokenHash(tokenOf(id as Person)), createdAt: START, expiresAt: null });
  }
  await engine.users();
}

function layFolders(folder: string): { readonly processesDir: string; readonly rulesDir: string } {
  const write = (path: string, content: unknown): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content, null, 2));
  };
  mkdirSync(join(folder, 'rules', 'reference'), { recursive: true });
  for (const [key, files] of Object.entries(smallProcesses)) for (const [file, content] of Object.entries(files)) write(`processes/${key}/${file}`, content);
  for (const [path, content] of Object.entries(smallRules)) write(`rules/${path}`, content);
  return { processesDir: join(folder, 'processes'), rulesDir: join(folder, 'rules') };
}

function client(address: string, own: Readonly<Record<string, string>>): Client {
  const request = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await fetch(address + path, { redirect: 'manual', ...init, headers: { ...own, ...(init.headers as Record<string, string>) } });
    const text = await response.text();
    const body = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null;
    return { status: response.status, headers: response.headers, text, body };
  };
  return {
    request,
    get: (path, headers = {}) => request(path, { headers }),
    post: (path, body = {}, headers = {}) => {
      const raw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
      const type: Record<string, string> = body instanceof FormData ? {} : { 'content-type': 'application/json' };
      return request(path, { method: 'POST', body: raw ? (body as BodyInit) : JSON.stringify(body), headers: { ...type, ...headers } });
    },
  };
}
