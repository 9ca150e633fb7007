import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, createEngine, createManualClock, monotonic, pause, systemClock } from '../../engine/index.js';
import { ann, firedTwice, Ledger, settleAccounts } from './ledger.js';
import { timedAnswers } from './load.js';
import { account, inRounds, isLong, patience, quantile } from './long.js';
import { newPlace, type Place, postgres, storesOfLongRuns } from './place.js';
import { type Programs, preparePrograms } from './program.js';
import { ask, freePort, prepareStore, type Serving, serve } from './server.js';

let programs: Programs;
beforeAll(() => void (programs = preparePrograms()));
afterAll(() => programs.drop());

/** Timers due at once. */
const TIMERS = isLong ? 100_000 : 5_000;
/** The same over several servers. */
const SHARED = isLong ? 100_000 : 4_000;
const SERVERS = 3;
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

/** As many timers as there are, due one `apart` milliseconds after the other from `due` on. */
async function brew(place: Place, timers: number, { due, apart, clock }: { due: number; apart: number; clock: Clock }): Promise<Ledger> {
  const ledger = new Ledger();
  const engine = await createEngine({ ...place.options, clock });
  const until = (index: number): string => new Date(due + ((index * 7919) % timers) * apart).toISOString();
  for (let made = 0; made < timers; made += 500) {
    const wave = Array.from({ length: Math.min(500, timers - made) }, (_, place) => made + place);
    const steps = wave.map((index) => engine.create({ process: 'wave', data: { title: `${index}`, until: until(index) }, actor: ann }));
    for (const step of await Promise.all(steps)) ledger.took(step);
  }
  await engine.close();
  return ledger;
}

interface Weathered {
  readonly took: number;
  /** Milliseconds that pages took meanwhile. */
  readonly pages: readonly number[];
  /** The most that a server took. */
  readonly memory: number;
  /** Timers that each server fired. */
  readonly fired: readonly number[];
}

/** Asks for pages, of each server in turn, until no timer is left. */
async function weather(servers: readonly Serving[]): Promise<Weathered> {
  const began = monotonic();
  const pages: number[] = [];
  let memory = 0;
  for (let left = 1; left > 0; ) {
    for (const { address } of servers) {
      pages.push(...(await timedAnswers(address, '/api/v1/records?process=wave&status=active&limit=20', 2)));
      memory = Math.max(memory, Number(/^process_resident_memory_bytes (\S+)/m.exec(await metricsOf(address))?.[1]));
      left = await openOnes(address);
    }
  }
  const took = monotonic() - began;
  const counted = await Promise.all(servers.map(({ address }) => metricsOf(address)));
  const fired = counted.map((metrics) =>
    [...metrics.matchAll(/^charter_steps_total\{[^}]*origin="timer"[^}]*\} (\d+)/gm)].reduce((sum, [, n]) => sum + Number(n), 0),
  );
  return { took, pages, memory, fired };
}

const metricsOf = async (address: string): Promise<string> => (await fetch(`${address}/metrics`)).text();

/** Everything that was to fire did, once. @returns what to tell of it, and in which order it was by its due instants */
async function settleStorm(place: Place, ledger: Ledger, timers: number) {
  const after = await createEngine({ ...place.options, publishFolders: false });
  const { history, ...found } = await settleAccounts(after, ledger).finally(() => after.close());
  const fired = history.filter((entry) => entry.event === 'after.due').sort((a, b) => a.recordedAt - b.recordedAt);
  expect(fired).toHaveLength(timers);
  expect(firedTwice(history)).toEqual([]);
  return { found, latest: disorder(fired.map((entry) => Date.parse(String(entry.data.dueAt)))) };
}

const told = (timers: number, { took, pages, memory, fired }: Weathered) => ({
  timers,
  perSecond: Math.round(timers / (took / 1000)),
  pages: pages.length,
  pageMs: { p50: quantile(pages, 0.5), p99: quantile(pages, 0.99), worst: quantile(pages, 1) },
  memoryMiB: Math.round(memory / 1024 / 1024),
  fired,
});

describe.each(storesOfLongRuns)('a storm of timers on $name', (kind) => {
  it(
    `fires ${TIMERS} that are due at once, each once and in the order they were due, while pages are answered`,
    async () => {
      await inRounds(1, async () => {
        const place = await newPlace(kind, stormProcesses);
        await prepareStore(place);
        const start = systemClock.now() - 86_400_000;
        const ledger = await brew(place, TIMERS, { due: start + 3_600_000, apart: 100, clock: createManualClock(start) });
        const server = await serve(programs.charter, await freePort(), { place });
        const weathered = await weather([server]);
        await server.kill();
        const { found, latest } = await settleStorm(place, ledger, TIMERS);
        expect(latest, 'places by which a timer came too late').toBeLessThan(64);
        account(`timer storm, ${kind.name}`, { ...told(TIMERS, weathered), ...found, latest });
        expect(weathered.memory).toBeLessThan(MEMORY);
      });
    },
    patience(isLong ? 600 : 20),
  );
});

describe('a storm of timers over three servers on one PostgreSQL', () => {
  it(
    `fires ${SHARED} that are due at once, each once, with each server taking its part, while all of them answer`,
    async () => {
      await inRounds(1, async () => {
        const place = await newPlace(postgres, stormProcesses);
        await prepareStore(place);
        const starting = Array.from({ length: SERVERS }, async (_, number) =>
          serve(programs.charter, await freePort(), { place: { ...place, dataDir: join(place.folder, `data-${number}`) } }),
        );
        const servers = await Promise.all(starting);
        // They stand ready before anything is due. Should the brewing take longer than it has, they begin to share it meanwhile.
        const due = systemClock.now() + 5_000 + SHARED * 2;
        const ledger = await brew(place, SHARED, { due, apart: 1 / SHARED, clock: systemClock });
        await pause(due - systemClock.now());
        const weathered = await weather(servers);
        for (const server of servers) await server.kill();
        const { found } = await settleStorm(place, ledger, SHARED);
        account('timer storm over three servers', { ...told(SHARED, weathered), ...found });
        expect(weathered.fired.reduce((sum, fired) => sum + fired, 0)).toBe(SHARED);
        // A third each would be even; one that has less of the processor has less.
        for (const fired of weathered.fired) expect(fired).toBeGreaterThan(SHARED / SERVERS / 10);
        expect(weathered.memory).toBeLessThan(MEMORY);
      });
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
