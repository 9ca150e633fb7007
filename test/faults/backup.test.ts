import { randomInt } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, pause, systemClock } from '../../engine/index.js';
import { allEntries, firedTwice, Ledger, misdelivered, settleAccounts, settleAfterwards } from './ledger.js';
import { startLoad } from './load.js';
import { account, inRounds, patience } from './long.js';
import { newPlace, type Place, stores } from './place.js';
import { type Programs, preparePrograms, startProgram } from './program.js';
import { freePort, prepareStore, runCharter, serve } from './server.js';

let programs: Programs;
beforeAll(() => void (programs = preparePrograms()));
afterAll(() => programs.drop());

const NEIGHBOURS = 2;

describe.each(stores)('a backup of $name under load', (kind) => {
  it(
    'holds all that was acknowledged before, at another place, whole or to an instant; one that is killed leaves the server alone',
    async () => {
      const sum = { kills: 0, acknowledged: 0, found: 0, entries: 0, chains: 0, cutEntries: 0, redelivered: 0 };
      await inRounds(1, async () => {
        const place = await newPlace(kind);
        await prepareStore(place);
        const server = await serve(programs.charter, await freePort(), { place });
        const load = await startLoad(server.address, 8);
        await pause(800);
        await killedBackup(place);
        sum.kills += 1;
        const instant = systemClock.now();
        await pause(500);
        const before = load.ledger.steps.length;
        const file = join(place.folder, 'backup.tar.gz');
        expect(await runCharter(programs.charter, ['backup', file], { place })).toMatchObject({ code: 0, error: '' });
        await load.stop();
        expect(load.refused).toEqual([]);
        await server.kill();
        sum.kills += 1;

        const { history: all, ...original } = await whole(place, load.ledger);
        for (const name of ['acknowledged', 'found', 'entries', 'chains'] as const) sum[name] += original[name];
        const copy = await place.elsewhere();
        expect(await runCharter(programs.charter, ['restore', file], { place: copy })).toMatchObject({ code: 0 });
        await settleAfterwards(
          copy,
          ledgerOf(load.ledger, (_, index) => index < before),
        );

        const cut = await place.elsewhere();
        const at = new Date(instant).toISOString();
        const restored = await runCharter(programs.charter, ['restore', file, '--at', at, '--json'], { place: cut });
        expect(restored).toMatchObject({ code: 0 });
        expect(JSON.parse(restored.out)).toMatchObject({ problems: [], cut: { at: instant, keptWhole: [] } });
        const ledger = ledgerOf(load.ledger, (step) => (step.at ?? 0) <= instant);
        await settleAfterwards(cut, ledger, async (engine, history) => {
          const hashes = new Map(all.map((entry) => [`${entry.record} ${entry.sequence}`, entry.hash]));
          expect(history.filter((entry) => entry.recordedAt > instant || hashes.get(`${entry.record} ${entry.sequence}`) !== entry.hash)).toEqual([]);
          sum.cutEntries += all.length - history.length;
          sum.redelivered += (await engine.wake()).effects;
          const after = await allEntries(engine);
          expect([firedTwice(after), misdelivered(after, NEIGHBOURS)]).toEqual([[], []]);
          await settleAccounts(engine, ledger);
        });
      });
      account(`backup and restore, ${kind.name}`, sum);
      expect(sum.found).toBe(sum.acknowledged);
      expect(sum.cutEntries).toBeGreaterThan(0);
    },
    patience(20),
  );
});

async function whole(place: Place, ledger: Ledger) {
  const engine = await createEngine({ ...place.options, publishFolders: false });
  try {
    return await settleAccounts(engine, ledger);
  } finally {
    await engine.close();
  }
}

/** The steps of a ledger that a copy must have. Texts that were sent later may be there or not. */
function ledgerOf({ steps, sent }: Ledger, isIn: (step: Ledger['steps'][number], index: number) => boolean): Ledger {
  const ledger = new Ledger();
  for (const [index, step] of steps.entries()) if (isIn(step, index)) ledger.note(step);
  for (const token of sent) ledger.sent.add(token);
  return ledger;
}

/** Killed anywhere: no file under the name that was asked for, and the next one is made all the same. */
async function killedBackup(place: Place): Promise<void> {
  const file = join(place.folder, 'killed.tar.gz');
  const started = startProgram(programs.charter, ['backup', file], { place });
  await pause(randomInt(300, 900));
  const { signal } = await started.kill();
  if (signal === 'SIGKILL') expect(existsSync(file)).toBe(false);
  expect(readdirSync(place.folder)).toContain('data');
}
