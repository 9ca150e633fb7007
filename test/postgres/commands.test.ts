import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createEngine } from '../../engine/index.js';
import { backupCommand } from '../../server/cli/commands/backup.js';
import { copyCommand } from '../../server/cli/commands/copy.js';
import { doctorCommand } from '../../server/cli/commands/doctor.js';
import { exportCommand } from '../../server/cli/commands/export.js';
import { migrateCommand } from '../../server/cli/commands/migrate.js';
import { restoreCommand } from '../../server/cli/commands/restore.js';
import { tokenCommand } from '../../server/cli/commands/token.js';
import { userCommand } from '../../server/cli/commands/user.js';
import { verifyCommand } from '../../server/cli/commands/verify.js';
import { wholeOrNothing } from '../../server/demo/wholeOrNothing.js';
import { openThrowAway } from '../../server/import/throwAway.js';
import { below, newDatabase, rowsBelow } from '../databases.js';
import { agent, type Installation, installation } from '../server/cli/run.js';

async function database(): Promise<string> {
  const { url, drop } = await newDatabase('');
  onTestFinished(drop);
  return url;
}

let place: Installation;
let url: string;
beforeEach(async () => {
  url = await database();
  place = installation(undefined, { DATABASE_URL: url });
});

const bytes = Uint8Array.from({ length: 5_000 }, (_none, at) => (at * 7) % 256);

/** Two records, one with an attachment, sealed by a checkpoint. */
const fill = (): Promise<string> =>
  place.serve(async (engine) => {
    const { record } = await engine.create({ process: 'ticket', data: { summary: 'Kept' }, actor: agent });
    await engine.create({ process: 'ticket', data: { summary: 'Also kept' }, actor: agent });
    await engine.attach({ record: record.id, actor: agent, name: 'proof.bin', type: 'application/octet-stream', content: bytes });
    await engine.checkpoint();
    return record.id;
  });

describe('charter copy', () => {
  it('brings a store from PostgreSQL into a file and from there into another PostgreSQL, and shows that all are the same', async () => {
    await fill();
    const file = `sqlite:${join(place.folder, 'copy.sqlite')}`;
    const there = await place.run(copyCommand, '--to', file, '--json');
    expect([there.code, there.json]).toMatchObject([0, { equal: true, attachments: 1, rows: { records: 2, history: 3, users: 1 } }]);
    expect(there.json.source).toEqual(there.json.target);
    expect(there.json.source).toMatchObject({ records: 2, entries: 3, checkpoints: 1, problems: [] });
    const back = await place.run(copyCommand, '--from', file, '--to', await database());
    expect(back.code).toBe(0);
    expect(back.out).toMatch(/ 2 records\n/);
    expect(back.out).toMatch(/1 attachments are files under DATA_DIR and stay where they are/);
    expect(back.out).toMatch(/Both are the same\.$/);
  });

  it('takes addresses from files, and never repeats a password', async () => {
    await fill();
    const target = await database();
    const secret = target.replace('charter@', 'charter:hunter2@');
    writeFileSync(join(place.folder, 'address'), `${secret}\n`);
    const { code, out } = await place.run(copyCommand, '--to-file', join(place.folder, 'address'));
    expect(code).toBe(0);
    const again = await place.run(copyCommand, '--to', secret);
    const same = await place.run(copyCommand, '--from', secret, '--to', secret);
    const refused = await place.run(copyCommand, '--to', 'mysql://charter:hunter2@127.0.0.1/charter');
    expect([again, same, refused].map(({ error }) => error?.facts.reason)).toEqual([
      expect.stringMatching(/already holds something/),
      expect.stringMatching(/is the database that is to be copied/),
      expect.stringMatching(/must begin with sqlite: or postgres/),
    ]);
    expect(
      JSON.stringify([out, again, same, refused].map((one) => (typeof one === 'string' ? one : [one.out, one.error?.message, one.error?.facts]))),
    ).not.toContain('hunter2');
  });

  it('exits 1 and says so when the original was damaged', async () => {
    const id = await fill();
    await below(url, `ALTER TABLE history_entries DISABLE TRIGGER USER; UPDATE history_entries SET actor = 'eve' WHERE record = '${id}' AND sequence = 1`);
    const { code, json } = await place.run(copyCommand, '--to', await database(), '--json');
    expect([code, json.equal]).toEqual([1, false]);
    expect(json.source.problems.length).toBeGreaterThan(0);
    expect(json.target.problems).toEqual(json.source.problems);
  });

  it('needs a target and a source that is there, and makes nothing of its own', async () => {
    expect((await place.run(copyCommand)).error?.facts).toMatchObject({ variable: '--to' });
    const empty = await database();
    const { code, error } = await place.run(copyCommand, '--from', empty, '--to', url);
    expect([code, error?.code]).toEqual([1, 'STORE_UNUSABLE']);
    expect(await rowsBelow(empty, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });
});

describe('commands on PostgreSQL', () => {
  it('that look at a store make none', async () => {
    for (const command of [verifyCommand, exportCommand, doctorCommand]) {
      const { code, error } = await place.run(command);
      expect(code).toBe(1);
      if (command !== doctorCommand) expect(error?.facts.reason).toMatch(/Nothing of Charter is there yet/);
    }
    expect(await rowsBelow(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  it('find everything well, let people in, verify and export', async () => {
    await fill();
    expect((await place.run(userCommand, 'zoe', '--role', 'agent')).code).toBe(0);
    expect((await place.run(tokenCommand, '--user', 'zoe')).code).toBe(0);
    expect((await place.run(verifyCommand, '--json')).json).toMatchObject({ entries: 3, records: 2, problems: [] });
    expect((await place.run(exportCommand)).code).toBe(0);
    expect((await place.run(migrateCommand, '--process', 'ticket', '--json')).json).toMatchObject({ unchanged: 2, refused: 0 });
    const { code, json } = await place.run(doctorCommand, '--json');
    expect([code, json.ok]).toEqual([0, true]);
    expect(json.checks.find(({ name }: { name: string }) => name === 'database').detail).toMatch(/^postgres by pg: .*fsync on/);
  });

  it('make the same backup as from a file, which either store takes back', async () => {
    const id = await fill();
    const file = join(place.folder, 'backup.tar.gz');
    expect((await place.run(backupCommand, file)).code).toBe(0);
    for (const other of [place.elsewhere(), place.elsewhere({ DATABASE_URL: await database() })]) {
      const restored = await other.run(restoreCommand, file, '--json');
      expect([restored.code, restored.json]).toMatchObject([0, { files: 3, entries: 3, records: 2, checkpoints: 1, problems: [] }]);
      await other.serve(async (engine) => {
        const [row] = await engine.attachments(id, agent);
        expect((await engine.attachment(row?.id ?? '', agent)).content).toEqual(Buffer.from(bytes));
        expect((await engine.create({ process: 'ticket', data: { summary: 'Next' }, actor: agent })).record.number).toBe('TCK-000003');
      });
    }
    const occupied = await place.elsewhere({ DATABASE_URL: url }).run(restoreCommand, file);
    expect(occupied.error?.facts.reason).toMatch(/already holds something/);
  });
});

describe('a throw-away copy', () => {
  it('of a PostgreSQL begins with what is there, and the original stays as it was', async () => {
    const id = await fill();
    writeFileSync(join(place.folder, 'processes', 'ticket', 'messages.json'), '{}');
    const { engine, close } = await openThrowAway(place.options);
    await engine.send({ record: id, type: 'NOTE', data: { cost: 5 }, actor: agent });
    expect(await engine.kept()).toEqual({ records: 2, entries: 4 });
    expect(await engine.versions('ticket', agent)).toHaveLength(2);
    await close();
    expect((await place.run(verifyCommand, '--json')).json).toMatchObject({ entries: 3 });
    expect(await rowsBelow(url, "SELECT 1 FROM definitions WHERE process = 'ticket'")).toHaveLength(1);
  });

  it('of a PostgreSQL without a store begins empty, and none is made', async () => {
    const { engine, close } = await openThrowAway(place.options);
    expect(await engine.kept()).toEqual({ records: 0, entries: 0 });
    await close();
    expect(await rowsBelow(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });
});

describe('filling a new PostgreSQL', () => {
  const filling = (records: number) => async (databaseUrl: string) => {
    const engine = await createEngine({ ...place.options, databaseUrl, dataDir: mkdtempSync(join(place.folder, 'd-')) });
    for (let each = 0; each < records; each += 1) await engine.create({ process: 'ticket', data: { summary: `Ticket ${each}` }, actor: agent });
    await engine.close();
    if (records > 2) throw new Error('broke off');
    return databaseUrl;
  };
  const drafts = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('charter-loading-'));

  it('happens somewhere else, and all of it comes over at once', async () => {
    expect(await wholeOrNothing(url, filling(2))).toMatch(/^sqlite:/);
    expect((await place.run(verifyCommand, '--json')).json).toMatchObject({ records: 2, problems: [] });
  });

  it('leaves nothing behind when it breaks off', async () => {
    const before = drafts();
    await expect(wholeOrNothing(url, filling(3))).rejects.toThrow('broke off');
    expect(await rowsBelow(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
    expect(drafts().filter((name) => !before.includes(name))).toEqual([]);
  });

  it('of two that fill at once one is refused, and nothing is mixed', async () => {
    const results = await Promise.allSettled([wholeOrNothing(url, filling(1)), wholeOrNothing(url, filling(2))]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { json } = await place.run(verifyCommand, '--json');
    expect(json.problems).toEqual([]);
    expect(json.records).toBe(results[0]?.status === 'fulfilled' ? 1 : 2);
  });
});
