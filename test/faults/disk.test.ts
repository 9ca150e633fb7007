import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { pause } from '../../engine/index.js';
import { Ledger, settleAfterwards } from './ledger.js';
import { startLoad, timedAnswers } from './load.js';
import { account, inRounds, patience, quantile } from './long.js';
import { newPlace, type Place, sqlite } from './place.js';
import { type Programs, preparePrograms, startProgram } from './program.js';
import { obeyingPermissions } from './rights.js';
import { ask, freePort, prepareStore, type Serving, serve, TOKEN } from './server.js';

let programs: Programs;
beforeAll(() => void (programs = preparePrograms()));
afterAll(() => programs.drop());

/** A fault that can be switched on and off from outside while the server runs. */
interface Trouble {
  readonly name: string;
  begin(server: Serving, place: Place): void;
  end(server: Serving, place: Place): void;
}

const limit = (server: Serving, bytes: string): void => void execFileSync('prlimit', ['--pid', String(server.child.pid), `--fsize=${bytes}:unlimited`]);
const troubles: readonly Trouble[] = [
  {
    name: 'the disk is full',
    // A limit on the size of files stands in for a full disk, where nothing can be mounted: the next page of the log does not fit.
    begin: (server, place) => limit(server, String(statSync(join(place.dataDir, 'charter.sqlite')).size)),
    end: (server) => limit(server, 'unlimited'),
  },
  {
    name: 'the disk fails',
    begin: (_, place) => writeFileSync(join(place.folder, 'failing'), ''),
    end: (_, place) => rmSync(join(place.folder, 'failing')),
  },
];

async function becomes(server: Serving, status: number): Promise<void> {
  await expect.poll(async () => (await ask(server.address, '/readyz')).status, { timeout: 20_000 }).toBe(status);
}

describe('a server whose disk gives trouble under load', () => {
  it(
    'refuses to write with 503, goes on reading, loses nothing, and writes again by itself',
    async () => {
      await inRounds(1, async () => {
        const place = await newPlace(sqlite);
        await prepareStore(place);
        const faults = [
          { sql: 'INSERT|UPDATE|COMMIT', when: 'before', act: 'delay', ms: 150, while: join(place.folder, 'slow') },
          { sql: 'INSERT|UPDATE|COMMIT', when: 'before', act: 'fail', code: 'SQLITE_IOERR', while: join(place.folder, 'failing') },
        ] as const;
        const server = await serve(programs.charter, await freePort(), { place, faults, through: ['bash', '-c', 'trap "" XFSZ; exec "$0" "$@"'] });
        const load = await startLoad(server.address, 8);
        await pause(300);
        writeFileSync(join(place.folder, 'slow'), '');
        const before = load.ledger.steps.length;
        const reading = await timedAnswers(server.address, '/api/v1/records?limit=20', 10);
        await expect.poll(() => load.ledger.steps.length, { timeout: 20_000 }).toBeGreaterThan(before + 8);
        rmSync(join(place.folder, 'slow'));
        for (const trouble of troubles) {
          trouble.begin(server, place);
          await becomes(server, 503);
          const refused = await ask(server.address, '/api/v1/records', { body: { process: 'job', data: { title: 'in vain' } } });
          expect([refused.status, refused.body.code, Number(refused.headers.get('retry-after')) > 0], trouble.name).toEqual([503, 'READ_ONLY', true]);
          expect((await ask(server.address, '/healthz')).status).toBe(200);
          expect((await ask(server.address, '/api/v1/records?limit=5')).body.items.length).toBeGreaterThan(0);
          trouble.end(server, place);
          await becomes(server, 200);
          const written = load.ledger.steps.length;
          await expect.poll(() => load.ledger.steps.length, { timeout: 20_000 }).toBeGreaterThan(written + 8);
        }
        await load.stop();
        expect(load.refused).toEqual([]);
        await server.kill();
        const found = await settleAfterwards(place, load.ledger);
        account('slow, full and failing disk', { kills: 1, ...found, slowDiskPageMs: { p50: quantile(reading, 0.5), worst: quantile(reading, 1) } });
      });
    },
    patience(12),
  );
});

describe('a file system of its own that fills up', () => {
  it(
    'stops the writing, and lets it go on when there is room again',
    async () => {
      const place = await newPlace(sqlite);
      const disk = smallDisk(place);
      await prepareStore(place);
      const server = await serve(programs.charter, await freePort(), { place, through: ['bash', '-c', 'trap "" XFSZ; exec "$0" "$@"'] });
      disk.fill(server);
      const ledger = new Ledger();
      const text = 'x'.repeat(4_000);
      const refusals = new Set<string>();
      for (let tries = 0; refusals.size === 0; tries += 1) {
        const { status, body } = await ask(server.address, '/api/v1/records', { body: { process: 'job', data: { title: text } }, key: `fill-${tries}` });
        if (status === 201) ledger.note({ record: String(body.id), sequence: 1 });
        else refusals.add(`${status} ${String(body.code)}`);
      }
      expect([...refusals]).toEqual(['503 READ_ONLY']);
      disk.free(server);
      await becomes(server, 200);
      const { status, body } = await ask(server.address, '/api/v1/records', { body: { process: 'job', data: { title: 'afterwards' } } });
      expect(status).toBe(201);
      ledger.note({ record: String(body.id), sequence: 1 });
      await server.kill();
      account('file system full', { kills: 1, means: disk.means, ...(await settleAfterwards(place, ledger)) });
    },
    patience(5),
  );
});

interface Disk {
  readonly means: string;
  fill(server: Serving): void;
  free(server: Serving): void;
}

/** A file system in memory where one may be mounted; else a limit on the size of each file. */
function smallDisk(place: Place): Disk {
  try {
    execFileSync('mkdir', ['-p', place.dataDir]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', place.dataDir], { stdio: 'ignore' });
  } catch {
    return { means: 'limit on file size', fill: (server) => limit(server, '3000000'), free: (server) => limit(server, 'unlimited') };
  }
  onTestFinished(() => void execFileSync('umount', ['-l', place.dataDir]));
  const ballast = join(place.dataDir, 'ballast');
  return { means: 'tmpfs', fill: () => writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024)), free: () => rmSync(ballast) };
}

describe('a folder that may not be written', () => {
  it(
    'is told in one sentence at the start, makes nothing, and serves as before once it may be',
    async () => {
      const place = await newPlace(sqlite);
      await prepareStore(place);
      const port = await freePort();
      const environment = { PORT: String(port) };
      const database = join(place.dataDir, 'charter.sqlite');
      const before = readFileSync(database);
      chmodSync(database, 0o444);
      chmodSync(place.dataDir, 0o555);
      const { code, error, out } = await startProgram(programs.charter, ['start'], { place, environment, through: obeyingPermissions }).ended;
      expect([code, out]).toEqual([1, '']);
      expect(error).toMatch(/^charter: The database can not be used\. The (?:file or its folder is read-only|file can not be opened)/);
      expect(error).not.toContain('    at ');
      chmodSync(place.dataDir, 0o755);
      chmodSync(database, 0o600);
      expect(readdirSync(place.dataDir).filter((name) => !/^(?:charter\.sqlite|secret\.key)/.test(name))).toEqual([]);
      expect(readFileSync(database).equals(before)).toBe(true);
      const server = await serve(programs.charter, port, { place, through: obeyingPermissions });
      await attachInVain(server, place);
      await server.kill();
      account('read-only folder', { kills: 1, ...(await settleAfterwards(place, new Ledger())) });
    },
    patience(5),
  );
});

/** The database is open and goes on; only new files can not be made. */
async function attachInVain(server: Serving, place: Place): Promise<void> {
  const made = await ask(server.address, '/api/v1/records', { body: { process: 'job', data: { title: 'with a file' } } });
  const path = `/api/v1/records/${String(made.body.id)}/attachments`;
  chmodSync(place.dataDir, 0o555);
  const refused = await attach(server, path);
  chmodSync(place.dataDir, 0o755);
  expect([refused.status, refused.body.code]).toEqual([503, 'READ_ONLY']);
  expect((await attach(server, path)).status).toBe(201);
}

async function attach(server: Serving, path: string): Promise<{ readonly status: number; readonly body: { readonly code?: string } }> {
  const form = new FormData();
  form.set('file', new Blob(['content'], { type: 'text/plain' }), 'file.txt');
  const response = await fetch(server.address + path, { method: 'POST', body: form, headers: { authorization: `Bearer ${TOKEN}` } });
  return { status: response.status, body: (await response.json()) as { code?: string } };
}
