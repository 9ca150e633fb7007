/** A Charter that serves, as a process of its own: started, killed, started again at the same address. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createEngine, pause } from '../../engine/index.js';
import { tokenHash } from '../../server/auth/identity.js';
import type { Place } from './place.js';
import { type Outcome, type Run, type Started, startProgram } from './program.js';

/** Whoever calls with this token may do all that the tests' processes let people do. */
export const TOKEN = 'a-token-of-the-fault-tests-only';
const PERSON = 'ann';

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Makes the store and somebody who may use it, before a server starts. */
export async function prepareStore(place: Place): Promise<void> {
  const engine = await createEngine(place.options);
  try {
    await engine.people.saveUser({
      id: PERSON,
      name: 'Ann',
      email: null,
      passwordHash: null,
      roles: ['process-owner'],
      teams: [],
      zone: null,
      standIn: null,
      absentUntil: null,
      active: true,
      createdAt: 0,
    });
    await engine.people.saveToken({ id: 'token', user: PERSON, title: 'faults', hash: tokenHash(TOKEN), createdAt: 0, expiresAt: null });
  } finally {
    await engine.close();
  }
}

export interface Serving extends Started {
  readonly address: string;
}

/** Resolves when it is ready. */
export async function serve(charter: string, port: number, run: Run): Promise<Serving> {
  const started = startProgram(charter, ['start'], { ...run, environment: { PORT: String(port), ...run.environment } });
  await started.line('Charter serves on');
  return { ...started, address: `http://127.0.0.1:${port}` };
}

/** Runs a command to its end. */
export const runCharter = (charter: string, args: readonly string[], run: Run): Promise<Outcome> => startProgram(charter, args, run).ended;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  readonly body: any;
}

/** One request. @throws whatever `fetch` does when nobody answers. */
export async function ask(address: string, path: string, { body, key, method }: { body?: unknown; key?: string; method?: string } = {}): Promise<Reply> {
  const isForm = body instanceof FormData;
  const response = await fetch(address + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text };
}

/** Sends the same request under the same key until it is answered with anything but 503, as a careful program does; each time where `address` says. */
export async function insist(
  address: () => string,
  path: string,
  { body, key, stop }: { body: unknown; key: string; stop: () => boolean },
): Promise<Reply | null> {
  while (!stop()) {
    const reply = await ask(address(), path, { body, key }).catch(() => null);
    if (reply && reply.status !== 503) return reply;
    await pause(20);
  }
  return null;
}
