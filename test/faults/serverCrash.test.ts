import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../../engine/index.js';
import { firedTwice, settleAfterwards } from './ledger.js';
import { startLoad } from './load.js';
import { account, inRounds, patience } from './long.js';
import { newPlace, storesOfLongRuns } from './place.js';
import { type Programs, preparePrograms } from './program.js';
import { freePort, prepareStore, serve } from './server.js';

let programs: Programs;
beforeAll(() => void (programs = preparePrograms()));
afterAll(() => programs.drop());

/** Kills on one store before a new one is begun, so that verifying stays quick. */
const KILLS_A_STORE = 2;

describe.each(storesOfLongRuns)('a server on $name that is killed in the middle of load', (kind) => {
  it(
    'loses nothing it acknowledged and does nothing twice for clients who ask again',
    async () => {
      const sum = { kills: 0, acknowledged: 0, found: 0, entries: 0, chains: 0, asked: 0 };
      await inRounds(1, async () => {
        const place = await newPlace(kind);
        await prepareStore(place);
        const port = await freePort();
        let server = await serve(programs.charter, port, { place });
        const load = await startLoad(server.address, 12);
        for (let kill = 0; kill < KILLS_A_STORE; kill += 1) {
          await pause(200 + randomInt(800));
          expect((await server.kill()).signal).toBe('SIGKILL');
          sum.kills += 1;
          server = await serve(programs.charter, port, { place });
        }
        await load.stop();
        expect(load.refused).toEqual([]);
        await server.kill();
        const found = await settleAfterwards(place, load.ledger, async (_, history) => expect(firedTwice(history)).toEqual([]));
        for (const name of ['acknowledged', 'found', 'entries', 'chains'] as const) sum[name] += found[name];
        sum.asked += load.ledger.sent.size;
      });
      account(`server killed, ${kind.name}`, sum);
      expect(sum.found).toBe(sum.acknowledged);
      expect(sum.acknowledged).toBeGreaterThan(sum.kills * 5);
    },
    patience(15),
  );
});
