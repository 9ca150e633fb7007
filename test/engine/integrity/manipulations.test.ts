import { describe, expect, it } from 'vitest';
import { sha256 } from './intruder.js';
import { manipulated } from './manipulated.js';

const here = manipulated();

describe('an entry of the history', () => {
  it('of which one byte of the text was altered is found', async () => {
    await here.intruder.run(`UPDATE history SET text = replace(text, '"ada"', '"adb"') WHERE record = ? AND sequence = 3`, [here.ids.mail]);
    expect(await here.found()).toContain('hash mail 3');
  });

  it('whose text is no longer JSON, or lacks what every entry has, is found and does not stop the rest', async () => {
    await here.intruder.run("UPDATE history SET text = '{' WHERE record = ? AND sequence = 2", [here.ids.mail]);
    await here.intruder.run("UPDATE history SET text = '{}' WHERE record = ? AND sequence = 1", [here.ids.printer]);
    await here.intruder.run(`UPDATE history SET text = replace(text, '"actor"', '"bctor"') WHERE record = ? AND sequence = 2`, [here.ids.order]);
    const all = await here.found();
    for (const place of ['hash mail 2', 'hash printer 1', 'hash order 2']) expect(all).toContain(place);
  });

  it('of which a value was altered is found', async () => {
    const { key } = await here.intruder.entry(here.ids.mail, 1);
    await here.intruder.run("UPDATE history_values SET content = replace(content, 'Mail is not delivered', 'Mail is fine') WHERE entry = ?", [key ?? null]);
    expect(await here.found()).toContain('values mail 1');
  });

  it('of which a value, or all of them, was removed as if it had been erased is found', async () => {
    const { key } = await here.intruder.entry(here.ids.mail, 1);
    await here.intruder.run('UPDATE history_values SET content = json_remove(content, \'$."d.summary"\') WHERE entry = ?', [key ?? null]);
    expect(await here.problems()).toEqual([
      { kind: 'values', record: here.ids.mail, sequence: 1, message: 'The value d.summary is gone, and no erasure in the history took it: it was removed.' },
    ]);
    await here.intruder.run('DELETE FROM history_values WHERE entry = ?', [key ?? null]);
    expect((await here.problems()).length).toBeGreaterThan(3);
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
    await here.intruder.run(`UPDATE history SET ${column} = ${value} WHERE record = ? AND sequence = 2`, [here.ids.mail]);
    expect(await here.found()).toEqual(['order mail 2']);
  });

  it('that was deleted in the middle leaves a gap that is found', async () => {
    await here.intruder.run('DELETE FROM history WHERE record = ? AND sequence = 3', [here.ids.mail]);
    expect(await here.found()).toEqual(expect.arrayContaining(['gap mail 4', 'chain mail 4']));
  });

  it('that changed places with another is found', async () => {
    await here.intruder.run('UPDATE history SET sequence = 5 - sequence WHERE record = ? AND sequence IN (2, 3)', [here.ids.mail]);
    expect(await here.found()).toEqual(expect.arrayContaining(['order mail 2', 'order mail 3']));
  });

  it('that was moved to another record is found in both', async () => {
    const last = (await here.intruder.all<{ n: number }>('SELECT max(sequence) AS n FROM history WHERE record = ?', [here.ids.printer]))[0]?.n ?? 0;
    await here.intruder.run('UPDATE history SET record = ?, sequence = ? WHERE record = ? AND sequence = 4', [here.ids.printer, last + 1, here.ids.mail]);
    expect(await here.found()).toEqual(expect.arrayContaining(['gap mail 5', `missing printer ${last + 1}`]));
  });
});

describe('an entry that was inserted', () => {
  const columns = 'record, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, text, hash, previous_hash';

  it('in the middle is found', async () => {
    await here.intruder.run('UPDATE history SET sequence = sequence + 1 WHERE record = ? AND sequence > 2', [here.ids.mail]);
    await here.intruder.run(`INSERT INTO history (sequence, ${columns}) SELECT 3, ${columns} FROM history WHERE record = ? AND sequence = 2`, [here.ids.mail]);
    expect(await here.found()).toContain('chain mail 3');
  });

  it('at the place of another is found', async () => {
    await here.intruder.run(`INSERT INTO history (sequence, ${columns}) SELECT sequence, ${columns} FROM history WHERE record = ? AND sequence = 2`, [
      here.ids.mail,
    ]);
    expect((await here.problems())[0]).toEqual({
      kind: 'gap',
      record: here.ids.mail,
      sequence: 2,
      message: 'Entry 2 stands there twice: one of them was inserted.',
    });
  });

  it('at the end, well sealed, is found', async () => {
    const [last] = await here.intruder.all('SELECT * FROM history WHERE record = ? ORDER BY sequence DESC LIMIT 1', [here.ids.mail]);
    const sequence = Number(last?.sequence) + 1;
    const text = { ...(JSON.parse(String(last?.text)) as object), sequence, previous: last?.hash, data: {}, changes: {}, facts: {}, effects: [] };
    const hash = sha256(JSON.stringify(text));
    await here.intruder.run(
      `INSERT INTO history (sequence, ${columns}) SELECT ?, record, at, recorded_at, actor, on_behalf_of, origin, event, process, definition, reference, ?, ?, hash FROM history WHERE record = ? AND sequence = ?`,
      [sequence, JSON.stringify(text), hash, here.ids.mail, sequence - 1],
    );
    expect(await here.problems()).toContainEqual({
      kind: 'missing',
      record: here.ids.mail,
      sequence,
      message: `The record is at version ${sequence - 1}, its history goes on to ${sequence}: entries were added.`,
    });
  });

  it('as the whole history of a record that never was is found', async () => {
    await here.intruder.run(
      `INSERT INTO history (sequence, ${columns}) SELECT sequence, ${columns.replace('record', "'01900000-0000-7000-8000-000000000000'")} FROM history WHERE record = ?`,
      [here.ids.printer],
    );
    expect(await here.found()).toContain('missing 01900000-0000-7000-8000-000000000000');
  });
});

describe('a history whose tail was cut off', () => {
  it('is found, as its record says more', async () => {
    const [row] = await here.intruder.all<{ version: number }>('SELECT version FROM records WHERE id = ?', [here.ids.mail]);
    const version = row?.version ?? 0;
    await here.intruder.run('DELETE FROM history WHERE record = ? AND sequence > ?', [here.ids.mail, version - 2]);
    expect(await here.problems()).toContainEqual({
      kind: 'missing',
      record: here.ids.mail,
      sequence: version,
      message: `The record is at version ${version}, its history ends at ${version - 2}: entries were cut off.`,
    });
  });

  it.each([
    ['found by a checkpoint', true],
    ['invisible without one', false],
  ])('while its record was put back to how it was then is %s', async (_words, sealed) => {
    const { entry } = await here.world.engine.comment({ record: here.ids.printer, actor: here.world.people.ada, text: 'I broke it myself.' });
    if (sealed) await here.world.engine.checkpoint();
    for (const table of ['history', 'comments'])
      await here.intruder.run(`DELETE FROM ${table} WHERE record = ? AND sequence = ?`, [here.ids.printer, entry.sequence]);
    await here.intruder.run('DELETE FROM records WHERE id = ?', [here.ids.printer]);
    await here.intruder.run('INSERT INTO records SELECT * FROM temp.kept_records WHERE id = ?', [here.ids.printer]);
    expect(await here.found()).toEqual(sealed ? [`checkpoint printer ${entry.sequence}`] : []);
  });
});

describe('a chain that was made again from an altered entry on', () => {
  /** Another person of the same rights: deciding again gives the same. */
  const blame = (text: Record<string, unknown>): void => void Object.assign(text.actor as object, { id: 'eve' });

  it.each([
    ['found by a checkpoint', true],
    ['invisible without one', false],
  ])('is %s, when the rules would have decided the same', async (_words, sealed) => {
    if (sealed) await here.world.engine.checkpoint();
    await here.intruder.rehash(here.ids.mail, await here.world.place(here.ids.mail, 'record.attachment'), blame);
    await here.intruder.run("UPDATE attachments SET author = 'eve'");
    expect(await here.found()).toEqual(sealed ? [`checkpoint mail ${await here.world.version(here.ids.mail)}`] : []);
  });

  it('is found without a checkpoint when they would have decided otherwise', async () => {
    const place = await here.world.place(here.ids.mail, 'ASSIGN');
    await here.intruder.rehash(here.ids.mail, place, (text) => void Object.assign(text.actor as object, { roles: ['employee'] }));
    expect(await here.found()).toEqual([`replay mail ${place}`]);
  });
});
