import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeEach, describe, expect, it } from 'vitest';
import { doctorCommand } from '../../../server/cli/commands/doctor.js';
import { exportCommand } from '../../../server/cli/commands/export.js';
import { migrateCommand } from '../../../server/cli/commands/migrate.js';
import { tokenCommand } from '../../../server/cli/commands/token.js';
import { verifyCommand } from '../../../server/cli/commands/verify.js';
import { agent, type Installation, installation } from './run.js';

let place: Installation;
beforeEach(() => {
  place = installation();
});

async function withRecords(count: number): Promise<readonly string[]> {
  return place.serve(async (engine) => {
    const ids: string[] = [];
    for (let each = 0; each < count; each += 1)
      ids.push((await engine.create({ process: 'ticket', data: { summary: `Ticket ${each}` }, actor: agent })).record.id);
    await engine.send({ record: ids[0] as string, type: 'NOTE', data: { cost: 5 }, actor: agent });
    return ids;
  });
}

describe('a command that looks at a store', () => {
  it.each([verifyCommand, exportCommand, doctorCommand].map((command) => [command.name, command] as const))('%s never makes one', async (name, command) => {
    const { code, error } = await place.run(command);
    expect(code).toBe(1);
    if (name !== 'doctor') expect(error?.facts.reason).toMatch(/Nothing of Charter is there yet/);
    expect(existsSync(join(place.folder, 'data', 'charter.sqlite'))).toBe(false);
  });
});

describe('charter token create', () => {
  it('makes no database where there is none', async () => {
    const { code, error } = await place.run(tokenCommand, '--user', 'zoe');
    expect([code, error?.code]).toEqual([1, 'STORE_UNUSABLE']);
    expect(existsSync(join(place.folder, 'data', 'charter.sqlite'))).toBe(false);
  });
});

describe('charter verify', () => {
  it('counts what it looked at and finds nothing in a sound store', async () => {
    await withRecords(3);
    const { code, json } = await place.run(verifyCommand, '--json');
    expect(json).toMatchObject({ entries: 4, records: 3, checkpoints: 0, problems: [] });
    expect(code).toBe(0);
    expect((await place.run(verifyCommand)).out).toBe('4 entries of 3 records, 0 checkpoints. Nothing was altered, added or removed.');
  });

  it('may run beside a server and publishes nothing', async () => {
    await place.serve(async (engine) => {
      await engine.create({ process: 'ticket', data: { summary: 'Beside' }, actor: agent });
      writeFileSync(join(place.folder, 'processes', 'ticket', 'messages.json'), '{}');
      expect((await place.run(verifyCommand, '--json')).json).toMatchObject({ entries: 1, problems: [] });
      expect(await engine.versions('ticket', agent)).toHaveLength(1);
    });
  });
});

describe('charter migrate', () => {
  it('moves open records to the version in force, each by a step of its own, and tells what a dry run would do', async () => {
    const ids = await withRecords(3);
    await place.serve(async (engine) => {
      for (const type of ['CLOSE', 'ARCHIVE']) await engine.send({ record: ids[2] as string, type, data: {}, actor: agent });
    });
    const form = join(place.folder, 'processes', 'ticket', 'form.json');
    writeFileSync(form, readFileSync(form, 'utf8').replace('"Summary"', '"What happened"'));
    await place.serve(async () => undefined);

    const dry = await place.run(migrateCommand, '--process', 'ticket', '--dry-run', '--json');
    expect([dry.code, dry.json]).toMatchObject([0, { dryRun: true, moved: 2, unchanged: 0, refused: 0 }]);
    const real = await place.run(migrateCommand, '--process', 'ticket', '--json');
    expect([real.code, real.json]).toMatchObject([0, { dryRun: false, moved: 2, refused: 0, records: [{ outcome: 'moved' }, { outcome: 'moved' }] }]);
    expect((await place.run(migrateCommand, '--process', 'ticket', '--json')).json).toMatchObject({ moved: 0, unchanged: 2 });
    await place.serve(async (engine) => {
      const { items } = await engine.history(ids[1] as string, agent, { limit: 10 });
      expect(items.map(({ event, actor }) => [event, actor])).toEqual([
        ['record.created', 'agent'],
        ['migrated', 'system'],
      ]);
      expect((await engine.record(ids[1] as string, agent)).definitionVersion).toBe(real.json.to);
    });
    expect((await place.run(verifyCommand, '--json')).json.problems).toEqual([]);
  });

  it('refuses a process or version that is none', async () => {
    await withRecords(1);
    expect((await place.run(migrateCommand, '--process', 'nothing')).error?.code).toBe('PROCESS_NOT_FOUND');
    for (const version of ['0'.repeat(64), 'abc', ''])
      expect((await place.run(migrateCommand, '--process', 'ticket', '--to', version)).error?.code).toBe('VERSION_NOT_FOUND');
  });
});

describe('charter export', () => {
  it('writes every record with its history as JSON lines', async () => {
    const ids = await withRecords(3);
    const file = join(place.folder, 'out.jsonl');
    expect((await place.run(exportCommand, '--out', file, '--json')).json).toEqual({ records: 3, entries: 4, file });
    const lines = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ id, history }) => [id, history.length])).toEqual([
      [ids[0], 2],
      [ids[1], 1],
      [ids[2], 1],
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('writes nothing that a spreadsheet would take for a formula', async () => {
    const summaries = ['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(A1)', '\t=1', 'a,"b"\nc', 'Ünïcode ✓'];
    await place.serve(async (engine) => {
      for (const summary of summaries) await engine.create({ process: 'ticket', data: { summary }, actor: agent });
    });
    const file = join(place.folder, 'out.csv');
    expect((await place.run(exportCommand, '--format', 'csv', '--process', 'ticket', '--out', file)).code).toBe(0);
    const rows: Record<string, string>[] = parse(readFileSync(file, 'utf8'), { columns: true });
    expect(rows.map(({ title }) => title)).toEqual(['\'=HYPERLINK("http://evil")', "'+1", "'-1", "'@SUM(A1)", "'\t=1", 'a,"b"\nc', 'Ünïcode ✓']);
    for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    const history = join(place.folder, 'history.csv');
    await place.run(exportCommand, '--format', 'csv-history', '--out', history);
    expect(parse(readFileSync(history, 'utf8'), { columns: true })).toHaveLength(summaries.length);
  });

  it('overwrites nothing and refuses a format or process that is none', async () => {
    await withRecords(1);
    const file = join(place.folder, 'there');
    writeFileSync(file, 'precious');
    expect((await place.run(exportCommand, '--out', file)).error?.facts.reason).toMatch(/exists already/);
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect((await place.run(exportCommand, '--format', 'toString', '--out', `${file}2`)).error?.code).toBe('CONFIGURATION_INVALID');
    expect((await place.run(exportCommand, '--process', 'nothing', '--out', `${file}3`)).error?.code).toBe('PROCESS_NOT_FOUND');
  });
});

describe('charter doctor', () => {
  const status = (json: { checks: { name: string; status: string }[] }, name: string): string | undefined =>
    json.checks.find((check) => check.name === name)?.status;

  it('finds a sound installation sound', async () => {
    await withRecords(2);
    const { code, json } = await place.run(doctorCommand, '--json');
    expect(json.checks.filter((check: { status: string }) => check.status === 'failed')).toEqual([]);
    expect([
      code,
      json.ok,
      status(json, 'database'),
      status(json, 'definitions'),
      status(json, 'process folders'),
      status(json, 'history'),
      status(json, 'attachments'),
    ]).toEqual([0, true, 'ok', 'ok', 'ok', 'ok', 'ok']);
    expect(json.checks.find((check: { name: string }) => check.name === 'database').detail).toMatch(/journal_mode wal/);
  });

  it('says what is wrong: a broken folder, an open key, an attachment that is gone', async () => {
    const [id] = await withRecords(1);
    await place.serve((engine) => engine.attach({ record: id as string, actor: agent, name: 'x.txt', type: 'text/plain', content: Buffer.from('x') }));
    const attachments = join(place.folder, 'data', 'attachments');
    for (const part of readdirSync(attachments)) rmSync(join(attachments, part), { recursive: true });
    chmodSync(join(place.folder, 'data'), 0o755);
    writeFileSync(join(place.folder, 'processes', 'ticket', 'form.json'), '{');
    const { code, json } = await place.run(doctorCommand, '--json');
    expect([
      code,
      json.ok,
      status(json, 'attachments'),
      status(json, 'DATA_DIR is private'),
      status(json, 'process folders'),
      status(json, 'definitions'),
    ]).toEqual([1, false, 'failed', 'warning', 'failed', 'ok']);
    expect((await place.run(doctorCommand)).out).toMatch(/^\[FAILED\] attachments: x\.txt of TCK-\d+ is gone\.\n +Restore it from a backup\.$/m);
  });
});
