import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Intruder, intrude } from './intruder.js';
import { incidentWorld, type World } from './world.js';

let world: World;

describe('a store from which personal data was erased', () => {
  let intruder: Intruder;
  let mail: string;

  beforeAll(async () => {
    world = await incidentWorld();
    mail = world.ids.mail;
    await world.engine.erase({ record: mail, actor: world.people.root, fields: ['summary', 'description', 'comments'], reason: 'The person asked for it' });
    await world.engine.comment({ record: mail, actor: world.people.ada, text: 'Written afterwards.' });
    intruder = await intrude(world.database);
  });
  afterEach(() => intruder.undo());
  afterAll(async () => {
    await intruder.close();
    await world.close();
  });

  it('verifies and says how much was erased', async () => {
    const report = await world.engine.verify();
    expect(report.problems).toEqual([]);
    expect(report.warnings).toEqual([]);
    // Four values of the creation, two texts of comments, four changes of the erasure itself and before.
    expect(report.erased).toBeGreaterThanOrEqual(6);
  });

  it('still shows when something else was taken away under its cover', async () => {
    const { key } = await intruder.entry(mail, 1);
    await intruder.run('UPDATE history_values SET content = json_remove(content, \'$."d.impact"\') WHERE entry = ?', [key ?? null]);
    expect((await world.engine.verify()).problems).toMatchObject([{ kind: 'values', record: mail, sequence: 1 }]);
  });

  it('still shows when a value was taken away after the erasure', async () => {
    const { key } = await intruder.entry(mail, await world.version(mail));
    await intruder.run('UPDATE history_values SET content = json_remove(content, \'$."d.text"\') WHERE entry = ?', [key ?? null]);
    const sequence = await world.version(mail);
    expect((await world.engine.verify()).problems).toMatchObject([
      { kind: 'values', record: mail, sequence },
      { kind: 'comment', record: mail, sequence },
    ]);
  });

  it.each([
    ['$.data.urgency', '"low"', 'state'],
    ['$.data.summary', '"Put back"', 'state'],
    ['$.value', '"closed"', 'state'],
    ['$.status', '"done"', 'state'],
    ['$.clocks.resolution.counted', '1', 'clock'],
  ])('still shows when %s of the record was altered, though it cannot be decided again', async (path, value, kind) => {
    await intruder.run('UPDATE records SET state = json_set(state, ?, json(?)) WHERE id = ?', [path, value, mail]);
    expect((await world.engine.verify()).problems.map((problem) => problem.kind)).toContain(kind);
  });
});

describe('entries that another version of the engine made', () => {
  let intruder: Intruder;

  beforeAll(async () => {
    world = await incidentWorld();
    intruder = await intrude(world.database);
  });
  afterEach(() => intruder.undo());
  afterAll(async () => {
    await intruder.close();
    await world.close();
  });

  const older = (text: Record<string, unknown>): void => void Object.assign(text, { engine: '0', marks: [] });

  it('are warned of when they would come out differently, and the rest is still checked', async () => {
    const place = await world.place(world.ids.order, 'SUBMIT');
    await intruder.rehash(world.ids.order, place, older);
    const { warnings, problems } = await world.engine.verify({ record: world.ids.order });
    expect(warnings).toMatchObject([{ kind: 'replay', record: world.ids.order, sequence: place }]);
    expect(problems.map(({ kind }) => kind)).toEqual(['clock']);
    await intruder.run("UPDATE records SET state = json_set(state, '$.data.quantity', 7) WHERE id = ?", [world.ids.order]);
    expect((await world.engine.verify({ record: world.ids.order })).problems.map(({ kind }) => kind)).toEqual(['state']);
  });

  it('are no matter at all when they come out the same', async () => {
    await intruder.rehash(world.ids.order, 1, (text) => void Object.assign(text, { engine: '0' }));
    expect(await world.engine.verify({ record: world.ids.order })).toMatchObject({ warnings: [], problems: [] });
  });
});
