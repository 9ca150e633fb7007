import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/definitions/authored.js';
import { DAY, HOUR, MINUTE, type Running, refusal, running } from './running.js';
import { MONDAY } from './testEngine.js';

type Files = { readonly [file: string]: unknown };
const form = { type: 'object', properties: { title: { type: 'string' }, size: { type: 'number' }, voters: { type: 'array', items: { type: 'string' } } } };
const vote = { actions: { type: 'vote', params: { approval: 'cab', choice: 'approve' } } };

/** The first edition: waiting has a timer, asking has voters, a clock runs. */
const first: Files = {
  'statechart.json': {
    id: 'work',
    initial: 'open',
    states: {
      open: { on: { WAIT: 'waiting', ASK: 'asking' } },
      waiting: { after: { 3600000: 'open' }, on: { BACK: 'open' } },
      asking: { on: { YES: vote, 'approval.cab.approved': 'open', 'approval.cab.refused': 'open', 'approval.cab.lapsed': 'open' } },
    },
  },
  'form.json': form,
  'process.json': {
    clocks: { fix: { runs: { in: ['open', 'waiting'] }, target: 'PT8H' } },
    approvals: { cab: { state: 'asking', binds: ['title'], steps: [{ name: 'board', voters: { users: { var: 'record.voters' } }, quorum: 'all' }] } },
  },
};
/** The second: waiting is called paused inside another state, there is a new field and a new event. */
const second = (migration: JsonObject = {}): Files => ({
  ...first,
  'statechart.json': {
    id: 'work',
    initial: 'open',
    states: {
      open: { on: { WAIT: 'active.paused', ASK: 'asking', NEW: 'open' } },
      active: { initial: 'paused', states: { paused: { after: { 3600000: '#work.open', 7200000: '#work.open' }, on: { BACK: '#work.open' } } } },
      asking: { on: { YES: vote, 'approval.cab.approved': 'open', 'approval.cab.refused': 'open', 'approval.cab.lapsed': 'open' } },
    },
  },
  'process.json': { ...(first['process.json'] as JsonObject), clocks: { fix: { runs: { in: ['open', 'active'] }, target: 'PT8H' } } },
  'form.json': { ...form, properties: { ...form.properties, weight: { type: 'number' } } },
  'migration.json': { states: { waiting: 'active.paused' }, fields: { weight: { '*': [{ var: ['record.size', 0] }, 10] } }, ...migration },
});
const texts = (files: Files): Record<string, string> => Object.fromEntries(Object.entries(files).map(([file, content]) => [file, JSON.stringify(content)]));
const owner = { id: 'olga', roles: ['process-owner'], teams: [] };

async function withRecord(): Promise<Running & { id: string; publish(files: Files, note?: string): Promise<string> }> {
  const test = await running({ processes: { work: first } });
  await test.user('olga', ['process-owner']);
  const { id } = await test.create('work', { title: 'a', size: 4 });
  return {
    ...test,
    id,
    publish: async (files, note = 'new') => (await test.engine.publish({ process: 'work', files: texts(files), note, actor: owner, source: 'browser' })).hash,
  };
}

describe('a new version', () => {
  it('is for new records; the old ones stay on theirs, also after a restart', async () => {
    let test: Running & { id?: string } = await withRecord();
    const { id = '' } = test;
    const old = (await test.look(id)).definitionVersion;
    const hash = await (test as Awaited<ReturnType<typeof withRecord>>).publish(second());
    const young = await test.create('work');
    expect([young.definitionVersion, (await test.look(id)).definitionVersion]).toEqual([hash, old]);
    test = await test.again();
    expect((await refusal(test.send(id, 'NEW'))).code).toBe('EVENT_UNKNOWN');
    expect((await test.send(young.id, 'NEW')).record.state).toBe('open');
    expect((await test.send(id, 'WAIT')).record.state).toBe('waiting');
    expect((await test.engine.versions('work', owner)).map((version) => [version.hash === hash, version.current, version.records])).toEqual(
      expect.arrayContaining([
        [true, true, 1],
        [false, false, 1],
      ]),
    );
    await test.sound();
  });

  it('is refused whole when it has errors, with every one of them; what runs goes on', async () => {
    const test = await withRecord();
    const bad = {
      ...first,
      'statechart.json': { id: 'work', initial: 'open', states: { open: { on: { WAIT: 'nowhere', GO: { target: 'open', guard: 'unheardOf' } } } } },
    };
    const error = await refusal(test.engine.publish({ process: 'work', files: texts(bad), note: 'bad', actor: owner, source: 'browser' }));
    expect(error.code).toBe('DEFINITION_FAULTY');
    expect((error.facts.problems as unknown[]).length).toBeGreaterThan(1);
    expect((await test.send(test.id, 'WAIT')).record.state).toBe('waiting');
    expect(await test.engine.versions('work', owner)).toHaveLength(1);
  });

  it('is published by owners only, once for a content; an old one can be put in force again', async () => {
    const test = await withRecord();
    const old = (await test.look(test.id)).definitionVersion;
    expect((await refusal(test.engine.publish({ process: 'work', files: texts(second()), note: '', actor: test.ann, source: 'api' }))).code).toBe('FORBIDDEN');
    const hash = await test.publish(second());
    expect(await test.engine.publish({ process: 'work', files: texts(second()), note: 'again', actor: owner, source: 'api' })).toMatchObject({
      hash,
      created: false,
    });
    await test.engine.activate({ process: 'work', hash: old, note: 'back', actor: owner });
    expect((await test.create('work')).definitionVersion).toBe(old);
  });
});

describe('migrating a record', () => {
  it('carries state, fields, clock and timers over as migration.json says, by a step of its own', async () => {
    const test = await withRecord();
    await test.send(test.id, 'WAIT');
    await test.wait(30 * MINUTE);
    const hash = await test.publish(second());
    const dry = await test.engine.migrate({ record: test.id, actor: owner, dryRun: true });
    expect(dry.record).toMatchObject({ state: { active: 'paused' }, definitionVersion: hash, data: { weight: 40 } });
    expect(await test.look(test.id)).toMatchObject({ state: 'waiting', version: 2 });
    const { record } = await test.engine.migrate({ record: test.id, actor: owner });
    expect(record).toMatchObject({
      state: { active: 'paused' },
      definitionVersion: hash,
      version: 3,
      data: { title: 'a', size: 4, weight: 40 },
      clocks: { fix: { status: 'running', elapsed: 30 * MINUTE } },
    });
    expect((await test.engine.history(test.id, test.ann, { limit: 9 })).items.at(-1)).toMatchObject({ event: 'migrated', actor: 'olga', data: { to: hash } });
    await test.sound();
    await test.wait(2 * DAY);
    expect((await test.look(test.id)).state).toBe('open');
    await test.sound();
  });

  it('keeps a timer that both versions have running from when it began, or begins it anew', async () => {
    for (const timers of ['carry', 'restart'] as const) {
      const test = await withRecord();
      await test.send(test.id, 'WAIT');
      await test.wait(30 * MINUTE);
      const renamed = { ...first, 'migration.json': { timers, fields: { title: 'b' } } };
      await test.publish(renamed);
      await test.engine.migrate({ record: test.id, actor: owner });
      expect(
        (await test.engine.timers(test.id, test.ann)).map((timer) => timer.dueAt).filter((due) => due < MONDAY + 3 * HOUR),
        timers,
      ).toEqual([MONDAY + (timers === 'carry' ? HOUR : 1.5 * HOUR)]);
      await test.sound();
    }
  });

  it('restarts a clock, and lets open votes lapse or carries them, where that is said', async () => {
    const test = await withRecord();
    await test.user('vic', []);
    await test.user('wim', []);
    const asked = async () => {
      const { id } = await test.create('work', { voters: ['vic', 'wim'] });
      await test.send(id, 'ASK');
      await test.send(id, 'YES', {}, { id: 'vic', roles: [], teams: [] });
      return id;
    };
    const [lapsing, carried] = [await asked(), await asked()];
    const lapse = await test.publish({ ...first, 'migration.json': { votes: 'lapse', clocks: { fix: 'restart' } } });
    await test.wait(HOUR);
    expect((await test.engine.migrate({ record: lapsing, actor: owner, to: lapse })).record).toMatchObject({
      state: 'open',
      approvals: { cab: { status: 'lapsed' } },
      clocks: { fix: { elapsed: 0, status: 'running' } },
    });
    const carry = await test.publish({ ...first, 'migration.json': { votes: 'carry' } });
    await test.engine.migrate({ record: carried, actor: owner, to: carry });
    expect((await test.send(carried, 'YES', {}, { id: 'wim', roles: [], teams: [] })).record).toMatchObject({
      state: 'open',
      approvals: { cab: { status: 'approved' } },
    });
    await test.sound();
  });

  it('is refused where a state has no counterpart, and for those who may not', async () => {
    const test = await withRecord();
    await test.send(test.id, 'WAIT');
    await test.publish(second({ states: {} }));
    const error = await refusal(test.engine.migrate({ record: test.id, actor: owner }));
    expect([error.code, JSON.stringify(error.facts.fields)]).toEqual(['DATA_INVALID', expect.stringContaining('waiting')]);
    expect((await refusal(test.engine.migrate({ record: test.id, actor: test.ann }))).code).toBe('ROLE_REFUSED');
    expect((await test.look(test.id)).version).toBe(2);
  });
});
