/** A server whose background work meets trouble: a webhook that nobody named, a timer whose rule fails, a schedule whose record is refused. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../../engine/index.js';
import { startTestServer, type TestServer } from '../testServer.js';

/** What a record of these tests holds, and no log, figure or trace may. */
export const SECRET = 'value-that-nobody-should-see';

const thing = {
  'statechart.json': {
    id: 'thing',
    initial: 'open',
    states: {
      open: {
        on: {
          SAY: { actions: { type: 'webhook', params: { target: 'elsewhere', body: 'x' } }, meta: { form: ['text', 'amount'] } },
          FINISH: 'done',
        },
        after: { 60000: [{ target: 'much', guard: 'perHead' }, { target: 'little' }] },
      },
      much: {},
      little: {},
      done: { type: 'final' },
    },
  },
  'rules.json': { guards: { perHead: { '>': [{ '/': [100, { var: ['record.amount', 0] }] }, 5] } } },
  'form.json': {
    type: 'object',
    properties: {
      text: { type: 'string' },
      amount: { type: 'number' },
      owner: { type: 'string', 'x-charter': { reference: { kind: 'user' } } },
    },
  },
  'process.json': { prefix: 'THG', schedules: { daily: { cron: '0 12 * * *', create: { data: { owner: 'nobody' } } } } },
};

export interface Troubled {
  readonly server: TestServer;
  readonly ann: Actor;
  create(data?: Readonly<Record<string, string | number>>): Promise<{ readonly id: string; readonly number: string }>;
  /** Puts the record's webhook into the outbox. */
  say(record: string, text?: string): Promise<void>;
  /** Lets time pass, and with it everything that falls due. */
  wait(ms: number): Promise<void>;
  /** Lines of the log as objects. */
  lines(): readonly Readonly<Record<string, unknown>>[];
  close(): Promise<void>;
}

export async function startTroubledServer(environment: Readonly<Record<string, string>> = {}): Promise<Troubled> {
  const folder = mkdtempSync(join(tmpdir(), 'charter-troubled-'));
  mkdirSync(join(folder, 'processes', 'thing'), { recursive: true });
  for (const part of ['policy', 'reference']) mkdirSync(join(folder, 'rules', part), { recursive: true });
  for (const [file, content] of Object.entries(thing)) writeFileSync(join(folder, 'processes', 'thing', file), JSON.stringify(content));
  const server = await startTestServer({
    processesDir: join(folder, 'processes'),
    rulesDir: join(folder, 'rules'),
    environment,
    users: [
      { id: 'ann', roles: [] },
      { id: 'root', name: 'Max Muster', roles: ['administrator'] },
    ],
  });
  const { engine, clock } = server;
  const ann = { id: 'ann', roles: [], teams: [] };
  return {
    server,
    ann,
    create: async (data = {}) => (await engine.create({ process: 'thing', data, actor: ann })).record,
    async say(record, text = SECRET) {
      await engine.send({ record, type: 'SAY', data: { text }, actor: ann });
    },
    wait: (ms) => engine.advanceTo(clock.now() + ms),
    lines: () => server.log.map((line) => JSON.parse(line) as Record<string, unknown>),
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
