import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../engine/index.js';
import { rowsBelow } from '../databases.js';
import { ann, type Found, Ledger, settleAfterwards } from './ledger.js';
import { account, inRounds, patience } from './long.js';
import { newPlace, type Place, sqlite, stores } from './place.js';
import { type DriverFault, type Programs, preparePrograms, startProgram } from './program.js';
import { freePort, prepareStore, serve } from './server.js';

let programs: Programs;
let worker: string;
beforeAll(async () => {
  programs = preparePrograms();
  worker = await programs.worker('migrationWorker');
});
afterAll(() => programs.drop());

async function fill(place: Place): Promise<Ledger> {
  const ledger = new Ledger();
  const engine = await createEngine(place.options);
  for (const made of await Promise.all(Array.from({ length: 100 }, (_, index) => engine.create({ process: 'job', data: { title: `${index}` }, actor: ann }))))
    ledger.took(made);
  await engine.close();
  return ledger;
}

const points: readonly (DriverFault & { readonly name: string })[] = [
  { name: 'before its first statement', sql: 'CREATE TABLE next_version', when: 'before', act: 'kill' },
  { name: 'when its statements were carried out', sql: 'CREATE TABLE next_version', when: 'after', act: 'kill' },
  { name: 'when it was marked as done', sql: 'INSERT INTO schema_migrations', when: 'after', act: 'kill' },
];

describe.each(stores)('a migration of the schema that is interrupted, on $name', (kind) => {
  it(
    'has not happened, wherever that was, and happens once when it is begun again',
    async () => {
      let [kills, found]: [number, Found | null] = [0, null];
      await inRounds(1, async () => {
        const place = await newPlace(kind);
        const ledger = await fill(place);
        for (const { name, ...fault } of points) {
          expect((await startProgram(worker, [place.databaseUrl], { place, faults: [fault] }).ended).signal, name).toBe('SIGKILL');
          found = await settleAfterwards(place, ledger);
        }
        const committed = startProgram(worker, [place.databaseUrl], { place, faults: [{ sql: '^COMMIT', when: 'after', act: 'kill' }] });
        expect(await committed.ended).toMatchObject({ signal: 'SIGKILL', out: '' });
        expect(await startProgram(worker, [place.databaseUrl], { place }).ended).toMatchObject({ code: 0, out: 'migrated 100\n' });
        await expect(createEngine(place.options)).rejects.toMatchObject({
          code: 'STORE_UNUSABLE',
          facts: { reason: expect.stringContaining('newer version') },
        });
        kills += points.length + 1;
      });
      account(`migration interrupted, ${kind.name}`, { kills, ...(found as Found | null) });
    },
    patience(8),
  );

  it(
    'leaves nothing that looks like an empty store when it was the first',
    async () => {
      const place = await newPlace(kind);
      const environment = { PORT: '0' };
      const faults = [{ sql: 'CREATE TABLE history', when: 'after', act: 'kill' }] as const;
      expect((await startProgram(programs.charter, ['start'], { place, environment, faults }).ended).signal).toBe('SIGKILL');
      if (kind === sqlite) expect(existsSync(join(place.dataDir, 'charter.sqlite'))).toBe(false);
      else
        expect(await rowsBelow(place.databaseUrl, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")).toEqual([
          { name: 'schema_migrations' },
        ]);
      const server = await serve(programs.charter, await freePort(), { place });
      await server.kill();
      await prepareStore(place);
      account(`first migration interrupted, ${kind.name}`, { kills: 2, ...(await settleAfterwards(place, new Ledger())) });
    },
    patience(5),
  );
});
