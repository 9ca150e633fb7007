import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shippedStore } from '../../shippedStore.js';

const dataDir = mkdtempSync(join(tmpdir(), 'charter-start-'));
/** One process is enough: what is started here is new each time. */
const { processesDir } = await shippedStore(['service']);
/** Commands take seconds each on a busy machine, the first one builds. */
const patient = { timeout: 240_000 };
const servers: ChildProcess[] = [];
beforeAll(() => charter(['--help']), patient.timeout);
afterAll(() => {
  for (const server of servers) server.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function charter(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['server/cli/charter.mjs', ...args],
      { env: { ...process.env, DATA_DIR: dataDir, PROCESSES_DIR: processesDir, ...environment } },
      (error, out, err) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

describe('charter start', () => {
  it.each([
    ['PORT', 'abc'],
    ['CHARTER_CLOCK', 'sundial'],
  ])('ends with 1 and names %s when it is %s', patient, async (name, value) => {
    const { code, err } = await charter(['start'], { [name]: value });
    expect(code).toBe(1);
    expect(err).toContain(name);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('W10: ends with 1 in one sentence when the port is taken', patient, async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()));
    const { port } = other.address() as AddressInfo;
    const { code, out, err } = await charter(['start'], { PORT: String(port), LOG_LEVEL: 'silent' });
    other.close();
    expect(code).toBe(1);
    expect(out).not.toContain('serves');
    expect(err).toContain(`PORT ${port} is in use`);
  });

  it('serves, lets commands work beside it, refuses a second server, and stops when told', patient, async () => {
    const server = spawn(process.execPath, ['server/cli/charter.mjs', 'start', '--json'], {
      env: { ...process.env, DATA_DIR: dataDir, PROCESSES_DIR: processesDir, PORT: '0', LOG_LEVEL: 'silent' },
    });
    servers.push(server);
    const exited = new Promise<number | null>((resolve) => server.once('exit', resolve));
    const line = await new Promise<string>((resolve) => server.stdout.once('data', (data: Buffer) => resolve(data.toString())));
    const { address, setUp } = JSON.parse(line) as { address: string; setUp: string };
    expect((await fetch(setUp)).status).toBe(200);
    const user = await charter(['user', 'create', 'zoe', '--role', 'administrator']);
    expect(user.code).toBe(0);
    expect(user.out.trim().split('\n').at(-1)).toMatch(/^[a-z-]{20,}$/);
    const token = await charter(['token', 'create', '--user', 'zoe']);
    const bearer = token.out.trim().split('\n').at(-1) ?? '';
    const answer = await fetch(`${address}/api/v1/processes`, { headers: { authorization: `Bearer ${bearer}` } });
    expect(answer.status).toBe(200);
    expect((await charter(['user', 'create', 'max', '--role', 'emperor'])).err).toContain('emperor');
    expect((await charter(['start'], { PORT: '0' })).err).toContain('Another server runs');
    server.kill('SIGTERM');
    expect(await exited).toBe(0);
  });
});
