import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ImportResult } from '../../../server/import/importFile.js';
import { rowsBelow } from '../../databases.js';
import { type TestEngine, testEngine } from '../../engine/testEngine.js';
import { folder } from './files.js';
import { find, importer, rowsOf, run } from './importing.js';

// Each test opens engines of its own and takes some hundred steps.
vi.setConfig({ testTimeout: 120_000 });

const files = folder();
const figures = {
  cases: 29,
  last_state: { Closed: 29 },
  reopened_cases: 3,
  transitions_between_different_states: { 'New > -100': 1, 'Closed > Active': 1 },
  priority_at_end: { '3 - Moderate': 26 },
};

/** All rows, taken in once, held against figures. */
let whole: TestEngine & ImportResult;
const after: (() => unknown)[] = [];
beforeAll(async () => {
  const opened = await testEngine({ only: ['incident'] }, (work) => void after.push(work));
  whole = { ...opened, ...(await run(opened.engine, { expected: files.write('figures.json', JSON.stringify(figures)) })) };
});
afterAll(async () => {
  for (const work of after.reverse()) await work();
});

describe('importing the real rows', () => {
  it('takes all but the two that carry a fault of the source, and accounts for each', async () => {
    const { engine, account } = whole;
    expect(account).toMatchObject({ rowsRead: 235, rowsApplied: 233, unchanged: 0, rowsRefused: 2, records: 29, cases: 29, whole: 28 });
    expect(account.refused).toEqual([
      { kind: 'state-unknown', count: 2, example: 'line 232, INC0028089: incident_state is "-100", which the mapping does not know' },
    ]);
    expect(account.steps).toBe((await engine.entries({ process: 'incident', limit: 1000 }, importer)).items.length);
  });

  it('keeps original instants and actors beside the real ones, and marks every step as imported', async () => {
    const { engine, clock } = whole;
    const [record] = await find(engine, 'INC0000045');
    expect(record).toMatchObject({ createdAt: Date.UTC(2016, 1, 29, 1, 16), createdBy: 'opened-by-8', paths: expect.arrayContaining(['closed']) });
    const { items } = await engine.history(record?.id ?? '', importer, { limit: 50 });
    expect(items.map((entry) => [entry.event, entry.actor, new Date(entry.at).toISOString()])).toEqual([
      ['record.created', 'opened-by-8', '2016-02-29T01:16:00.000Z'],
      ['UPDATE', 'updated-by-21', '2016-02-29T01:23:00.000Z'],
      ['RESOLVE', 'updated-by-642', '2016-02-29T08:53:00.000Z'],
      ['NOTE', 'updated-by-804', '2016-02-29T11:29:00.000Z'],
      ['CLOSE', 'updated-by-908', '2016-03-05T12:00:00.000Z'],
      ['imported', 'system', '2016-03-05T12:00:00.000Z'],
    ]);
    expect(items.every((entry) => entry.origin === 'import' && entry.recordedAt === clock.now())).toBe(true);
    expect(items.slice(1, 5).every((entry) => entry.onBehalfOf === 'system')).toBe(true);
  });

  it('makes the people and teams that are named, none of whom can sign in', async () => {
    const { engine } = whole;
    const person = await engine.people.user('updated-by-908');
    expect(person).toMatchObject({ name: 'Updated by 908', active: false, passwordHash: null });
    expect((await engine.teams()).map((team) => team.id)).toContain('group-56');
  });

  it('sends nobody anything', async () => {
    const { engine, databaseUrl } = await testEngine({ only: ['incident'] });
    await run(engine);
    expect(await rowsBelow(databaseUrl, 'SELECT key FROM outbox')).toEqual([]);
  });

  it('leaves a history that verifies', async () => {
    const { engine } = whole;
    const report = await engine.verify();
    expect(report.problems).toEqual([]);
    expect(report.records).toBe(29);
  });

  it('puts an instant that runs backwards after the step before it, and says so', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const { account } = await run(engine, { file: rowsOf(files, { name: 'backwards.csv', cases: ['INC0000137'] }) });
    expect(account.refused).toEqual([]);
    expect(account.adjusted).toMatchObject([{ kind: 'instant-before-the-last', example: expect.stringContaining('INC0000137') }]);
  });
});

describe('the comparison', () => {
  it("finds in Charter's history what the rows show, and lists what differs with examples and the reason", async () => {
    const { comparison } = whole;
    const figures = new Map(comparison?.figures.map((figure) => [figure.figure, figure]));
    expect(figures.get('cases')).toMatchObject({ charter: 29, same: true });
    expect(figures.get('last_state / Closed')).toMatchObject({ charter: 29, same: true });
    expect(figures.get('transitions_between_different_states / Closed > Active')).toMatchObject({ charter: 1, same: true });
    expect(figures.get('transitions_between_different_states / New > -100')).toMatchObject({
      expected: 1,
      charter: null,
      same: false,
      reason: expect.stringContaining('fault of the source'),
    });
    expect(comparison?.cases.compared).toBe(29);
    expect(comparison?.cases.differences.find((difference) => difference.kind === 'sequence of states')).toMatchObject({
      count: 1,
      examples: [expect.stringContaining('INC0028089')],
    });
    expect(comparison?.cases.differences.map((difference) => difference.kind)).not.toContain('priority');
  });
});
