import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActivationRow, DefinitionRow, UserRow } from '../../../engine/store/types.js';
import { step, unit } from './sampleSteps.js';
import { createTestStore, type TestStore } from './testStore.js';

let test: TestStore;
beforeEach(async () => void (test = await createTestStore()));
afterEach(() => test.drop());

const hash = (letter: string): string => letter.repeat(64);
const definition = (letter: string, process = 'incident'): DefinitionRow => ({
  hash: hash(letter),
  process,
  text: `{"v":"${letter}"}`,
  publishedAt: 1,
  publishedBy: 'ada',
  note: 'n',
  source: 'browser',
});
const activation = (letter: string, at: number, process = 'incident'): ActivationRow => ({
  process,
  hash: hash(letter),
  at,
  by: 'ada',
  note: '',
  source: 'api',
});

describe('definitions', () => {
  it('are published with their activations and found by content', async () => {
    const store = test.store.definitions;
    await store.publish({
      definitions: [definition('a'), definition('b'), definition('c', 'change')],
      activations: [activation('a', 1), activation('c', 1, 'change')],
      references: [],
    });
    await store.publish({ definitions: [{ ...definition('a'), note: 'another' }], activations: [activation('b', 2)], references: [] });
    await store.publish({ definitions: [], activations: [activation('a', 3)], references: [] });
    expect(await store.definition(hash('a'))).toEqual(definition('a'));
    expect(await store.definition(hash('z'))).toBeNull();
    expect((await store.definitions('incident')).map((row) => row.hash)).toEqual([hash('a'), hash('b')]);
    expect(await store.definitions()).toHaveLength(3);
    expect(await store.current()).toEqual([activation('c', 1, 'change'), activation('a', 3)]);
    expect(await store.activations('incident')).toEqual([activation('a', 1), activation('b', 2), activation('a', 3)]);
    expect(await store.revision()).toBe(3);
  });

  it('are published all or nothing', async () => {
    const faulty = { definitions: [definition('a')], activations: [activation('unknown', 1)], references: [] };
    await expect(test.store.definitions.publish(faulty)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await test.store.definitions.definitions()).toEqual([]);
    expect(await test.store.definitions.revision()).toBe(0);
  });

  it('keep the reference data in force, also when it goes back to what it was', async () => {
    const store = test.store.definitions;
    const reference = (letter: string, at: number) => ({ hash: hash(letter), text: `{"${letter}":1}`, at, by: 'ada' });
    for (const row of [reference('a', 1), reference('a', 2), reference('b', 3), reference('a', 4)]) {
      await store.publish({ definitions: [], activations: [], references: [row] });
    }
    expect(await store.reference()).toEqual(reference('a', 4));
    expect(await store.referenceByHash(hash('b'))).toEqual(reference('b', 3));
  });

  it('know how many records each version has', async () => {
    await test.store.definitions.publish({ definitions: [definition('d'), definition('e')], activations: [], references: [] });
    await test.store.records.commit(unit(step('record-000001', null), step('record-000002', null)));
    expect(await test.store.records.countByDefinition('incident', 10)).toEqual({ [hash('d')]: 2 });
    expect(await test.store.records.countByDefinition('incident', 1)).toEqual({ [hash('d')]: 1 });
  });

  it('have drafts, one for each process and owner', async () => {
    const store = test.store.definitions;
    await store.saveDraft({ process: 'incident', owner: 'ada', text: '{}', updatedAt: 1 });
    await store.saveDraft({ process: 'incident', owner: 'ada', text: '{"a":1}', updatedAt: 2 });
    await store.saveDraft({ process: 'incident', owner: 'bo', text: '{}', updatedAt: 1 });
    expect(await store.draft('incident', 'ada')).toEqual({ process: 'incident', owner: 'ada', text: '{"a":1}', updatedAt: 2 });
    await store.dropDraft('incident', 'bo');
    expect(await store.drafts()).toHaveLength(1);
  });
});

describe('people', () => {
  const ada: UserRow = {
    id: 'ada',
    name: 'Ada',
    email: null,
    passwordHash: 'p',
    roles: ['auditor'],
    teams: ['desk'],
    zone: 'Europe/Vienna',
    standIn: null,
    absentUntil: 5,
    active: true,
    createdAt: 1,
  };

  it('are kept with roles and teams, and their revision grows', async () => {
    const store = test.store.people;
    await store.saveUser(ada);
    await store.saveUser({ ...ada, active: false, roles: [] });
    await store.saveTeam({ id: 'desk', title: 'Desk', email: 'desk@example.org' });
    expect(await store.user('ada')).toEqual({ ...ada, active: false, roles: [] });
    expect(await store.user('nobody')).toBeNull();
    expect(await store.users()).toHaveLength(1);
    expect(await store.teams()).toEqual([{ id: 'desk', title: 'Desk', email: 'desk@example.org' }]);
    expect(await store.revision()).toBe(3);
  });

  it('have tokens and sessions that can be taken away', async () => {
    const store = test.store.people;
    await store.saveUser(ada);
    const token = { id: 't', user: 'ada', title: 'laptop', hash: 'h', createdAt: 1, expiresAt: null };
    await store.saveToken(token);
    expect(await store.token('h')).toEqual(token);
    expect(await store.tokens('ada')).toEqual([token]);
    await store.dropToken('t');
    expect(await store.token('h')).toBeNull();
    await store.saveSession({ id: 's', user: null, data: '{}', expiresAt: 9 });
    await store.saveSession({ id: 's', user: 'ada', data: '{"a":1}', expiresAt: 10 });
    expect(await store.session('s')).toEqual({ id: 's', user: 'ada', data: '{"a":1}', expiresAt: 10 });
    await store.dropSessionsOf('ada');
    expect(await store.session('s')).toBeNull();
  });
});

describe('history', () => {
  it('pages by sequence, filters, and streams every entry in order', async () => {
    const first = step('record-000001', null);
    const second = step('record-000001', first.record);
    await test.store.records.commit(unit(first, step('record-000002', null)));
    await test.store.records.commit(unit(second));
    const { history } = test.store;
    const page = await history.page({ record: 'record-000001', limit: 1 });
    expect(page.items).toEqual([first.entry]);
    expect((await history.page({ record: 'record-000001', limit: 1, cursor: page.next ?? '' })).items).toEqual([second.entry]);
    expect((await history.page({ event: 'WORK', limit: 5 })).items).toEqual([second.entry]);
    expect((await history.page({ actor: 'ada', direction: 'desc', limit: 5 })).items[0]).toEqual(second.entry);
    expect((await history.page({ from: second.entry.at, limit: 5 })).items).toEqual([second.entry]);
    expect((await history.page({ to: second.entry.at, limit: 5 })).items).toHaveLength(2);
    expect((await history.page({ origin: 'timer', limit: 5 })).items).toEqual([]);
    const streamed = [];
    for await (const batch of history.scan({ batch: 2 })) {
      streamed.push(...batch);
    }
    expect(streamed.map((entry) => [entry.record, entry.sequence])).toEqual([
      ['record-000001', 1],
      ['record-000001', 2],
      ['record-000002', 1],
    ]);
    const heads = [];
    for await (const batch of history.heads({ batch: 1 })) {
      heads.push(...batch);
    }
    expect(heads.map(({ record, version, head }) => ({ record, version, head }))).toEqual([
      { record: 'record-000001', version: 2, head: second.entry.hash },
      { record: 'record-000002', version: 1, head: expect.any(String) },
    ]);
    const ends = [];
    for await (const batch of history.chainEnds({ batch: 1 })) {
      ends.push(...batch);
    }
    expect(ends).toEqual(heads.map(({ record, version, head }) => ({ record, sequence: version, hash: head })));
    const found = await history.hashesAt([...ends, { record: 'record-000002', sequence: 9 }]);
    expect(found).toHaveLength(ends.length);
    expect(found).toEqual(expect.arrayContaining(ends));
    expect(await history.hashesAt([])).toEqual([]);
  });

  it('keeps checkpoints', async () => {
    const { history } = test.store;
    expect(await history.newestCheckpoint()).toBeNull();
    const seal = { sequence: 1, at: 1, records: 2, entries: 3, root: 'r', signature: 's', publicKey: 'k' };
    const next = { ...seal, sequence: 2, at: 2 };
    for (const each of [seal, next]) await history.addCheckpoint({ ...each, heads: '[]' });
    // Heads are as many as records: only who asks for one checkpoint gets them.
    expect(await history.checkpoints()).toEqual([seal, next]);
    expect(await history.newestCheckpoint()).toEqual(next);
    expect(await history.checkpoint(1)).toEqual({ ...seal, heads: '[]' });
    expect(await history.checkpoint(3)).toBeNull();
  });
});
