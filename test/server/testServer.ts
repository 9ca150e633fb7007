/** A whole Charter on a port of its own: a real store, real HTTP, the shipped processes, a clock that moves when told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createEngine, createManualClock, type ManualClock, type RunningEngine, systemClock, type UserRow } from '../../engine/index.js';
import { createApp } from '../../server/app.js';
import { createPasswords } from '../../server/auth/passwords.js';
import { createSetUp } from '../../server/auth/setUp.js';
import { readConfig } from '../../server/config.js';
import { createHealth } from '../../server/monitoring/health.js';
import { createMonitoring } from '../../server/monitoring/monitoring.js';
import { createAssets } from '../../server/web/assets.js';
import type { Route } from '../../server/web/route.js';
import type { Services } from '../../server/web/services.js';
import { newDatabase } from '../databases.js';
import { copyShippedStore } from '../shippedStore.js';

export const PASSWORD = 'correct horse battery';

export interface TestServer {
  readonly url: string;
  readonly engine: RunningEngine;
  readonly clock: ManualClock;
  readonly services: Services;
  /** Lines of the log, as JSON texts. */
  readonly log: readonly string[];
  user(row: Partial<UserRow> & { readonly id: string }): Promise<UserRow>;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly at?: string;
  /** Absent: the shipped processes and rules, already in force. */
  readonly processesDir?: string;
  readonly rulesDir?: string;
  /** Settings besides those of the folders, as the environment has them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the shipped processes only these. */
  readonly only?: readonly string[];
  readonly routes?: readonly Route[];
  /** The real time that sessions and limits go by; the machine's when absent. */
  readonly wall?: () => number;
  /** People to begin with, all with the same password. */
  readonly users?: readonly (Partial<UserRow> & { readonly id: string })[];
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'charter-server-'));
  const at = Date.parse(options.at ?? '2026-03-02T09:00:00Z');
  const file = join(dataDir, 'charter.sqlite');
  const {
    processesDir = 'processes',
    rulesDir = 'rules',
    url,
    drop,
  } = options.processesDir || options.rulesDir ? { ...options, ...(await newDatabase(file)) } : await copyShippedStore(file, options.only);
  const config = readConfig({ ...options.environment, DATA_DIR: dataDir, DATABASE_URL: url, PROCESSES_DIR: processesDir, RULES_DIR: rulesDir });
  const clock = createManualClock(at);
  const log: string[] = [];
  const logger = pino({ level: config.logLevel }, { write: (line: string) => void log.push(line) });
  const tracing = config.tracesEndpoint === null ? null : (await import('../../server/monitoring/tracing.js')).createTracing(config.tracesEndpoint);
  const monitoring = createMonitoring({ log: logger, tracing });
  const engine = await createEngine({ ...config, clock, observe: monitoring.observer });
  const passwords = createPasswords({ logCost: 8 });
  const hash = await passwords.hash(PASSWORD);
  const user = async (row: Partial<UserRow> & { readonly id: string }): Promise<UserRow> => {
    const whole: UserRow = {
      name: row.id,
      email: null,
      passwordHash: hash,
      roles: [],
      teams: [],
      zone: 'UTC',
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt: clock.now(),
      ...row,
    };
    await engine.people.saveUser(whole);
    return whole;
  };
  for (const row of options.users ?? []) await user(row);
  const services: Services = {
    config,
    engine,
    passwords,
    log: logger,
    monitoring,
    health: createHealth(engine),
    assets: createAssets(),
    setUp: await createSetUp(engine, config.secretKey),
    wall: options.wall ?? (() => systemClock.now()),
    demo: false,
  };
  const server = createServer(createApp(services, ...(options.routes ? [options.routes] : [])));
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    engine,
    clock,
    services,
    log,
    user,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await engine.close();
      await tracing?.close();
      await drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where a redirect leads, or null. */
  readonly location: string | null;
}

/** A browser without a screen: keeps cookies, follows nothing by itself, sends forms with the token of the page it saw last. */
export class Visitor {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();
  #page = '';

  constructor(server: { readonly url: string }) {
    this.#url = server.url;
  }

  async request(path: string, init: RequestInit = {}): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    headers.set('accept', headers.get('accept') ?? 'text/html');
    if (cookie) headers.set('cookie', cookie);
    const response = await fetch(this.#url + path, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    const text = await response.text();
    if (response.status !== 303 && response.headers.get('content-type')?.startsWith('text/html')) this.#page = text;
    return { status: response.status, headers: response.headers, text, location: response.headers.get('location') };
  }

  get(path: string): Promise<Answer> {
    return this.request(path);
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  /** The value of a hidden field on the page seen last, within the form of this action when one is named. */
  hidden(name: string, action?: string): string {
    const from = action === undefined ? 0 : this.#page.indexOf(`action="${action}"`);
    const match = new RegExp(`name="${name}" value="([^"]*)"`).exec(this.#page.slice(Math.max(0, from)));
    return match?.[1] ?? '';
  }

  get csrf(): string {
    return this.hidden('_csrf');
  }

  /** Sends a form as the page seen last would, with its token. */
  post(path: string, fields: Readonly<Record<string, string | readonly string[]>> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const body = new URLSearchParams();
    const all = { _csrf: this.csrf, ...fields };
    for (const [name, value] of Object.entries(all)) for (const text of typeof value === 'string' ? [value] : value) body.append(name, text);
    return this.request(path, { method: 'POST', body, headers: { origin: this.#url, 'sec-fetch-site': 'same-origin', ...headers } });
  }

  async signIn(name: string, password = PASSWORD): Promise<this> {
    await this.get('/sign-in');
    const answer = await this.post('/sign-in', { name, password });
    if (answer.status !== 303) throw new Error(`${name} could not sign in: ${answer.status}`);
    await this.get('/settings');
    return this;
  }
}
