import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerifyReport } from '../../../engine/engine.js';
import { pause } from '../../../engine/index.js';
import { incidentWorld, type World } from './world.js';

let world: World;

describe('an untouched store', () => {
  beforeAll(async () => {
    world = await incidentWorld();
  });
  afterAll(() => world.close());

  it('verifies, and the report counts what there is', async () => {
    await world.engine.checkpoint();
    const { records, entries } = await world.engine.kept();
    const told: (readonly [number, number])[] = [];
    const report = await world.engine.verify({ onProgress: (done, total) => told.push([done, total]) });
    expect(report).toEqual({ entries, records, checkpoints: 1, erased: 0, warnings: [], problems: [] });
    expect(told.at(-1)).toEqual([entries, entries]);
    expect(entries).toBeGreaterThan(15);
  });

  it('holds timers, clock thresholds, comments, a file, a link and an approval, so that all of them were checked', async () => {
    const events = new Set((await world.engine.entries({ limit: 200 }, world.people.vera)).items.map(({ event }) => event.replace(/^clock\.\w+\./, 'clock.')));
    for (const event of ['record.created', 'clock.warning', 'clock.breached', 'record.comment', 'record.attachment', 'record.link', 'SUBMIT', 'APPROVE'])
      expect([...events]).toContain(event);
  });

  it('verifies one record on its own', async () => {
    const report = await world.engine.verify({ record: world.ids.mail });
    expect(report).toMatchObject({ records: 1, entries: await world.version(world.ids.mail), problems: [] });
    expect((await world.engine.verify({ record: '01900000-0000-7000-8000-000000000000' })).problems).toMatchObject([
      { kind: 'missing', message: 'There is no such record.' },
    ]);
  });

  it('gives no false alarm while people work on it', async () => {
    const { engine, people, ids } = world;
    let working = true;
    let steps = 0;
    const work = async (): Promise<void> => {
      while (working) {
        await Promise.all([
          engine.comment({ record: ids.mail, actor: people.ada, text: `Note ${steps}` }),
          engine.comment({ record: ids.printer, actor: people.ada, text: `Note ${steps}` }),
          engine.create({ process: 'incident', data: { summary: `Trouble ${steps}`, caller: 'Floor walk', impact: 'low', urgency: 'low' }, actor: people.ada }),
          // Old instants give ids that come before those already walked.
          engine.create({
            process: 'incident',
            data: { summary: `Old trouble ${steps}`, caller: 'Floor walk', impact: 'low', urgency: 'low' },
            actor: people.ada,
            at: Date.UTC(2020, 0, 1) + steps,
          }),
          ...(steps === 3 ? [engine.erase({ record: ids.printer, actor: people.root, fields: ['caller'], reason: 'asked for' })] : []),
          ...(steps === 5 ? [engine.checkpoint()] : []),
        ]);
        steps += 1;
        // Without it the store would grow faster than it can be verified.
        await pause(25);
      }
    };
    const worked = work();
    worked.catch(() => undefined);
    const reports: VerifyReport[] = [];
    // However slow the machine: until everything above was done meanwhile.
    while (reports.length < 6 || steps <= 6) reports.push(await engine.verify());
    working = false;
    await worked;
    expect(reports.flatMap(({ problems }) => problems)).toEqual([]);
    const { records, entries } = await engine.kept();
    expect(await engine.verify()).toMatchObject({ records, entries, problems: [] });
  });
});
