import { describe, expect, it } from 'vitest';
import type { RunningEngine } from '../../engine/createEngine.js';
import type { Actor } from '../../engine/types.js';
import { type Running, refusal, running } from './running.js';

const SECRET = 'zanzibar';
const hidden = { confidential: true, readers: ['hr'] };
const processes = {
  case: {
    'statechart.json': {
      id: 'case',
      initial: 'open',
      states: {
        open: {
          on: {
            EDIT: { meta: { form: ['title', 'secret', 'agent', 'level', 'weight'] } },
            GRADE: { target: 'graded', guard: 'heavy' },
            CLOSE: { target: 'closed', guard: 'named' },
          },
        },
        graded: {},
        closed: { type: 'final' },
      },
    },
    'rules.json': {
      guards: { heavy: { '>': [{ var: ['record.weight', 0] }, 100000] }, named: { '===': [{ var: ['record.secret', ''] }, 'somebody else'] } },
      checks: { small: { rule: { '<': [{ var: ['record.weight', 0] }, 900000] }, message: 'Too heavy.', field: 'weight' } },
    },
    'form.json': {
      type: 'object',
      properties: {
        title: { type: 'string', 'x-charter': hidden },
        secret: { type: 'string', 'x-charter': hidden },
        agent: { type: 'string', 'x-charter': { ...hidden, reference: { kind: 'user' } } },
        level: { type: 'string', enum: ['zulu', 'yankee'], 'x-charter': hidden },
        weight: { type: 'number', 'x-charter': hidden },
        open: { type: 'string' },
      },
    },
    'process.json': {
      prefix: 'CAS',
      columns: { title: 'title', assignee: 'agent', priority: 'level', requester: 'secret', service: 'secret', team: 'secret' },
      list: ['title'],
      links: { kin: { title: 'Kin', many: true } },
    },
  },
  other: {
    'statechart.json': { id: 'other', initial: 'open', states: { open: {} } },
    'form.json': { type: 'object', properties: { title: { type: 'string' } } },
    'process.json': { links: { about: { title: 'About', to: ['case'], many: true } } },
  },
};
const rules = { 'policy/roles.json': { kind: 'roles', roles: { hr: { title: 'HR' }, desk: { title: 'Desk' } } } };

async function withCase(): Promise<Running & { hr: Actor; desk: Actor; id: string }> {
  const test = await running({ processes, rules });
  const [hr, desk] = [await test.user('hanna', ['hr']), await test.user('dora', ['desk'])];
  await test.user(SECRET, []);
  const { id } = await test.create('case', { title: `About ${SECRET}`, secret: SECRET, agent: SECRET, level: 'zulu', weight: 424242, open: 'seen by all' }, hr);
  await test.send(id, 'EDIT', { weight: 434343 }, hr);
  return { ...test, hr, desk, id };
}

/** Everything an actor can read of the case, as one text. */
async function everything(engine: RunningEngine, id: string, actor: Actor, now: number): Promise<string> {
  const seen: unknown[] = [
    await engine.record(id, actor),
    await engine.list({ limit: 50 }, actor),
    await engine.list({ limit: 50, sort: 'title' }, actor),
    await engine.history(id, actor, { limit: 50 }),
    await engine.entries({ limit: 50 }, actor),
    await engine.transitions(id, actor),
    (await engine.at(id, now, actor)).record,
    await engine.links(id, actor),
  ];
  for (const type of ['GRADE', 'CLOSE']) seen.push(await engine.send({ record: id, type, data: {}, actor }).catch((error: { facts: unknown }) => error.facts));
  seen.push(await engine.send({ record: id, type: 'EDIT', data: {}, actor, version: 1 }).catch((error: { facts: unknown }) => error.facts));
  return JSON.stringify(seen);
}

describe('a confidential field', () => {
  it('is seen by its readers', async () => {
    const { engine, hr, id, clock } = await withCase();
    const text = await everything(engine, id, hr, clock.now());
    for (const word of [SECRET, 'zulu', '434343', '424242']) expect(text).toContain(word);
  });

  it('is seen by nobody else: not on the record, in lists, in its history, in forms, in refusals, at a point in time', async () => {
    const test = await withCase();
    const { record } = await test.engine.create({ process: 'other', data: { title: 'x' }, actor: test.desk });
    await test.engine.link({ record: record.id, name: 'about', to: test.id, actor: test.desk });
    const view = await test.engine.record(test.id, test.desk);
    expect([view.data, [...view.withheld].sort()]).toEqual([{ open: 'seen by all' }, ['agent', 'level', 'secret', 'title', 'weight']]);
    const text = `${await everything(test.engine, test.id, test.desk, test.clock.now())}${JSON.stringify(await test.engine.links(record.id, test.desk))}`;
    for (const word of [SECRET, 'zulu', '434343', '424242']) expect(text, word).not.toContain(word);
  });

  it('is found by no search, and by no filter on its column', async () => {
    const { engine, desk, hr, id } = await withCase();
    const found = async (query: object, actor: Actor) =>
      (await engine.list({ limit: 5, processes: ['case'], ...query }, actor)).items.map((record) => record.id);
    expect(await found({ q: 'seen by' }, desk)).toEqual([id]);
    for (const query of [
      { q: SECRET },
      { q: '434343' },
      { assignee: SECRET },
      { priority: 'zulu' },
      { requester: SECRET },
      { service: SECRET },
      { team: SECRET },
    ])
      expect(await found(query, desk), JSON.stringify(query)).toEqual([]);
    for (const query of [{ assignee: SECRET }, { priority: 'zulu' }]) expect(await found(query, hr), JSON.stringify(query)).toEqual([id]);
  });

  it('is not told by what the one who changed it gets back', async () => {
    const { engine, desk, id } = await withCase();
    const result = await engine.send({ record: id, type: 'EDIT', data: { secret: 'changed by desk' }, actor: desk });
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });
});

describe('a field that a later version makes confidential', () => {
  it('is withheld from then on, on the records of older versions and in their history as well', async () => {
    const test = await withCase();
    const olga = await test.user('olga', ['process-owner']);
    const form = processes.case['form.json'];
    const files = { ...processes.case, 'form.json': { ...form, properties: { ...form.properties, open: { type: 'string', 'x-charter': hidden } } } };
    const read = async () => JSON.stringify([await test.engine.record(test.id, test.desk), await test.engine.history(test.id, test.desk, { limit: 9 })]);
    expect(await read()).toContain('seen by all');
    await test.engine.publish({
      process: 'case',
      files: Object.fromEntries(Object.entries(files).map(([file, content]) => [file, JSON.stringify(content)])),
      note: '',
      actor: olga,
      source: 'api',
    });
    expect(await read()).not.toContain('seen by all');
  });
});

describe('a process that not everybody may read', () => {
  const scoped = {
    paper: {
      'statechart.json': {
        id: 'paper',
        initial: 'open',
        states: { open: { on: { SIGN: { target: 'signed' }, GIVE: { meta: { form: ['holder'] } } } }, signed: {} },
      },
      'form.json': {
        type: 'object',
        properties: {
          title: { type: 'string' },
          holder: { type: 'string', 'x-charter': { reference: { kind: 'user' } } },
          group: { type: 'string', 'x-charter': { reference: { kind: 'team' } } },
        },
      },
      'process.json': {
        prefix: 'PAP',
        read: { roles: ['hr'], named: ['holder', 'group', 'createdBy'] },
        columns: { title: 'title', assignee: 'holder' },
        links: { kin: { title: 'Kin', many: true } },
      },
    },
  };

  it('shows each his own: his role’s, his name’s, his team’s, and nothing else exists for him', async () => {
    const test = await running({ processes: scoped, rules });
    const [hr, eva, tom, max] = [
      await test.user('hanna', ['hr']),
      await test.user('eva', []),
      await test.user('tom', [], ['legal']),
      await test.user('max', []),
    ];
    const make = async (data: object) => (await test.engine.create({ process: 'paper', data: data as never, actor: hr })).record;
    const [evas, legals, nobodys] = [
      await make({ title: 'for eva', holder: 'eva' }),
      await make({ title: 'for legal', group: 'legal' }),
      await make({ title: 'for nobody' }),
    ];
    const listed = async (actor: Actor) =>
      (await test.engine.list({ limit: 9, sort: 'number', direction: 'asc' }, actor)).items.map((record) => record.data.title);
    expect([await listed(hr), await listed(eva), await listed(tom), await listed(max)]).toEqual([
      ['for eva', 'for legal', 'for nobody'],
      ['for eva'],
      ['for legal'],
      [],
    ]);
    expect(await test.engine.count({}, eva, 10)).toBe(1);
    expect((await test.engine.list({ limit: 9, q: 'nobody' }, eva)).items).toEqual([]);
    expect((await test.engine.entries({ limit: 50 }, eva)).items.map((entry) => entry.record)).toEqual([evas.id]);
    for (const work of [
      () => test.engine.record(nobodys.id, eva),
      () => test.engine.record(nobodys.number, eva),
      () => test.engine.history(nobodys.id, eva, { limit: 5 }),
      () => test.engine.transitions(nobodys.id, eva),
      () => test.engine.timers(nobodys.id, eva),
      () => test.engine.comments(nobodys.id, eva),
      () => test.engine.at(nobodys.id, test.clock.now(), eva),
      () => test.engine.send({ record: nobodys.id, type: 'SIGN', data: {}, actor: eva }),
      () => test.engine.send({ record: nobodys.number, type: 'SIGN', data: {}, actor: eva, version: 7 }),
      () => test.engine.comment({ record: nobodys.id, text: 'hello', actor: eva }),
      () => test.engine.record('PAP-999999', eva),
    ])
      expect((await refusal(work())).code).toBe('RECORD_NOT_FOUND');
    expect((await refusal(test.engine.link({ record: evas.id, name: 'kin', to: nobodys.id, actor: eva }))).code).toBe('LINK_REFUSED');
    expect((await test.engine.send({ record: legals.id, type: 'SIGN', data: {}, actor: tom })).record.state).toBe('signed');

    await test.engine.send({ record: evas.id, type: 'GIVE', data: { holder: 'max' }, actor: hr });
    expect([await listed(eva), await listed(max)]).toEqual([[], ['for eva']]);
  });

  it('shows its creator what he made, where the process says so', async () => {
    const test = await running({ processes: scoped, rules });
    const eva = await test.user('eva', []);
    const { record } = await test.engine.create({ process: 'paper', data: { title: 'mine' }, actor: eva });
    expect((await test.engine.list({ limit: 5 }, eva)).items.map((item) => item.id)).toEqual([record.id]);
  });
});
