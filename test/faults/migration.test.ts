import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../engine/index.js';
import { ann, type Found, Ledger, settleAfterwards } from './ledger.js';
import { account, patience } from './long.js';
import { newPlace, type Place, sqlite } from './place.js';
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

describe('a migration of the schema that is interrupted', () => {
  it(
    'has not happened, wherever that was, and happens once when it is begun again',
    async () => {
      const place = await newPlace(sqlite);
      const ledger = await fill(place);
      let found: Found | null = null;
      for (const { name, ...fault } of points) {
        expect((await startProgram(worker, [place.databaseUrl], { place, faults: [fault] }).ended).signal, name).toBe('SIGKILL');
        found = await settleAfterwards(place, ledger);
      }
      const committed = startProgram(worker, [place.databaseUrl], { place, faults: [{ sql: '^COMMIT', when: 'after', act: 'kill' }] });
      expect(await committed.ended).toMatchObject({ signal: 'SIGKILL', out: '' });
      expect(await startProgram(worker, [place.databaseUrl], { place }).ended).toMatchObject({ code: 0, out: 'migrated 100\n' });
      await expect(createEngine(place.options)).rejects.toMatchObject({ code: 'STORE_UNUSABLE', facts: { reason: expect.stringContaining('newer version') } });
      account('migration interrupted', { kills: points.length + 1, ...found });
    },
    patience(8),
  );

  it(
    'leaves nothing that looks like an empty store when it was the first',
    async () => {
      const place = await newPlace(sqlite);
      const environment = { PORT: '0' };
      const faults = [{ sql: 'CREATE TABLE history', when: 'after', act: 'kill' }] as const;
      expect((await startProgram(programs.charter, ['start'], { place, environment, faults }).ended).signal).toBe('SIGKILL');
      expect(existsSync(join(place.dataDir, 'charter.sqlite'))).toBe(false);
      const server = await serve(programs.charter, await freePort(), { place });
      await server.kill();
      await prepareStore(place);
      account('first migration interrupted', { kills: 2, ...(await settleAfterwards(place, new Ledger())) });
    },
    patience(5),
  );
});
