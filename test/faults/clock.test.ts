import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, createEngine, type HistoryView, type RunningEngine } from '../../engine/index.js';
import { ann, firedTwice, Ledger, settleAccounts, settleAfterwards } from './ledger.js';
import { account, inRounds, patience } from './long.js';
import { newPlace, postgres, stores, storesOfLongRuns } from './place.js';
import { type Programs, preparePrograms, startProgram } from './program.js';
import { timeProcesses } from './timeProcesses.js';
import { WINTER } from './zonesWorker.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let programs: Programs;
let worker: string;
beforeAll(async () => {
  programs = preparePrograms();
  worker = await programs.worker('zonesWorker');
});
afterAll(() => programs.drop());

/** Each local day's occurrence of a daily schedule, after `from` and up to `to`, reckoned apart from Charter. */
function daily(zone: string, [hour, minute]: readonly [number, number], [from, to]: readonly [number, number]): readonly number[] {
  const found: number[] = [];
  for (let day = DateTime.fromMillis(from, { zone }).startOf('day'); day.toMillis() <= to; day = day.plus({ days: 1 })) {
    // A time that is skipped comes when the clocks have gone forward: at the next full hour.
    const wanted = day.set({ hour, minute });
    const at = wanted.hour === hour && wanted.minute === minute ? wanted.toMillis() : day.set({ hour: hour + 1, minute: 0 }).toMillis();
    if (at > from && at <= to) found.push(at);
  }
  return found;
}

const served = (history: readonly HistoryView[], title: string): readonly number[] =>
  history
    .filter((entry) => entry.origin === 'schedule' && entry.data.title === title)
    .map((entry) => entry.at)
    .sort((a, b) => a - b);

const early = (history: readonly HistoryView[]): readonly unknown[] =>
  history.filter((entry) => entry.origin === 'timer' && entry.recordedAt < Date.parse(String(entry.data.dueAt)));

describe.each(stores)('a clock that jumps, over $name', (kind) => {
  it(
    'fires each timer once and never early, and serves each occurrence of a schedule once',
    async () => {
      const sum = { kills: 0, acknowledged: 0, found: 0, entries: 0, chains: 0, jumps: 0, back: 0, timers: 0, occurrences: 0 };
      await inRounds(1, async () => {
        const place = await newPlace(kind, timeProcesses);
        const ledger = new Ledger();
        // A week before the clocks of America change, three before those of Europe do.
        const start = Date.parse('2027-03-07T00:00:00Z');
        let [now, latest] = [start, start];
        const clock: Clock = { kind: 'system', now: () => now };
        const engine = await createEngine({ ...place.options, clock });
        await engine.wake();
        for (let jump = 0; jump < 60; jump += 1) {
          const until = new Date(now + randomInt(1, 72) * HOUR).toISOString();
          ledger.took(await engine.create({ process: 'waiter', data: { title: `${jump}`, until }, actor: ann }));
          const back = randomInt(3) === 0;
          now += back ? -randomInt(1, 20 * 60) * MINUTE : randomInt(1, 40 * 60) * MINUTE;
          latest = Math.max(latest, now);
          sum.jumps += 1;
          sum.back += back ? 1 : 0;
          await engine.wake();
        }
        now = latest = latest + 6 * DAY;
        await engine.wake();
        const { history, ...found } = await settleAccounts(engine, ledger);
        expect(early(history)).toEqual([]);
        expect(firedTwice(history)).toEqual([]);
        expect((await engine.list({ processes: ['waiter'], status: 'active', limit: 10 }, ann)).items, 'timers that did not fire').toEqual([]);
        const range = [start, latest] as const;
        expect(served(history, 'berlin')).toEqual(daily('Europe/Berlin', [2, 30], range));
        expect(served(history, 'newYork')).toEqual(daily('America/New_York', [1, 30], range));
        for (const name of ['acknowledged', 'found', 'entries', 'chains'] as const) sum[name] += found[name];
        sum.timers += history.filter((entry) => entry.origin === 'timer').length;
        sum.occurrences += history.filter((entry) => entry.origin === 'schedule').length;
        await engine.close();
      });
      account(`clock jumps, ${kind.name}`, sum);
    },
    patience(8),
  );
});

describe('the clocks of two servers that jump apart, on one PostgreSQL', () => {
  it(
    'fire each timer once and never early by the clock of who fires it, and serve each occurrence of a schedule once',
    async () => {
      const sum = { kills: 0, acknowledged: 0, found: 0, entries: 0, chains: 0, jumps: 0, apartHours: 0, timers: 0, occurrences: 0 };
      await inRounds(1, async () => {
        const place = await newPlace(postgres, timeProcesses);
        const ledger = new Ledger();
        const start = Date.parse('2027-03-07T00:00:00Z');
        const nows = [start, start];
        let latest = start;
        const engines = await inTurn(nows, (_, which) =>
          createEngine({ ...place.options, dataDir: join(place.folder, `data-${which}`), clock: { kind: 'system', now: () => nows[which] ?? start } }),
        );
        const [one, other] = engines as [RunningEngine, RunningEngine];
        // Schedules begin with the first look, and not while a clock is ahead.
        await one.wake();
        for (let jump = 0; jump < 40; jump += 1) {
          const which = randomInt(2);
          const now = nows[which] ?? start;
          nows[which] = now + (randomInt(3) === 0 ? -randomInt(1, 20 * 60) : randomInt(1, 40 * 60)) * MINUTE;
          latest = Math.max(latest, ...nows);
          sum.jumps += 1;
          sum.apartHours = Math.max(sum.apartHours, Math.round(Math.abs((nows[0] ?? 0) - (nows[1] ?? 0)) / HOUR));
          const until = new Date((nows[1 - which] ?? start) + randomInt(1, 72) * HOUR).toISOString();
          const sender = engines[randomInt(2)] ?? one;
          const made = sender.create({ process: 'waiter', data: { title: `${jump}`, until }, actor: ann });
          await Promise.all([made.then((step) => ledger.took(step)), one.wake(), other.wake()]);
        }
        latest += 6 * DAY;
        nows.fill(latest);
        await Promise.all([one.wake(), other.wake()]);
        await one.wake();
        const { history, ...found } = await settleAccounts(one, ledger);
        expect(early(history)).toEqual([]);
        expect(firedTwice(history)).toEqual([]);
        expect((await one.list({ processes: ['waiter'], status: 'active', limit: 10 }, ann)).items, 'timers that did not fire').toEqual([]);
        expect(served(history, 'berlin')).toEqual(daily('Europe/Berlin', [2, 30], [start, latest]));
        expect(served(history, 'newYork')).toEqual(daily('America/New_York', [1, 30], [start, latest]));
        for (const name of ['acknowledged', 'found', 'entries', 'chains'] as const) sum[name] += found[name];
        sum.timers += history.filter((entry) => entry.origin === 'timer').length;
        sum.occurrences += history.filter((entry) => entry.origin === 'schedule').length;
        await Promise.all(engines.map((engine) => engine.close()));
      });
      account('clocks of two servers', sum);
    },
    patience(8),
  );
});

async function inTurn<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (const [index, item] of items.entries()) done.push(await work(item, index));
  return done;
}

describe.each(storesOfLongRuns)('a machine in any time zone, over $name', (kind) => {
  it(
    'lives through new year, a leap day and the change of the clocks alike, and verifies in any other',
    async () => {
      const zones = ['Pacific/Auckland', 'America/St_Johns'];
      const lives: (readonly string[])[] = [];
      const sum = { kills: 0, acknowledged: 0, found: 0, entries: 0, chains: 0, zones: zones.length };
      for (const zone of zones) {
        const place = await newPlace(kind, timeProcesses);
        const { code, out, error } = await startProgram(worker, [JSON.stringify(place.options)], { place, environment: { TZ: zone } }).ended;
        expect([code, error]).toEqual([0, '']);
        lives.push(JSON.parse(out) as string[]);
        const found = await settleAfterwards(place, new Ledger(), async (_, history) => {
          const range = [WINTER.from, WINTER.to] as const;
          expect(served(history, 'berlin')).toEqual(daily('Europe/Berlin', [2, 30], range));
          expect(served(history, 'newYork')).toEqual(daily('America/New_York', [1, 30], range));
          expect(served(history, 'leap')).toEqual([Date.parse('2028-02-29T12:00:00Z')]);
          expect(served(history, 'newYear')).toEqual([Date.parse('2027-12-31T11:00:00Z')]);
          const ends = history.filter(({ event }) => event === 'after.at').map(({ at }) => new Date(at).toISOString());
          expect(ends.sort()).toEqual(['2028-02-29T23:59:59.000Z', '2028-03-26T01:30:00.000Z']);
        });
        for (const name of ['acknowledged', 'found', 'entries', 'chains'] as const) sum[name] += found[name];
      }
      for (const life of lives) expect(life).toEqual(lives[0]);
      account(`time zones, ${kind.name}`, sum);
    },
    patience(8),
  );
});
