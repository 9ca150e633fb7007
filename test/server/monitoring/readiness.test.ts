import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { pause, systemClock } from '../../../engine/index.js';
import { readConfig } from '../../../server/config.js';
import { createHealth } from '../../../server/monitoring/health.js';
import { start } from '../../../server/start.js';
import { newDatabase } from '../../databases.js';
import { startTroubledServer, type Troubled } from './troubledServer.js';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function world(): Promise<Troubled> {
  const made = await startTroubledServer();
  opened.push(() => made.close());
  return made;
}
const ready = async (url: string): Promise<readonly [number, Readonly<Record<string, string>>]> => {
  const answer = await fetch(`${url}/readyz`);
  return [answer.status, ((await answer.json()) as { parts: Record<string, string> }).parts];
};

describe('readiness', () => {
  it('is there while all is well', async () => {
    const { server } = await world();
    expect(await ready(server.url)).toEqual([200, { database: 'ok', definitions: 'ok', timers: 'ok', shutdown: 'ok' }]);
  });

  it('goes, with the part that is wrong, when the server is about to stop; the process still lives', async () => {
    const { server } = await world();
    server.services.health.drain();
    const answer = await fetch(`${server.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await answer.json()).toEqual({
      status: 'not ready',
      parts: { database: 'ok', definitions: 'ok', timers: 'ok', shutdown: 'The server is about to stop.' },
    });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('goes when the database can neither be read nor written', async () => {
    const { server } = await world();
    const health = createHealth(server.engine);
    expect((await health.check()).ready).toBe(true);
    await server.engine.close();
    const { ready: well, parts } = await createHealth(server.engine).check();
    expect(well).toBe(false);
    expect(parts.find(({ part }) => part === 'database')).toMatchObject({ ok: false });
  });

  it('is looked at once for all who ask within a second, but for a stop, which counts at once', async () => {
    const { server } = await world();
    const health = createHealth(server.engine, { sharedMs: 400 });
    expect((await health.check()).ready).toBe(true);
    await server.engine.close();
    const shared = await Promise.all(Array.from({ length: 50 }, () => health.check()));
    expect(shared.every(({ ready: well }) => well)).toBe(true);
    await pause(450);
    expect((await health.check()).parts.find(({ part }) => part === 'database')?.ok).toBe(false);
    health.drain();
    expect((await health.check()).parts.find(({ part }) => part === 'shutdown')?.ok).toBe(false);
  });

  it('goes when timers that are due are left alone, and says for how long', async () => {
    const { server, create } = await world();
    const health = createHealth(server.engine, { stalledMs: 10, sharedMs: 0 });
    await create({ amount: 10 });
    server.clock.set(server.clock.now() + 3_600_000);
    await pause(20);
    const { ready: well, parts } = await health.check();
    expect(well).toBe(false);
    expect(parts.find(({ part }) => part === 'timers')?.reason).toMatch(/^Some are due and none was taken up for \d+ seconds\.$/);
    await server.engine.wake();
    expect((await health.check()).ready).toBe(true);
  });
});

describe('a server that is told to stop', () => {
  it('says first that it is not ready, finishes what it is answering, and only then closes', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'charter-stop-'));
    const folder = mkdtempSync(join(tmpdir(), 'charter-stop-definitions-'));
    const database = await newDatabase(join(dataDir, 'charter.sqlite'));
    const config = readConfig({ DATA_DIR: dataDir, DATABASE_URL: database.url, PROCESSES_DIR: folder, RULES_DIR: folder, PORT: '0' });
    const running = await start({ config, engineOptions: { ...config, clock: systemClock }, log: pino({ level: 'silent' }) });
    const setUp = running.setUpLink ?? '';
    let answered = 0;
    // A request whose body is still on its way.
    const slow = request(setUp, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '9' } }, (response) => {
      answered = response.statusCode ?? 0;
      response.resume();
    });
    slow.on('error', () => undefined);
    const done = new Promise((resolve) => slow.once('close', resolve));
    slow.write('a=b');
    await pause(200);
    const closing = running.close();
    const [status, parts] = await ready(running.address);
    expect([status, parts.shutdown]).toEqual([503, 'The server is about to stop.']);
    slow.end('&c=dd&');
    await done;
    expect(answered).toBeGreaterThanOrEqual(400);
    await closing;
    await expect(fetch(`${running.address}/healthz`)).rejects.toThrow();
    await database.drop();
    for (const path of [dataDir, folder]) rmSync(path, { recursive: true, force: true });
  }, 30_000);
});
