import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine, EngineError, pause } from '../../engine/index.js';
import { ann, firedTwice, Ledger, settleAccounts } from './ledger.js';
import { account, inRounds, patience } from './long.js';
import { newPlace, stores } from './place.js';
import { faultProcesses } from './processes.js';

const CALLERS = 16;
const EDITIONS = 6;

describe.each(stores)('definitions published in the middle of load on $name', (kind) => {
  it(
    'by a folder and by programs: every record stays on its version, no step is lost or refused without reason',
    async () => {
      const sum = { kills: 0, acknowledged: 0, found: 0, entries: 0, chains: 0, published: 0, versions: 0 };
      await inRounds(1, async () => {
        const place = await newPlace(kind);
        const ledger = new Ledger();
        const engine = await createEngine({ ...place.options, watch: true });
        engine.start();
        let over = false;
        const caller = async (): Promise<void> => {
          while (!over) {
            const made = await engine.create({ process: 'job', data: { title: 'under load' }, actor: ann });
            ledger.took(made);
            for (let step = 0; step < 4; step += 1) {
              await engine.send({ record: made.record.id, type: randomInt(2) === 0 ? 'START' : 'STOP', data: {}, actor: ann }).then(
                (taken) => ledger.took(taken),
                (error: unknown) => {
                  // The chart's own reason.
                  if (!(error instanceof EngineError) || error.code !== 'EVENT_NOT_ACCEPTED') throw error;
                },
              );
            }
          }
        };
        const callers = Promise.all(Array.from({ length: CALLERS }, caller));
        for (let edition = 1; edition <= EDITIONS; edition += 1) {
          const files = faultProcesses(edition).job ?? {};
          if (edition % 2 === 0) {
            writeFileSync(join(place.processesDir, 'job', 'statechart.json'), JSON.stringify(files['statechart.json']));
            const before = (await engine.versions('job', ann)).length;
            // The folder is watched; nobody has to say so.
            await expect.poll(async () => (await engine.versions('job', ann)).length, { timeout: 20_000 }).toBe(before + 1);
          } else {
            const texts = Object.fromEntries(Object.entries(files).map(([file, content]) => [file, JSON.stringify(content)]));
            await engine.publish({ process: 'job', files: texts, note: `Edition ${edition}`, actor: ann, source: 'api' });
          }
          await pause(50);
        }
        over = true;
        await callers;
        // What the last steps armed is due by then.
        await engine.stop();
        await pause(100);
        await engine.wake();
        const { history, ...found } = await settleAccounts(engine, ledger);
        const versions = new Map<string, string>();
        for (const { record, definition } of history) {
          if (!versions.has(record)) versions.set(record, definition);
          expect(definition, 'the version of a record').toBe(versions.get(record));
        }
        expect(firedTwice(history)).toEqual([]);
        for (const name of ['acknowledged', 'found', 'entries', 'chains'] as const) sum[name] += found[name];
        sum.published += EDITIONS;
        sum.versions += new Set(versions.values()).size;
        expect((await engine.parked()).timers).toEqual([]);
        await engine.close();
      });
      account(`published under load, ${kind.name}`, sum);
      expect(sum.versions).toBeGreaterThan(1);
    },
    patience(15),
  );
});
