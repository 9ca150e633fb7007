import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../../engine/index.js';
import { Ledger, settleAfterwards } from './ledger.js';
import { timedAnswers } from './load.js';
import { account, inRounds, patience, quantile } from './long.js';
import { newPlace, storesOfLongRuns } from './place.js';
import { type Programs, preparePrograms } from './program.js';
import { ask, freePort, prepareStore, type Serving, serve } from './server.js';

let programs: Programs;
beforeAll(() => void (programs = preparePrograms()));
afterAll(() => programs.drop());

const CALLERS = 300;
const MAX_REQUESTS = '16';
const MEMORY = 400 * 1024 * 1024;

interface Tally {
  readonly [outcome: string]: number;
}

async function memoryOf({ address }: Serving): Promise<number> {
  const response = await fetch(`${address}/metrics`);
  expect(response.status, 'figures of a busy server').toBe(200);
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(await response.text())?.[1]);
}

describe.each(storesOfLongRuns)('a server on $name with more to do than it can take', (kind) => {
  it(
    'refuses with 503 and when to come again, stays within its memory, and serves as before once it is over',
    async () => {
      const place = await newPlace(kind);
      await prepareStore(place);
      const server = await serve(programs.charter, await freePort(), { place, environment: { MAX_REQUESTS } });
      const ledger = new Ledger();
      const outcomes: Record<string, number> = {};
      const count = (outcome: string): void => void (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1);
      const blown = 'x'.repeat(200_000);
      let memory = 0;
      const once = async (caller: number): Promise<void> => {
        const body = caller % 3 === 0 ? { process: 'job', data: { title: blown } } : { process: 'job', data: { title: `${caller}` } };
        const reply = await (caller % 3 === 1 ? ask(server.address, '/api/v1/records?limit=50') : ask(server.address, '/api/v1/records', { body }));
        count(reply.status === 503 ? `503 ${String(reply.body.code)}` : `${reply.status}`);
        if (reply.status === 201) ledger.note({ record: String(reply.body.id), sequence: 1 });
        if (reply.status === 503) expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
      };
      let over = false;
      const watching = (async () => {
        for (; !over; await pause(50)) {
          memory = Math.max(memory, await memoryOf(server));
          expect((await ask(server.address, '/healthz')).status).toBe(200);
          expect((await ask(server.address, '/readyz')).status).toBe(200);
        }
      })();
      await inRounds(3, async () => void (await Promise.all(Array.from({ length: CALLERS }, (_, caller) => once(caller)))));
      over = true;
      await watching;
      const page = await busyPage(server);
      const after = await timedAnswers(server.address, '/api/v1/records?limit=20', 20);
      const written = await ask(server.address, '/api/v1/records', { body: { process: 'job', data: { title: 'afterwards' } } });
      expect(written.status).toBe(201);
      await server.kill();
      const found = await settleAfterwards(place, ledger);
      account(`overload, ${kind.name}`, {
        kills: 1,
        ...found,
        outcomes: outcomes satisfies Tally,
        memoryMiB: Math.round(memory / 1024 / 1024),
        pagesAfterMs: { p50: quantile(after, 0.5), worst: quantile(after, 1) },
        page,
      });
      expect(outcomes['503 BUSY']).toBeGreaterThan(CALLERS);
      expect(outcomes['201']).toBeGreaterThan(0);
      expect(Object.keys(outcomes).filter((outcome) => !['200', '201', '422', '503 BUSY'].includes(outcome))).toEqual([]);
      expect(memory).toBeLessThan(MEMORY);
    },
    patience(10),
  );
});

/** What people see who come when there is no room. */
async function busyPage({ address }: Serving): Promise<string> {
  const pages = await Promise.all(Array.from({ length: 200 }, () => fetch(`${address}/sign-in`, { headers: { accept: 'text/html' } })));
  const refused = pages.find(({ status }) => status === 503);
  for (const other of pages) if (other !== refused) await other.body?.cancel();
  if (!refused) return 'all were served';
  expect(refused.headers.get('retry-after')).toBe('2');
  expect(await refused.text()).toContain('The server has more to do than it can take.');
  return 'told to come again';
}
