import { describe, expect, it, onTestFinished } from 'vitest';
import { pause } from '../../engine/clock.js';
import type { RunningEngine } from '../../engine/index.js';
import type { News, Store } from '../../engine/store/types.js';
import { onPostgres, rowsBelow } from '../databases.js';
import { step, unit } from '../engine/store/sampleSteps.js';
import { createTestStore } from '../engine/store/testStore.js';
import { openEngines } from './engines.js';

/** A store, another server's on the same database, and what that one hears. */
async function pair(): Promise<{ one: Store; other: Store; url: string; heard: News[]; until(found: (news: News) => boolean): Promise<News> }> {
  const test = await createTestStore();
  const other = await test.again();
  onTestFinished(async () => {
    await other.close();
    await test.drop();
  });
  const heard: News[] = [];
  other.onNews((news) => void heard.push(news));
  await listeners(test.url, 1);
  return {
    one: test.store,
    other,
    url: test.url,
    heard,
    async until(found) {
      for (;;) {
        const news = heard.find(found);
        if (news) return news;
        await pause(5);
      }
    },
  };
}

async function listeners(url: string, count: number): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const asked = `SELECT pid FROM pg_stat_activity WHERE datname = '${name}' AND application_name = 'charter' AND query = 'LISTEN charter'`;
  while ((await rowsBelow(url, asked)).length < count) await pause(5);
}

describe('news between servers', () => {
  it('tell of definitions, people, and records of which something is due', async () => {
    const { one, until } = await pair();
    await one.definitions.publish({ definitions: [], activations: [], references: [] });
    await until(({ definitions }) => definitions);
    await one.people.saveTeam({ id: 'network', title: 'Network', email: null });
    await until(({ people }) => people);
    const first = step('record-000001', null);
    await one.records.commit(unit(first));
    expect(await until(({ processes }) => processes?.includes(first.record.process) === true)).toMatchObject({ due: false });
    await one.records.commit(unit(step('record-000002', null, { timers: [{ key: 'a', kind: 'after', event: 'a', dueAt: 1 }] })));
    await until(({ due }) => due);
  });

  it('are told together when there are many, and not to who tells them', async () => {
    const { one, other, heard, until } = await pair();
    const own: News[] = [];
    one.onNews((news) => void own.push(news));
    await Promise.all(Array.from({ length: 300 }, (_, place) => one.people.saveTeam({ id: `team-${place}`, title: 'T', email: null })));
    await one.definitions.publish({ definitions: [], activations: [], references: [] });
    await until(({ definitions }) => definitions);
    expect(heard.length).toBeLessThan(100);
    await other.close();
    expect(own).toEqual([]);
  });

  it('are heard again after the connection was cut, beginning with: anything may have happened', async () => {
    const { one, url, heard, until } = await pair();
    await onPostgres(url, (client) =>
      client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN charter'"),
    );
    expect(await until(({ processes }) => processes === null)).toEqual({ definitions: true, people: true, due: true, processes: null });
    heard.length = 0;
    await one.people.saveTeam({ id: 'network', title: 'Network', email: null });
    await until(({ people }) => people);
  });

  it('that are none of ours disturb nobody', async () => {
    const { one, url, until } = await pair();
    await onPostgres(url, (client) => client.query("NOTIFY charter, 'what is this?'"));
    await one.people.saveTeam({ id: 'network', title: 'Network', email: null });
    await until(({ people }) => people);
  });

  it('of a shape that nobody here tells end no server, and hide nothing', async () => {
    const { one, other, url, heard, until } = await pair();
    const told = [{ processes: 5 }, { processes: [{}], due: {} }, { processes: { forEach: 1 } }, [], { definitions: 'yes' }, { processes: ['a', 1] }];
    other.onNews(({ processes }) => {
      for (const process of processes ?? []) process.trim();
    });
    other.onNews(() => {
      throw new Error('a listener that fails');
    });
    for (const news of told) await onPostgres(url, (client) => client.query('SELECT pg_notify($1, $2)', ['charter', JSON.stringify({ by: 'x', news })]));
    await one.people.saveTeam({ id: 'network', title: 'Network', email: null });
    await until(({ people }) => people);
    const quiet = { definitions: false, people: false, due: false, processes: [] };
    expect(heard.slice(0, told.length)).toEqual([
      { ...quiet, processes: null },
      { ...quiet, processes: null, due: true },
      { ...quiet, processes: null },
      quiet,
      { ...quiet, definitions: true },
      { ...quiet, processes: null },
    ]);
  });

  it('bring the figures of every server up to date', async () => {
    const processes = {
      task: {
        'statechart.json': { id: 'task', initial: 'open', states: { open: { on: { CLOSE: 'closed' } }, closed: { type: 'final' } } },
        'process.json': { key: 'task', kpis: { open: { title: 'Open', target: 1, measure: { count: { in_state: 'open' } } } } },
      },
    };
    const { engines, user, url, clock } = await openEngines({ processes });
    const ann = await user({ id: 'ann' });
    await listeners(url, 2);
    const [one, other] = engines;
    const count = async (engine: RunningEngine | undefined): Promise<number | undefined> => (await engine?.kpis({ process: 'task' }, ann))?.records;
    // Written under an earlier instant than what is there: nothing in the tables tells at once that there is more.
    await one?.create({ process: 'task', data: {}, actor: ann });
    expect(await count(other)).toBe(1);
    clock.set(clock.now() - 3_600_000);
    await one?.create({ process: 'task', data: {}, actor: ann });
    while ((await count(other)) !== 2) await pause(5);
  });
});
