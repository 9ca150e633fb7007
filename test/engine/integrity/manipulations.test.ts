import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { VerifyProblem } from '../../../engine/engine.js';
import { type Intruder, intrude, sha256 } from './intruder.js';
import { incidentWorld, type World } from './world.js';

let world: World;
let intruder: Intruder;
let ids: World['ids'];

beforeAll(async () => {
  world = await incidentWorld();
  ids = world.ids;
  expect((await world.engine.verify()).problems).toEqual([]);
  intruder = await intrude(world.database);
});
afterEach(() => intruder.undo());
afterAll(async () => {
  await intruder.close();
  await world.close();
});

const problems = async (): Promise<readonly VerifyProblem[]> => (await world.engine.verify()).problems;

/** `kind record sequence` of every problem, with the short names of records. */
async function found(): Promise<readonly string[]> {
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
  return (await problems()).map(({ kind, record, sequence }) =>
    [kind, record === null ? null : (names.get(record) ?? record), sequence].filter((part) => part !== null).join(' '),
  );
}

describe('an entry of the history', () => {
  it('of which one byte of the text was altered is found', async () => {
    await intruder.run(`UPDATE history SET text = replace(text, '"ada"', '"adb"') WHERE record = ? AND sequence = 3`, [ids.mail]);
    expect(await found()).toContain('hash mail 3');
  });

  it('whose text is no longer JSON, or lacks what every entry has, is found and does not stop the rest', async () => {
    await intruder.run("UPDATE history SET text = '{' WHERE record = ? AND sequence = 2", [ids.mail]);
    await intruder.run("UPDATE history SET text = '{}' WHERE record = ? AND sequence = 1", [ids.printer]);
    await intruder.run(`UPDATE history SET text = replace(text, '"actor"', '"bctor"') WHERE record = ? AND sequence = 2`, [ids.order]);
    const all = await found();
    for (const place of ['hash mail 2', 'hash printer 1', 'hash order 2']) expect(all).toContain(place);
  });

  it('of which a value was altered is found', async () => {
    const { key } = await intruder.entry(ids.mail, 1);
    await intruder.run("UPDATE history_values SET content = replace(content, 'Mail is not delivered', 'Mail is fine') WHERE entry = ?", [key ?? null]);
    expect(await found()).toContain('values mail 1');
  });

  it('of which a value, or all of them, was removed as if it had been erased is found', async () => {
    const { key } = await intruder.entry(ids.mail, 1);
    await intruder.run('UPDATE history_values SET content = json_remove(content, \'$."d.summary"\') WHERE entry = ?', [key ?? null]);
    expect(await problems()).toEqual([
      { kind: 'values', record: ids.mail, sequence: 1, message: 'The value d.summary is gone, and no erasure in the history took it: it was removed.' },
    ]);
    await intruder.run('DELETE FROM history_values WHERE entry = ?', [key ?? null]);
    expect((await problems()).length).toBeGreaterThan(3);
  });

  it.each([
    ['at', 1],
    ['recorded_at', 1],
    ['actor', "'mallory'"],
    ['on_behalf_of', "'mallory'"],
    ['origin', "'import'"],
    ['event', "'CLOSE'"],
    ['process', "'service-request'"],
    ['definition', "'0'"],
    ['reference', "'0'"],
  ])('whose column %s was altered is found', async (column, value) => {
    await intruder.run(`UPDATE history SET ${column} = ${value} WHERE record = ? AND sequence = 2`, [ids.mail]);
    expect(await found()).toEqual(['order mail 2']);
  });

  it('that was deleted in the middle leaves a gap that is found', async () => {
    await intruder.run('DELETE FROM history WHERE record = ? AND sequence = 3', [ids.mail]);
    expect(await found()).toEqual(expect.arrayContaining(['gap mail 4', 'chain mail 4']));
  });

  it('that changed places with another is found', async () => {
    await intruder.run('UPDATE history SET sequence = 5 - sequence WHERE record = ? AND sequence IN (2, 3)', [ids.mail]);
    expect(await found()).toEqual(expect.arrayContaining(['order mail 2', 'order mail 3']));
  });

  it('that was moved to another record is found in both', async () => {
    const last = (await intruder.all<{ n: number }>('SELECT max(sequence) AS n FROM history WHERE record = ?', [ids.printer]))[0]?.n ?? 0;
    await intruder.run('UPDATE history SET record = ?, sequence = ? WHERE record = ? AND sequence = 4', [ids.printer, last + 1, ids.mail]);
    expect(await found()).toEqual(expect.arrayContaining(['gap mail 5', `missing printer ${last + 1}`]));
  });
});

describe('an entry that was inserted', () => {
  const columns = 'record, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, text, hash, previous_hash';

  it('in the middle is found', async () => {
    await intruder.run('UPDATE history SET sequence = sequence + 1 WHERE record = ? AND sequence > 2', [ids.mail]);
    await intruder.run(`INSERT INTO history (sequence, ${columns}) SELECT 3, ${columns} FROM history WHERE record = ? AND sequence = 2`, [ids.mail]);
    expect(await found()).toContain('chain mail 3');
  });

  it('at the place of another is found', async () => {
    await intruder.run(`INSERT INTO history (sequence, ${columns}) SELECT sequence, ${columns} FROM history WHERE record = ? AND sequence = 2`, [ids.mail]);
    expect((await problems())[0]).toEqual({ kind: 'gap', record: ids.mail, sequence: 2, message: 'Entry 2 stands there twice: one of them was inserted.' });
  });

  it('at the end, well sealed, is found', async () => {
    const [last] = await intruder.all('SELECT * FROM history WHERE record = ? ORDER BY sequence DESC LIMIT 1', [ids.mail]);
    const sequence = Number(last?.sequence) + 1;
    const text = { ...(JSON.parse(String(last?.text)) as object), sequence, previous: last?.hash, data: {}, changes: {}, facts: {}, effects: [] };
    const hash = sha256(JSON.stringify(text));
    await intruder.run(
      `INSERT INTO history (sequence, ${columns}) SELECT ?, record, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, ?, ?, hash FROM history WHERE record = ? AND sequence = ?`,
      [sequence, JSON.stringify(text), hash, ids.mail, sequence - 1],
    );
    expect(await problems()).toContainEqual({
      kind: 'missing',
      record: ids.mail,
      sequence,
      message: `The record is at version ${sequence - 1}, its history goes on to ${sequence}: entries were added.`,
    });
  });

  it('as the whole history of a record that never was is found', async () => {
    await intruder.run(
      `INSERT INTO history (sequence, ${columns}) SELECT sequence, ${columns.replace('record', "'01900000-0000-7000-8000-000000000000'")} FROM history WHERE record = ?`,
      [ids.printer],
    );
    expect(await found()).toContain('missing 01900000-0000-7000-8000-000000000000');
  });
});

describe('a history whose tail was cut off', () => {
  it('is found, as its record says more', async () => {
    const [row] = await intruder.all<{ version: number }>('SELECT version FROM records WHERE id = ?', [ids.mail]);
    const version = row?.version ?? 0;
    await intruder.run('DELETE FROM history WHERE record = ? AND sequence > ?', [ids.mail, version - 2]);
    expect(await problems()).toContainEqual({
      kind: 'missing',
      record: ids.mail,
      sequence: version,
      message: `The record is at version ${version}, its history ends at ${version - 2}: entries were cut off.`,
    });
  });

  it.each([
    ['found by a checkpoint', true],
    ['invisible without one', false],
  ])('while its record was put back to how it was then is %s', async (_words, sealed) => {
    const { entry } = await world.engine.comment({ record: ids.printer, actor: world.people.ada, text: 'I broke it myself.' });
    if (sealed) await world.engine.checkpoint();
    for (const table of ['history', 'comments']) await intruder.run(`DELETE FROM ${table} WHERE record = ? AND sequence = ?`, [ids.printer, entry.sequence]);
    await intruder.run('DELETE FROM records WHERE id = ?', [ids.printer]);
    await intruder.run('INSERT INTO records SELECT * FROM temp.kept_records WHERE id = ?', [ids.printer]);
    expect(await found()).toEqual(sealed ? [`checkpoint printer ${entry.sequence}`] : []);
  });
});

describe('a chain that was made again from an altered entry on', () => {
  /** Another person of the same rights: deciding again gives the same. */
  const blame = (text: Record<string, unknown>): void => void Object.assign(text.actor as object, { id: 'eve' });

  it.each([
    ['found by a checkpoint', true],
    ['invisible without one', false],
  ])('is %s, when the rules would have decided the same', async (_words, sealed) => {
    if (sealed) await world.engine.checkpoint();
    await intruder.rehash(ids.mail, await world.place(ids.mail, 'record.attachment'), blame);
    await intruder.run("UPDATE attachments SET author = 'eve'");
    expect(await found()).toEqual(sealed ? [`checkpoint mail ${await world.version(ids.mail)}`] : []);
  });

  it('is found without a checkpoint when they would have decided otherwise', async () => {
    const place = await world.place(ids.mail, 'ASSIGN');
    await intruder.rehash(ids.mail, place, (text) => void Object.assign(text.actor as object, { roles: ['employee'] }));
    expect(await found()).toEqual([`replay mail ${place}`]);
  });
});

describe('a record', () => {
  it('that was removed with everything of it is found by a checkpoint', async () => {
    await world.engine.checkpoint();
    await intruder.run('DELETE FROM history WHERE record = ?', [ids.order]);
    await intruder.run('DELETE FROM records WHERE id = ?', [ids.order]);
    expect((await found()).some((line) => line.startsWith('checkpoint order'))).toBe(true);
  });

  it('that was removed without its history, or whose history was removed, is found', async () => {
    await intruder.run('DELETE FROM records WHERE id = ?', [ids.order]);
    await intruder.run('DELETE FROM history WHERE record = ?', [ids.printer]);
    expect(await found()).toEqual(expect.arrayContaining(['missing order', 'missing printer']));
  });

  it.each([
    ['$.data.summary', '"Nothing happened"', 'state', 'The stored content of the fields is not what the history gives.'],
    ['$.value', '"closed"', 'state', 'The stored state is not what the history gives.'],
    ['$.clocks.resolution.counted', '1', 'clock', 'The stored reckoning of the clocks is not what the history gives.'],
    ['$.createdBy', '"eve"', 'state', 'The stored createdBy is not what the history gives.'],
  ])('of which %s was altered is found', async (path, value, kind, message) => {
    const [row] = await intruder.all<{ version: number }>('SELECT version FROM records WHERE id = ?', [ids.mail]);
    await intruder.run('UPDATE records SET state = json_set(state, ?, json(?)) WHERE id = ?', [path, value, ids.mail]);
    expect(await problems()).toContainEqual({ kind, record: ids.mail, sequence: row?.version, message });
  });

  it.each(['number', 'process', 'definition', 'head', 'paths', 'title', 'assignee', 'team', 'priority', 'requester'])(
    'whose column %s, by which it is listed, was altered is found',
    async (column) => {
      await intruder.run(`UPDATE records SET ${column} = 'altered' WHERE id = ?`, [ids.mail]);
      expect((await problems()).map(({ record, message }) => [record, message])).toContainEqual([
        ids.mail,
        `The column ${column}, by which records are listed and found, differs from the record itself: the row was altered.`,
      ]);
    },
  );

  it('whose row can no longer be read is found, and so is what else is wrong', async () => {
    await intruder.run("UPDATE records SET state = '{' WHERE id = ?", [ids.mail]);
    await intruder.run("UPDATE history SET event = 'x' WHERE record = ? AND sequence = 1", [ids.printer]);
    expect(await found()).toEqual(expect.arrayContaining(['state mail', 'order printer 1']));
  });
});

describe('what stands beside the history to be read', () => {
  it('is found when a comment was altered, inserted, removed or given to another', async () => {
    const first = await world.place(ids.mail, 'record.comment');
    const forged = (sequence: number) =>
      `INSERT INTO comments SELECT 'forged', record, ${sequence}, author, at, 0, 'I agreed' FROM comments WHERE record = '${ids.mail}' LIMIT 1`;
    const check = async (sql: string, place: number) => {
      await intruder.run(sql);
      expect(await found(), sql).toEqual([`comment mail ${place}`]);
      await intruder.undo();
    };
    await check(`UPDATE comments SET text = 'We did all we could.' WHERE sequence = ${first}`, first);
    await check(`UPDATE comments SET author = 'eve' WHERE sequence = ${first}`, first);
    await check(`UPDATE comments SET internal = 0 WHERE sequence = ${first + 1}`, first + 1);
    await check(`DELETE FROM comments WHERE sequence = ${first}`, first);
    await check(forged(1), 1);
    await check(forged(999), 999);
  });

  it('is found when an attached file or what is said of it was altered', async () => {
    const [row] = await intruder.all<{ id: string }>('SELECT id FROM attachments');
    const place = `attachment mail ${await world.place(ids.mail, 'record.attachment')}`;
    const path = join(world.folder, 'attachments', row?.id.slice(-2) ?? '', row?.id ?? '');
    await intruder.run("UPDATE attachments SET name = 'other.log'");
    expect(await found()).toEqual([place]);
    await intruder.undo();
    const content = readFileSync(path);
    chmodSync(path, 0o600);
    writeFileSync(path, 'all is well');
    expect(await found()).toEqual([place]);
    rmSync(path);
    expect(await found()).toEqual([place]);
    writeFileSync(path, content);
    expect(await found()).toEqual([]);
  });

  it('is found when a definition or the reference rules of the time were altered or removed', async () => {
    const { definition, reference } = await intruder.entry(ids.mail, 1);
    await intruder.run("UPDATE definitions SET text = replace(text, 'Restore service', 'Ignore service') WHERE hash = ?", [definition ?? null]);
    await intruder.run('DELETE FROM reference_versions WHERE hash = ?', [reference ?? null]);
    expect((await problems()).map(({ kind, message }) => [kind, message])).toEqual([
      ['definition', `The definition ${String(definition).slice(0, 12)} was altered: its text does not have the hash that is its name.`],
      ['definition', `The version of the reference rules ${String(reference).slice(0, 12)}, by which steps were decided, is gone.`],
    ]);
  });
});

describe('a checkpoint', () => {
  it.each([
    ['emptied', "UPDATE checkpoints SET heads = '[]' WHERE sequence = 1", 'Checkpoint 1: Its heads do not give its root.'],
    ['made unreadable', "UPDATE checkpoints SET heads = '{' WHERE sequence = 1", 'Checkpoint 1: Its heads cannot be read.'],
    ['dated otherwise', 'UPDATE checkpoints SET at = at + 1', 'Checkpoint 1: Its signature is wrong.'],
    ['signed by another', "UPDATE checkpoints SET public_key = 'other'", 'Checkpoint 1: It was signed with another key than this installation’s.'],
    ['removed', 'DELETE FROM checkpoints WHERE sequence = 1', 'Where checkpoint 1 should stand is checkpoint 2: a checkpoint was removed or inserted.'],
  ])('that was %s is found', async (_words, sql, message) => {
    await world.engine.checkpoint();
    await world.engine.checkpoint();
    expect(await found()).toEqual([]);
    await intruder.run(sql);
    expect(await problems()).toContainEqual({ kind: 'checkpoint', record: null, sequence: null, message });
  });

  it('kept outside shows what its removal here would hide', async () => {
    await world.engine.checkpoint();
    const kept = [await world.engine.checkpointFile(1)];
    expect((await world.engine.verify({ kept })).problems).toEqual([]);
    await intruder.run('DELETE FROM checkpoints');
    await intruder.run('DELETE FROM history WHERE record = ?', [ids.order]);
    await intruder.run('DELETE FROM records WHERE id = ?', [ids.order]);
    expect((await world.engine.verify()).problems).toEqual([]);
    const report = await world.engine.verify({ kept });
    expect(report.problems.map(({ record, message }) => [record, message])).toEqual([
      [ids.order, 'Checkpoint 1 as it was kept outside: an entry that it seals is gone.'],
      [null, 'Checkpoint 1 was kept outside, but is no longer here: it was removed.'],
    ]);
  });
});
