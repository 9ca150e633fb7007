import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manipulated } from './manipulated.js';

const here = manipulated();

describe('a record', () => {
  it('that was removed with everything of it is found by a checkpoint', async () => {
    await here.world.engine.checkpoint();
    await here.intruder.run('DELETE FROM history WHERE record = ?', [here.ids.order]);
    await here.intruder.run('DELETE FROM records WHERE id = ?', [here.ids.order]);
    expect((await here.found()).some((line) => line.startsWith('checkpoint order'))).toBe(true);
  });

  it('that was removed without its history, or whose history was removed, is found', async () => {
    await here.intruder.run('DELETE FROM records WHERE id = ?', [here.ids.order]);
    await here.intruder.run('DELETE FROM history WHERE record = ?', [here.ids.printer]);
    expect(await here.found()).toEqual(expect.arrayContaining(['missing order', 'missing printer']));
  });

  it.each([
    ['$.data.summary', '"Nothing happened"', 'state', 'The stored content of the fields is not what the history gives.'],
    ['$.value', '"closed"', 'state', 'The stored state is not what the history gives.'],
    ['$.clocks.resolution.counted', '1', 'clock', 'The stored reckoning of the clocks is not what the history gives.'],
    ['$.createdBy', '"eve"', 'state', 'The stored createdBy is not what the history gives.'],
  ])('of which %s was altered is found', async (path, value, kind, message) => {
    const [row] = await here.intruder.all<{ version: number }>('SELECT version FROM records WHERE id = ?', [here.ids.mail]);
    await here.intruder.run('UPDATE records SET state = json_set(state, ?, json(?)) WHERE id = ?', [path, value, here.ids.mail]);
    expect(await here.problems()).toContainEqual({ kind, record: here.ids.mail, sequence: row?.version, message });
  });

  it.each(['number', 'process', 'definition', 'head', 'paths', 'title', 'assignee', 'team', 'priority', 'requester'])(
    'whose column %s, by which it is listed, was altered is found',
    async (column) => {
      await here.intruder.run(`UPDATE records SET ${column} = 'altered' WHERE id = ?`, [here.ids.mail]);
      expect((await here.problems()).map(({ record, message }) => [record, message])).toContainEqual([
        here.ids.mail,
        `The column ${column}, by which records are listed and found, differs from the record itself: the row was altered.`,
      ]);
    },
  );

  it('whose row can no longer be read is found, and so is what else is wrong', async () => {
    await here.intruder.run("UPDATE records SET state = '{' WHERE id = ?", [here.ids.mail]);
    await here.intruder.run("UPDATE history SET event = 'x' WHERE record = ? AND sequence = 1", [here.ids.printer]);
    expect(await here.found()).toEqual(expect.arrayContaining(['state mail', 'order printer 1']));
  });
});

describe('what stands beside the history to be read', () => {
  it('is found when a comment was altered, inserted, removed or given to another', async () => {
    const first = await here.world.place(here.ids.mail, 'record.comment');
    const forged = (sequence: number) =>
      `INSERT INTO comments SELECT 'forged', record, ${sequence}, author, at, 0, 'I agreed' FROM comments WHERE record = '${here.ids.mail}' LIMIT 1`;
    const check = async (sql: string, place: number) => {
      await here.intruder.run(sql);
      expect(await here.found(), sql).toEqual([`comment mail ${place}`]);
      await here.intruder.undo();
    };
    await check(`UPDATE comments SET text = 'We did all we could.' WHERE sequence = ${first}`, first);
    await check(`UPDATE comments SET author = 'eve' WHERE sequence = ${first}`, first);
    await check(`UPDATE comments SET internal = 0 WHERE sequence = ${first + 1}`, first + 1);
    await check(`DELETE FROM comments WHERE sequence = ${first}`, first);
    await check(forged(1), 1);
    await check(forged(999), 999);
  });

  it('is found when an attached file or what is said of it was altered', async () => {
    const [row] = await here.intruder.all<{ id: string }>('SELECT id FROM attachments');
    const place = `attachment mail ${await here.world.place(here.ids.mail, 'record.attachment')}`;
    const path = join(here.world.folder, 'attachments', row?.id.slice(-2) ?? '', row?.id ?? '');
    await here.intruder.run("UPDATE attachments SET name = 'other.log'");
    expect(await here.found()).toEqual([place]);
    await here.intruder.undo();
    const content = readFileSync(path);
    chmodSync(path, 0o600);
    writeFileSync(path, 'all is well');
    expect(await here.found()).toEqual([place]);
    rmSync(path);
    expect(await here.found()).toEqual([place]);
    writeFileSync(path, content);
    expect(await here.found()).toEqual([]);
  });

  it('is found when a definition or the reference rules of the time were altered or removed', async () => {
    const { definition, reference } = await here.intruder.entry(here.ids.mail, 1);
    await here.intruder.run("UPDATE definitions SET text = replace(text, 'Restore service', 'Ignore service') WHERE hash = ?", [definition ?? null]);
    await here.intruder.run('DELETE FROM reference_versions WHERE hash = ?', [reference ?? null]);
    expect((await here.problems()).map(({ kind, message }) => [kind, message])).toEqual([
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
    await here.world.engine.checkpoint();
    await here.world.engine.checkpoint();
    expect(await here.found()).toEqual([]);
    await here.intruder.run(sql);
    expect(await here.problems()).toContainEqual({ kind: 'checkpoint', record: null, sequence: null, message });
  });

  it('tells of an entry that is no longer what it sealed, and so does each later one that sealed it too', async () => {
    const { world, intruder, ids } = here;
    await world.engine.checkpoint();
    await world.engine.comment({ record: ids.mail, actor: world.people.ada, text: 'Solved.' });
    await world.engine.checkpoint();
    await world.engine.checkpoint();
    expect(await here.found()).toEqual([]);
    const last = await world.version(ids.printer);
    await intruder.rehash(ids.printer, last, (text) => (text.at = Number(text.at) + 1));
    const moved = 'an entry that it seals is not what it was: the chain was made again.';
    expect((await here.problems()).filter(({ kind }) => kind === 'checkpoint').map(({ record, sequence, message }) => [record, sequence, message])).toEqual(
      [1, 2, 3].map((number) => [ids.printer, last, `Checkpoint ${number}: ${moved}`]),
    );
  });

  describe('that keeps only what changed', () => {
    /** Three, of which each but the first keeps one head. */
    async function threeSealed(): Promise<void> {
      const { world, ids } = here;
      await world.engine.checkpoint();
      for (const text of ['Solved.', 'Solved indeed.']) {
        await world.engine.comment({ record: ids.mail, actor: world.people.ada, text });
        await world.engine.checkpoint();
      }
      expect(await here.found()).toEqual([]);
    }
    const told = async (): Promise<readonly string[]> => (await here.problems()).map(({ message }) => message);

    it.each([
      ['cannot be read', "UPDATE checkpoints SET heads = '[[' WHERE sequence = 2"],
      ['do not give its root', `UPDATE checkpoints SET heads = replace(heads, '",', '",1') WHERE sequence = 2`],
    ])('is judged by those that stand without it when the heads of one before it %s', async (words, sql) => {
      await threeSealed();
      await here.intruder.run(sql);
      expect((await told())[0]).toBe(`Checkpoint 2: Its heads ${words}.`);
      // The third keeps the same head anew, so nothing is missing.
      expect(await told()).toHaveLength(1);
      await here.world.engine.comment({ record: here.ids.printer, actor: here.world.people.ada, text: 'It jams again.' });
      await here.world.engine.checkpoint();
      await here.intruder.run("UPDATE checkpoints SET heads = '[[' WHERE sequence = 1");
      await here.intruder.run('DELETE FROM sealed_heads');
      await here.world.engine.checkpoint();
      const rests = 'It rests on checkpoint 1, whose heads cannot be read, and cannot be judged without it.';
      expect(await told()).toEqual([
        'Checkpoint 1: Its heads cannot be read.',
        `Checkpoint 2: ${words === 'cannot be read' ? 'Its heads cannot be read.' : rests}`,
        `Checkpoint 3: ${rests}`,
        `Checkpoint 4: ${rests}`,
      ]);
      await expect(here.world.engine.checkpointFile(3)).rejects.toMatchObject({ code: 'HISTORY_DAMAGED' });
      expect((await here.world.engine.verify({ kept: [await here.world.engine.checkpointFile(5)] })).problems).toHaveLength(4);
    });

    it('says when one that it rests on was removed', async () => {
      await threeSealed();
      await here.intruder.run('DELETE FROM checkpoints WHERE sequence = 1');
      expect(await told()).toEqual([
        'Where checkpoint 1 should stand is checkpoint 2: a checkpoint was removed or inserted.',
        'Checkpoint 2: It rests on checkpoint 1, which is gone, and cannot be judged without it.',
        'Checkpoint 3: It rests on checkpoint 1, which is gone, and cannot be judged without it.',
      ]);
    });

    it('is made of what is there when a record is gone or its chain was made again, and those before it tell so', async () => {
      const { world, intruder, ids } = here;
      await world.engine.checkpoint();
      const last = await world.version(ids.printer);
      await intruder.rehash(ids.printer, last, (text) => (text.at = Number(text.at) + 1));
      await intruder.run('DELETE FROM history WHERE record = ?', [ids.order]);
      await intruder.run('DELETE FROM records WHERE id = ?', [ids.order]);
      await world.engine.checkpoint();
      await world.engine.checkpoint();
      const told = (await here.problems()).filter(({ kind }) => kind === 'checkpoint').map(({ record, message }) => [record, message]);
      expect(told).toEqual(
        expect.arrayContaining([
          [ids.order, 'Checkpoint 1: an entry that it seals is gone.'],
          [ids.printer, 'Checkpoint 1: an entry that it seals is not what it was: the chain was made again.'],
        ]),
      );
      expect(told).toHaveLength(2);
    });

    it('shows by its root that what is remembered of the sealed was altered', async () => {
      const { world, intruder, ids } = here;
      await world.engine.checkpoint();
      await world.engine.comment({ record: ids.mail, actor: world.people.ada, text: 'Solved.' });
      await intruder.run('UPDATE sealed_heads SET head = (SELECT substr(r.head, 1, 16) FROM records r WHERE r.id = record)');
      await world.engine.checkpoint();
      expect(await told()).toEqual(['Checkpoint 2: Its heads do not give its root.']);
    });
  });

  it('kept outside shows what its removal here would hide', async () => {
    await here.world.engine.checkpoint();
    const kept = [await here.world.engine.checkpointFile(1)];
    expect((await here.world.engine.verify({ kept })).problems).toEqual([]);
    await here.intruder.run('DELETE FROM checkpoints');
    await here.intruder.run('DELETE FROM history WHERE record = ?', [here.ids.order]);
    await here.intruder.run('DELETE FROM records WHERE id = ?', [here.ids.order]);
    expect((await here.world.engine.verify()).problems).toEqual([]);
    const report = await here.world.engine.verify({ kept });
    expect(report.problems.map(({ record, message }) => [record, message])).toEqual([
      [here.ids.order, 'Checkpoint 1 as it was kept outside: an entry that it seals is gone.'],
      [null, 'Checkpoint 1 was kept outside, but is no longer here: it was removed.'],
    ]);
  });
});
