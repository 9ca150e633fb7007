import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordQuery } from '../../../engine/store/types.js';
import { everything, step, unit, type Wishes } from './sampleSteps.js';
import { createTestStore, type TestStore } from './testStore.js';

let test: TestStore;
const created = 1_772_442_001_000;
const people = ['ada', 'bo', 'cy'];
const id = (place: number): string => `record-${String(place).padStart(6, '0')}`;

/** 60 records: three assignees (every fourth none), two teams, processes incident and change, a few states, a due for every third. */
function wishesFor(place: number): Wishes {
  const process = place % 2 === 0 ? 'incident' : 'change';
  return {
    record: {
      process,
      number: `${process === 'incident' ? 'INC' : 'CHG'}-${String(place).padStart(6, '0')}`,
      status: place % 5 === 0 ? 'done' : 'active',
      createdAt: created + Math.floor(place / 2),
    },
    entry: { process } as never,
    paths: place % 5 === 0 ? ['closed'] : place % 3 === 0 ? ['active2', 'active2.working'] : ['active', 'active.working'],
    columns: {
      title: place % 7 === 0 ? null : `Title ${place % 10}`,
      assignee: place % 4 === 0 ? null : (people[place % 3] ?? null),
      team: place % 2 ? 'desk' : 'network',
      priority: place % 6 === 0 ? null : String(place % 4),
      requester: `user${place % 5}`,
      service: place === 8 ? 'mail_100%' : null,
      due: place % 3 === 0 ? 1_000 + (place % 9) : null,
    },
    search: place === 12 ? 'Çilek İSTANBUL yazıcı 100% "broken" OR NEAR' : `printer ${place}`,
    principals: [`user:user${place % 5}`, `team:${place % 2 ? 'desk' : 'network'}`],
  };
}

function madeStep(place: number): ReturnType<typeof step> {
  const { entry: _, ...wishes } = wishesFor(place);
  return step(id(place), null, wishes);
}

beforeAll(async () => {
  test = await createTestStore();
  await Promise.all(Array.from({ length: 60 }, (_, place) => test.store.records.commit(unit(madeStep(place)))));
  const five = madeStep(5);
  await test.store.records.commit(
    unit(step(id(5), five.record, { paths: five.paths, columns: five.columns, linksAdded: [{ from: id(5), name: 'caused-by', to: id(6), at: 1 }] })),
  );
});
afterAll(() => test.drop());

const places = async (query: Partial<RecordQuery>): Promise<number[]> =>
  (await test.store.records.list({ limit: 100, scope: everything, ...query })).items.map((row) => Number(row.record.id.slice(-6)));
const sorted = async (query: Partial<RecordQuery>): Promise<number[]> => (await places(query)).sort((a, b) => a - b);
const all = Array.from({ length: 60 }, (_, place) => place);

describe('filtering', () => {
  it.each<[string, Partial<RecordQuery>, (place: number) => boolean]>([
    ['process', { processes: ['incident'] }, (place) => place % 2 === 0],
    ['several processes', { processes: ['incident', 'change'] }, () => true],
    ['no process at all', { processes: [] }, () => false],
    ['status', { status: 'done' }, (place) => place % 5 === 0],
    ['process and status', { processes: ['change'], status: 'active' }, (place) => place % 2 === 1 && place % 5 !== 0],
    ['a state, not those it is the beginning of', { state: 'active' }, (place) => place % 5 !== 0 && place % 3 !== 0],
    ['a nested state', { state: 'active2.working' }, (place) => place % 5 !== 0 && place % 3 === 0],
    ['a state with wildcards', { state: 'act%' }, () => false],
    ['a state that holds the separator', { state: 'active|active.working' }, () => false],
    ['assignee', { assignee: 'bo' }, (place) => place % 4 !== 0 && place % 3 === 1],
    ['no assignee', { unassigned: true }, (place) => place % 4 === 0],
    ['team', { team: 'desk' }, (place) => place % 2 === 1],
    ['teams', { teams: ['desk', 'network'] }, () => true],
    ['priority', { priority: '2' }, (place) => place % 6 !== 0 && place % 4 === 2],
    ['requester', { requester: 'user3' }, (place) => place % 5 === 3],
    ['service, literally', { service: 'mail_100%' }, (place) => place === 8],
    ['service with a wildcard', { service: 'mail%' }, () => false],
    ['due', { dueBefore: 1_003 }, (place) => place % 3 === 0 && place % 9 < 3],
    ['creation from and before', { createdFrom: created + 10, createdTo: created + 20 }, (place) => place >= 20 && place < 40],
    ['a link, from either end', { linkedTo: id(6) }, (place) => place === 5],
    [
      'all at once',
      { processes: ['change'], status: 'active', team: 'desk', requester: 'user3', state: 'active' },
      (place) => place % 2 === 1 && place % 5 === 3 && place % 3 !== 0,
    ],
    ['an injected condition', { assignee: "bo' OR 1=1 --" }, () => false],
  ])('%s', async (_, query, holds) => {
    expect(await sorted(query)).toEqual(all.filter(holds));
    expect(await test.store.records.count({ scope: everything, ...query }, 1_000)).toBe(all.filter(holds).length);
  });

  it('counts no further than asked', async () => {
    expect(await test.store.records.count({ scope: everything }, 7)).toBe(7);
  });
});

describe('what a reader may see', () => {
  it('is all of some processes, of others what names them', async () => {
    expect(await sorted({ scope: { all: ['incident'], named: ['change'], principals: ['user:user1'] } })).toEqual(
      all.filter((place) => place % 2 === 0 || place % 5 === 1),
    );
    expect(await sorted({ scope: { all: [], named: ['change'], principals: ['user:user1', 'team:network'] } })).toEqual(
      all.filter((place) => place % 2 === 1 && place % 5 === 1),
    );
    expect(await sorted({ scope: { all: ['change'], named: [], principals: [] } })).toEqual(all.filter((place) => place % 2 === 1));
    expect(await sorted({ scope: { all: [], named: ['change'], principals: [] } })).toEqual([]);
    expect(await sorted({ scope: { all: [], named: [], principals: ['user:user1'] } })).toEqual([]);
  });

  it('holds for searching, counting and history too', async () => {
    const scope = { all: [], named: ['change'], principals: ['user:user1'] };
    expect(await sorted({ q: 'printer', scope })).toEqual(all.filter((place) => place % 2 === 1 && place % 5 === 1));
    expect(await test.store.records.count({ scope }, 100)).toBe(6);
    const entries = await test.store.history.page({ limit: 100, scope });
    expect(entries.items.map((entry) => entry.record).sort()).toEqual(all.filter((place) => place % 2 === 1 && place % 5 === 1).map(id));
  });
});

describe('searching', () => {
  it.each<[string, string, number[]]>([
    ['without regard to case, marks or the dotless i', 'cilek istanbul YAZICI', [12]],
    ['by the beginning of the last word', 'çilek ist', [12]],
    ['not by the beginning of an earlier word', 'cil istanbul', []],
    ['by number', 'INC-000012', [12]],
    ['by number without zeros', '12', [12]],
    ['by what looks like search syntax', '"broken" OR NEAR', [12]],
    ['by unbalanced quotes', '"broken', [12]],
    ['by a column filter that is none', 'text: cilek', []],
    ['for nothing but signs', '*^(){}', []],
  ])('%s', async (_, q, found) => {
    expect((await sorted({ q })).filter((place) => place === 12 || !q.includes('12'))).toEqual(found);
  });

  it('takes a blank text as no search', async () => {
    expect(await places({ q: '   ' })).toHaveLength(60);
  });

  it('follows a change of the text', async () => {
    const made = step('record-900000', null, { search: 'first words' });
    await test.store.records.commit(unit(made));
    await test.store.records.commit(unit(step('record-900000', made.record, { search: 'other words', paths: ['gone'], columns: { requester: 'nobody' } })));
    expect(await places({ q: 'first' })).toEqual([]);
    expect(await places({ q: 'other' })).toEqual([900_000]);
  });

  it('refuses a text of unreasonable length', async () => {
    await expect(places({ q: 'x'.repeat(1_001) })).rejects.toMatchObject({ code: 'QUERY_INVALID', facts: { parameter: 'q' } });
  });
});

describe('paging', () => {
  const sorts = ['created', 'updated', 'due', 'priority', 'title', 'number'] as const;
  it.each(sorts.flatMap((sort) => (['asc', 'desc'] as const).map((direction) => [sort, direction] as const)))(
    'by %s %s shows each record once, in order, empty values last',
    async (sort, direction) => {
      const whole = await test.store.records.list({ limit: 1_000, scope: everything, sort, direction });
      const seen = [];
      let cursor: string | null = null;
      do {
        const page = await test.store.records.list({ limit: 7, scope: everything, sort, direction, ...(cursor === null ? {} : { cursor }) });
        seen.push(...page.items);
        cursor = page.next;
      } while (cursor !== null);
      expect(seen.map((row) => row.record.id)).toEqual(whole.items.map((row) => row.record.id));
      expect(new Set(seen.map((row) => row.record.id)).size).toBe(61);
      const values = seen.map(
        ({ record, columns }) =>
          ({ created: record.createdAt, updated: record.updatedAt, due: columns.due, priority: columns.priority, title: columns.title, number: record.number })[
            sort
          ],
      );
      const present = values.filter((value) => value !== null);
      expect(values.slice(0, present.length)).toEqual(present);
      if (sort !== 'number') {
        const ordered = present.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0) * (direction === 'asc' ? 1 : -1));
        expect(present).toEqual(ordered);
      }
    },
  );

  it('goes on where it was when records are added meanwhile', async () => {
    const oldest = { scope: everything, sort: 'created', direction: 'asc' } as const;
    const before = await test.store.records.list({ ...oldest, limit: 20 });
    const first = await test.store.records.list({ ...oldest, limit: 10 });
    await test.store.records.commit(
      unit(step('record-800000', null, { record: { createdAt: created - 5 }, columns: { requester: 'nobody' }, paths: ['gone'] })),
    );
    const second = await test.store.records.list({ ...oldest, limit: 10, cursor: first.next ?? '' });
    expect([...first.items, ...second.items]).toEqual(before.items);
  });

  it.each(['', 'x', 'bnVsbA', Buffer.from('["created desc",{},"a"]').toString('base64url'), Buffer.from('["title asc","a","b"]').toString('base64url')])(
    'refuses the cursor %j',
    async (cursor) => {
      await expect(places({ cursor })).rejects.toMatchObject({ code: 'QUERY_INVALID', facts: { parameter: 'cursor' } });
    },
  );

  it.each([0, -1, 1.5, Number.NaN, 100_000])('refuses the limit %d', async (limit) => {
    await expect(places({ limit })).rejects.toMatchObject({ code: 'QUERY_INVALID', facts: { parameter: 'limit' } });
  });

  it.each(['state', 'constructor', 'id; DROP TABLE records'])('refuses to sort by %j', async (sort) => {
    await expect(places({ sort: sort as never })).rejects.toMatchObject({ code: 'QUERY_INVALID', facts: { parameter: 'sort' } });
  });
});
