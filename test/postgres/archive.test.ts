import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { schemaLock } from '../../engine/store/postgres/partitions.js';
import { archiveCommand } from '../../server/cli/commands/archive.js';
import { exportCommand } from '../../server/cli/commands/export.js';
import { verifyCommand } from '../../server/cli/commands/verify.js';
import { below, newDatabase, onPostgres, rowsBelow } from '../databases.js';
import { agent, type Installation, installation } from '../server/cli/run.js';

let place: Installation;
let url: string;
/** Ids of records born in January, February and March 2026, in this order. */
let born: string[];
beforeEach(async () => {
  const { url: made, drop } = await newDatabase('');
  onTestFinished(drop);
  url = made;
  place = installation(undefined, { DATABASE_URL: url });
  born = [];
  for (const month of ['2026-01', '2026-02', '2026-03']) {
    place.clock.set(Date.parse(`${month}-10T09:00:00Z`));
    await place.serve(async (engine) => {
      born.push((await engine.create({ process: 'ticket', data: { summary: `Born in ${month}` }, actor: agent })).record.id);
    });
  }
});

const archive = (...argv: string[]) => place.run(archiveCommand, ...argv, '--json');
const whereAre = async (): Promise<Record<string, string>> => {
  const { json } = await archive('--list');
  return Object.fromEntries(
    json.months.map(({ month, archived, entries }: { month: string; archived: boolean; entries: number }) => [
      month,
      `${archived ? 'archive' : 'in use'} ${entries}`,
    ]),
  );
};
const note = (record: string): Promise<unknown> => place.serve((engine) => engine.send({ record, type: 'NOTE', data: { cost: 5 }, actor: agent }));

describe('charter archive', () => {
  it('moves the months before the one that is named, and says where each is', async () => {
    expect(await whereAre()).toEqual({ '2026-01': 'in use 1', '2026-02': 'in use 1', '2026-03': 'in use 1', rest: 'in use 0' });
    const first = await archive('--before', '2026-03');
    expect([first.code, first.json.moved]).toEqual([0, ['2026-01', '2026-02']]);
    expect(await whereAre()).toEqual({ '2026-01': 'archive 1', '2026-02': 'archive 1', '2026-03': 'in use 1', rest: 'in use 0' });
    expect((await archive('--before', '2026-03')).json.moved).toEqual([]);
  });

  it('leaves everything to be found, verified and exported as before', async () => {
    await place.serve((engine) => engine.checkpoint());
    const look = () =>
      place.serve(async (engine) => ({
        histories: await Promise.all(born.map((record) => engine.history(record, agent, { limit: 10 }))),
        entries: await engine.entries({ limit: 10 }, { id: 'iris', roles: ['auditor'], teams: [] }),
      }));
    const [before, exported] = [await look(), (await place.run(verifyCommand, '--json')).json];
    await archive('--before', '2026-03');
    expect(await look()).toEqual(before);
    expect((await place.run(verifyCommand, '--json')).json).toEqual(exported);
    expect(exported).toMatchObject({ entries: 3, records: 3, checkpoints: 1, problems: [] });
    expect((await place.run(exportCommand, '--out', `${place.folder}/all.jsonl`, '--json')).json).toMatchObject({ records: 3, entries: 3 });
  });

  it('lets work on an archived record go on, and brings both parts of its history together again', async () => {
    const [january = ''] = born;
    await archive('--before', '2026-02');
    await note(january);
    expect(await whereAre()).toMatchObject({ '2026-01': 'archive 1', rest: 'in use 1' });
    expect((await place.run(verifyCommand, '--json')).json).toMatchObject({ entries: 4, problems: [] });
    expect((await archive('--back', '2026-01')).json.moved).toEqual(['2026-01']);
    expect(await whereAre()).toMatchObject({ '2026-01': 'in use 2', rest: 'in use 0' });
    await note(january);
    expect(await whereAre()).toMatchObject({ '2026-01': 'in use 3', rest: 'in use 0' });
    expect((await place.run(verifyCommand, '--json')).json).toMatchObject({ entries: 5, problems: [] });
    expect((await archive('--before', '2026-02')).json.moved).toEqual(['2026-01']);
  });

  it('may run while records are worked on; no step is lost or refused', async () => {
    const [january = '', , march = ''] = born;
    await place.serve(async (engine) => {
      let going = true;
      let taken = 0;
      const working = (async () => {
        for (; going; taken += 1) await engine.send({ record: taken % 2 ? january : march, type: 'NOTE', data: { cost: taken }, actor: agent });
      })();
      const codes: number[] = [];
      for (let round = 0; round < 3; round += 1)
        for (const move of [
          ['--before', '2026-03'],
          ['--back', '2026-01'],
          ['--back', '2026-02'],
        ])
          codes.push((await archive(...move)).code);
      going = false;
      await working;
      expect(codes).toEqual(Array(9).fill(0));
      expect(taken).toBeGreaterThan(0);
      expect(await engine.verify()).toMatchObject({ entries: 3 + taken, problems: [] });
    });
  });

  it('goes on where a run broke off in the middle of a month', async () => {
    await below(url, "ALTER TABLE history_entries_2026_01 ADD CONSTRAINT history_entries_2026_01_ids CHECK (record >= '0') NOT VALID");
    expect((await archive('--before', '2026-02')).json.moved).toEqual(['2026-01']);
  });

  it('gives way to whoever holds the tables, and then takes its turn', async () => {
    await onPostgres(url, async (client) => {
      await client.query('BEGIN; SELECT count(*) FROM history_entries');
      const running = archive('--before', '2026-02');
      await client.query('SELECT pg_sleep(1)');
      expect(await rowsBelow(url, "SELECT 1 FROM pg_inherits WHERE inhparent = to_regclass('history_archive')")).toEqual([]);
      await client.query('COMMIT');
      expect((await running).json.moved).toEqual(['2026-01']);
    });
  });

  it('puts archived months where they are told to be, with their indexes', async () => {
    const name = `slow_${url.slice(-12)}`;
    await onPostgres(url, async (client) => {
      await client.query('SET allow_in_place_tablespaces = true');
      await client.query(`CREATE TABLESPACE ${name} LOCATION ''`);
    });
    const { json } = await archive('--before', '2026-02', '--tablespace', name);
    expect(json.moved).toEqual(['2026-01']);
    expect(json.months[0]).toMatchObject({ month: '2026-01', archived: true, tablespace: name });
    const moved = `SELECT c.relname FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE t.spcname = '${name}' AND relname LIKE 'history%'`;
    expect((await rowsBelow(url, moved)).length).toBe(2 + 3 + 1);
    expect((await place.run(verifyCommand, '--json')).json).toMatchObject({ entries: 3, problems: [] });
    expect((await archive('--before', '2026-02', '--tablespace', 'nowhere')).error?.facts.reason).toMatch(/no tablespace nowhere/);
  });

  it('holds up nobody but who reads that month while its files are moved', async () => {
    const [january = '', , march = ''] = born;
    await archive('--before', '2026-02');
    await place.serve(async (engine) => {
      const work = async (): Promise<void> => {
        // Often enough for plans to be kept.
        for (let round = 0; round < 8; round += 1) {
          await engine.send({ record: march, type: 'NOTE', data: { cost: round }, actor: agent });
          expect((await engine.history(march, agent, { limit: 5 })).items.length).toBeGreaterThan(0);
        }
      };
      await work();
      await onPostgres(url, async (client) => {
        await client.query('BEGIN; LOCK TABLE history_entries_2026_01, history_contents_2026_01 IN ACCESS EXCLUSIVE MODE');
        await work();
        const reading = engine.history(january, agent, { limit: 5 });
        await client.query('COMMIT');
        expect((await reading).items.length).toBe(1);
      });
    });
  });

  it('does not wait for who makes partitions or the schema to move files, nor do steps where the month has its partition', async () => {
    const name = `other_${url.slice(-12)}`;
    await onPostgres(url, async (client) => {
      await client.query('SET allow_in_place_tablespaces = true');
      await client.query(`CREATE TABLESPACE ${name} LOCATION ''`);
    });
    await archive('--before', '2026-02');
    await onPostgres(url, async (client) => {
      await client.query(`SELECT pg_advisory_lock(${schemaLock})`);
      expect((await archive('--before', '2026-02', '--tablespace', name)).json.months[0]).toMatchObject({ month: '2026-01', tablespace: name });
      await place.serve((engine) => engine.create({ process: 'ticket', data: { summary: 'Another of March' }, actor: agent }));
    });
    expect(await whereAre()).toMatchObject({ '2026-03': 'in use 2' });
  });

  it('refuses what is no month, has not ended, is not there, or is no PostgreSQL', async () => {
    const refused = async (...argv: string[]) => (await archive(...argv)).error?.facts.reason;
    expect(await refused('--before', 'May')).toMatch(/must be a month/);
    expect(await refused('--before', '2026-04')).toMatch(/not be after this month/);
    expect(await refused('--back', '2026-01')).toMatch(/not in the archive/);
    const other = place.elsewhere();
    await other.serve(async () => undefined);
    expect((await other.run(archiveCommand, '--list')).error?.facts.reason).toMatch(/only PostgreSQL has an archive/);
  });
});

describe('what is in the archive', () => {
  it('refuses to be changed, removed or emptied; values change by erasure only', async () => {
    await archive('--before', '2026-03');
    for (const table of ['history_archive', 'history_entries_2026_01']) {
      await expect(below(url, `UPDATE ${table} SET actor = 'eve'`)).rejects.toThrow('append-only');
      await expect(below(url, `DELETE FROM ${table}`)).rejects.toThrow('append-only');
      await expect(below(url, `TRUNCATE ${table}`)).rejects.toThrow('append-only');
    }
    for (const table of ['history_contents_archive', 'history_contents_2026_01']) {
      await expect(below(url, `UPDATE ${table} SET content = '{}'`)).rejects.toThrow('by erasure only');
      await expect(below(url, `DELETE FROM ${table}`)).rejects.toThrow('by erasure only');
      await expect(below(url, `TRUNCATE ${table}`)).rejects.toThrow('append-only');
    }
  });

  it('is protected again after it came back, and so is the rest', async () => {
    await archive('--before', '2026-02');
    await note(born[0] ?? '');
    await archive('--back', '2026-01');
    await note(born[1] ?? '');
    for (const table of ['history_entries', 'history_entries_2026_01', 'history_entries_rest'])
      await expect(below(url, `TRUNCATE ${table}`)).rejects.toThrow('append-only');
    await expect(below(url, 'DELETE FROM history_entries_2026_01')).rejects.toThrow('append-only');
    await archive('--before', '2026-03');
    await note(born[1] ?? '');
    await expect(below(url, 'DELETE FROM history_entries_rest')).rejects.toThrow('append-only');
    await expect(below(url, "UPDATE history_contents_rest SET content = '{}'")).rejects.toThrow('by erasure only');
  });

  it('is erased where erasure is asked for', async () => {
    await archive('--before', '2026-03');
    const [january = ''] = born;
    const contents = (): Promise<{ content: string }[]> => rowsBelow(url, 'SELECT content FROM history_contents_2026_01');
    expect((await contents())[0]?.content).toContain('Born in 2026-01');
    await place.serve((engine) =>
      engine.erase({ record: january, fields: ['summary'], reason: 'asked for', actor: { id: 'system', roles: ['administrator'], teams: [] } }),
    );
    expect((await contents())[0]?.content).not.toContain('Born in 2026-01');
    expect((await place.run(verifyCommand, '--json')).json.problems).toEqual([]);
  });
});
