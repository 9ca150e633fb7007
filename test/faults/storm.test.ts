import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, createManualClock, monotonic, systemClock } from '../../engine/index.js';
import { ann, firedTwice, Ledger, settleAccounts } from './ledger.js';
import { timedAnswers } from './load.js';
import { account, isLong, patience, quantile } from './long.js';
import { newPlace, storesOfLongRuns } from './place.js';
import { type Programs, preparePrograms } from './program.js';
import { ask, freePort, prepareStore, serve } from './server.js';

let programs: Programs;
beforeAll(() => void (programs = preparePrograms()));
afterAll(() => programs.drop());

/** Timers due at once. */
const TIMERS = isLong ? 100_000 : 5_000;
const MEMORY = 400 * 1024 * 1024;

const stormProcesses = {
  wave: {
    'statechart.json': {
      id: 'wave',
      initial: 'waiting',
      states: { waiting: { after: { due: 'done' } }, done: { type: 'final' } },
    },
    'rules.json': { delays: { due: { until: { var: 'record.until' } } } },
    'form.json': { type: 'object', properties: { title: { type: 'string' }, until: { type: 'string', format: 'date-time' } } },
    'process.json': { prefix: 'WAV', create: { form: ['title', 'until'] } },
  },
};

describe.each(storesOfLongRuns)('a storm of timers on $name', (kind) => {
  it(
    `fires ${TIMERS} that are due at once, each once and in the order they were due, while pages are answered`,
    async () => {
      const place = await newPlace(kind, stormProcesses);
      await prepareStore(place);
      const start = systemClock.now() - 86_400_000;
      const ledger = new Ledger();
      const engine = await createEngine({ ...place.options, clock: createManualClock(start) });
      for (let made = 0; made < TIMERS; made += 500) {
        const until = (index: number): string => new Date(start + 3_600_000 + ((index * 7919) % TIMERS) * 100).toISOString();
        const wave = Array.from({ length: Math.min(500, TIMERS - made) }, (_, place) => made + place);
        for (const step of await Promise.all(
          wave.map((index) => engine.create({ process: 'wave', data: { title: `${index}`, until: until(index) }, actor: ann })),
        ))
          ledger.took(step);
      }
      await engine.close();

      const began = monotonic();
      const server = await serve(programs.charter, await freePort(), { place });
      const pages: number[] = [];
      let [left, memory] = [TIMERS, 0];
      while (left > 0) {
        pages.push(...(await timedAnswers(server.address, '/api/v1/records?process=wave&status=active&limit=20', 2)));
        const metrics = await (await fetch(`${server.address}/metrics`)).text();
        memory = Math.max(memory, Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]));
        left = await openOnes(server.address);
      }
      const took = monotonic() - began;
      await server.kill();

      const after = await createEngine({ ...place.options, publishFolders: false });
      const { history, ...found } = await settleAccounts(after, ledger).finally(() => after.close());
      const fired = history.filter((entry) => entry.event === 'after.due').sort((a, b) => a.recordedAt - b.recordedAt);
      expect(fired).toHaveLength(TIMERS);
      expect(firedTwice(history)).toEqual([]);
      const latest = disorder(fired.map((entry) => Date.parse(String(entry.data.dueAt))));
      expect(latest, 'places by which a timer came too late').toBeLessThan(64);
      account(`timer storm, ${kind.name}`, {
        timers: TIMERS,
        ...found,
        latest,
        perSecond: Math.round(TIMERS / (took / 1000)),
        pages: pages.length,
        pageMs: { p50: quantile(pages, 0.5), p99: quantile(pages, 0.99), worst: quantile(pages, 1) },
        memoryMiB: Math.round(memory / 1024 / 1024),
      });
      expect(memory).toBeLessThan(MEMORY);
    },
    patience(isLong ? 600 : 20),
  );
});

async function openOnes(address: string): Promise<number> {
  const { body } = await ask(address, '/api/v1/records?process=wave&status=active&limit=1');
  return body.items.length;
}

/** The most by which a timer fired after one that was due later, in timers: those that share a commit start in order and end together. */
function disorder(dueInOrderOfFiring: readonly number[]): number {
  const rank = new Map([...dueInOrderOfFiring].sort((a, b) => a - b).map((due, index) => [due, index]));
  return Math.max(...dueInOrderOfFiring.map((due, index) => Math.abs((rank.get(due) ?? 0) - index)));
}
