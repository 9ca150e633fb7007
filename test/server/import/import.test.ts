import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { EngineError, type RunningEngine } from '../../../engine/index.js';
import { createAccount } from '../../../server/import/account.js';
import { type ImportRequest, type ImportResult, importFile } from '../../../server/import/importFile.js';
import { loadMapping } from '../../../server/import/mapping.js';
import { inspectImport, runImport } from '../../../server/import/run.js';
import { rowsBelow } from '../../databases.js';
import { testEngine } from '../../engine/testEngine.js';
import { excerpt, excerptText, folder, mappingFile, refusal } from './files.js';

// Each test opens engines of its own and takes some hundred steps.
vi.setConfig({ testTimeout: 120_000 });

const importer = { id: 'system', roles: ['administrator'], teams: [] };
const [header = '', ...lines] = excerptText.trim().split('\n');
const files = folder();

function run(engine: RunningEngine, request: Partial<ImportRequest> = {}): Promise<ImportResult> {
  return importFile({ mapping: mappingFile, file: excerpt, importer, ...request }, async () => engine);
}

/** Everything that is in the history, without what differs from store to store. */
async function story(engine: RunningEngine): Promise<unknown[]> {
  const page = await engine.entries({ process: 'incident', limit: 1000 }, importer);
  const numbers = new Map<string, unknown>();
  for (const entry of page.items) if (entry.event === 'record.created') numbers.set(entry.record, entry.data.sourceNumber);
  return page.items
    .map((entry) => [numbers.get(entry.record), entry.sequence, entry.at, entry.actor, entry.event, entry.data, entry.to])
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

async function find(engine: RunningEngine, number: string) {
  const page = await engine.list({ processes: ['incident'], q: number, limit: 10 }, importer);
  return page.items.filter((record) => record.data.sourceNumber === number);
}

/** The rows of some cases only, changed where asked. */
function log(name: string, cases: readonly string[], change: (line: string) => string = (line) => line): string {
  return files.write(name, [header, ...lines.filter((line) => cases.includes(line.split(',')[0] ?? '')).map(change), ''].join('\n'));
}

describe('importing the real rows', () => {
  it('takes all but the two that carry a fault of the source, and accounts for each', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const { account } = await run(engine);
    expect(account).toMatchObject({ rowsRead: 235, rowsApplied: 233, unchanged: 0, rowsRefused: 2, records: 29, cases: 29, whole: 28 });
    expect(account.refused).toEqual([
      { kind: 'state-unknown', count: 2, example: 'line 232, INC0028089: incident_state is "-100", which the mapping does not know' },
    ]);
    expect(account.steps).toBe((await engine.entries({ process: 'incident', limit: 1000 }, importer)).items.length);
  });

  it('keeps original instants and actors beside the real ones, and marks every step as imported', async () => {
    const { engine, clock } = await testEngine({ only: ['incident'] });
    await run(engine);
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
    const { engine } = await testEngine({ only: ['incident'] });
    await run(engine);
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
    const { engine } = await testEngine({ only: ['incident'] });
    await run(engine);
    const report = await engine.verify();
    expect(report.problems).toEqual([]);
    expect(report.records).toBe(29);
  });

  it('puts an instant that runs backwards after the step before it, and says so', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const { account } = await run(engine, { file: log('backwards.csv', ['INC0000137']) });
    expect(account.refused).toEqual([]);
    expect(account.adjusted).toMatchObject([{ kind: 'instant-before-the-last', example: expect.stringContaining('INC0000137') }]);
  });
});

describe('importing again', () => {
  it('changes nothing, whether the file is gzipped or not', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    await run(engine);
    const before = await story(engine);
    const { account } = await run(engine, { file: files.write('again.csv.gz', gzipSync(excerptText)) });
    expect(account).toMatchObject({ rowsRead: 235, rowsApplied: 0, unchanged: 233, rowsRefused: 2, records: 0, steps: 0 });
    expect(await story(engine)).toEqual(before);
  });

  it('goes on where a run was stopped between two cases', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const mapping = await loadMapping(mappingFile);
    const parts = { engine, mapping, file: excerpt, importer };
    const first = createAccount();
    let rows = 0;
    await runImport(
      { ...parts, account: first, onProgress: (done) => void (rows = done), stopped: () => rows > 20, casesAtATime: 2 },
      await inspectImport(parts),
    );
    expect(first.figures().rowsRead).toBeLessThan(100);
    const { account } = await run(engine);
    expect(account.rowsApplied + first.figures().rowsApplied).toBe(233);
    expect(await story(engine)).toEqual(await storyOfOneRun());
  });

  it.each([1, 7, 40, 150])('goes on within a case when the store failed after %i steps', async (steps) => {
    const { engine } = await testEngine({ only: ['incident'] });
    let left = steps;
    const failing: RunningEngine = {
      ...engine,
      send: async (request) => {
        left -= 1;
        if (left < 0) throw new EngineError('READ_ONLY', {});
        return await engine.send(request);
      },
    };
    expect((await refusal(run(failing))).code).toBe('READ_ONLY');
    const { account } = await run(engine);
    expect(account).toMatchObject({ rowsRead: 235, rowsRefused: 2, cases: 29 });
    expect(await story(engine)).toEqual(await storyOfOneRun());
  });

  it('puts the rows of a longer file after what people did here since, and still changes nothing the next time', async () => {
    const { engine, clock, user } = await testEngine({ only: ['incident'] });
    const agent = await user('agent', ['service-desk']);
    const all = lines.filter((line) => line.startsWith('INC0000047,'));
    await run(engine, { file: files.write('until-now.csv', [header, ...all.slice(0, 3), ''].join('\n')) });
    const record = (await find(engine, 'INC0000047'))[0]?.id ?? '';
    await engine.send({ record, type: 'NOTE', data: { workNote: 'Seen here.' }, actor: agent });
    const longer = files.write('since-then.csv', [header, ...all, ''].join('\n'));
    const { account } = await run(engine, { file: longer });
    expect(account).toMatchObject({ unchanged: 3, rowsApplied: all.length - 3, rowsRefused: 0 });
    expect(account.adjusted).toMatchObject([{ kind: 'instant-before-the-last', count: all.length - 3 }]);
    const { items } = await engine.history(record, importer, { limit: 200 });
    expect(items.at(-1)?.at).toBe(clock.now());
    expect((await run(engine, { file: longer })).account).toMatchObject({ unchanged: all.length, steps: 0, rowsRefused: 0 });
  });

  it('of a record that somebody else gave the number of a case is refused', async () => {
    const { engine, user } = await testEngine({ only: ['incident'] });
    const agent = await user('agent', ['service-desk']);
    await engine.create({ process: 'incident', data: { summary: 'Mine', caller: 'me', sourceNumber: 'INC0000045' }, actor: agent });
    const { account } = await run(engine, { file: log('taken.csv', ['INC0000045']) });
    expect(account).toMatchObject({ records: 0, steps: 0, rowsRefused: 4 });
    expect(account.refused.map((kind) => kind.kind)).toContain('number-taken');
  });

  it('takes the rows that a longer file has more', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const all = lines.filter((line) => line.startsWith('INC0000047,'));
    expect(all.length).toBeGreaterThan(4);
    await run(engine, { file: files.write('short.csv', [header, ...all.slice(0, 3), ''].join('\n')) });
    const { account } = await run(engine, { file: files.write('long.csv', [header, ...all, ''].join('\n')) });
    expect(account).toMatchObject({ rowsRead: all.length, unchanged: 3, rowsApplied: all.length - 3, records: 0, whole: 1 });
    expect((await find(engine, 'INC0000047'))[0]?.paths).toContain('closed');
    const { items } = await engine.history((await find(engine, 'INC0000047'))[0]?.id ?? '', importer, { limit: 200 });
    expect(items.filter((entry) => entry.event === 'imported')).toHaveLength(2);
    expect(items.at(-1)?.event).toBe('imported');
  });
});

let onceRun: Promise<unknown[]> | null = null;

/** What one uninterrupted run leaves. */
function storyOfOneRun(): Promise<unknown[]> {
  onceRun ??= testEngine({ only: ['incident'] }).then(async ({ engine }) => {
    await run(engine);
    return await story(engine);
  });
  return onceRun;
}

describe('a refused row', () => {
  it('is written to the file of all of them with its line, and does not stop its case', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const refused = join(files.path, 'refused.csv');
    const file = log('one-bad.csv', ['INC0000047'], (line) => (line.includes('29/2/2016 05:30') ? line.replace('29/2/2016 05:30', '31/2/2016 05:30') : line));
    const { account } = await run(engine, { file, refused });
    expect(account).toMatchObject({ rowsRefused: 1, whole: 0, records: 1 });
    expect(readFileSync(refused, 'utf8').split('\n')[1]).toMatch(/^3,INC0000047,instant-invalid,,/);
    expect((await find(engine, 'INC0000047'))[0]?.paths).toContain('closed');
  });

  it('by the process is told by its code, event and field', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const file = log('too-long.csv', ['INC0000047'], (line) => line.replace(/Location \d+/, 'L'.repeat(500)));
    const { account } = await run(engine, { file });
    expect(account.refused.map((kind) => [kind.kind, kind.count])).toEqual([
      ['record-not-made', account.rowsRead - 1],
      ['DATA_INVALID create: location', 1],
    ]);
    expect(account).toMatchObject({ records: 0, steps: 0, rowsApplied: 0 });
    expect(account.rowsRefused).toBe(account.rowsRead);
  });

  it('is every row of a case that comes a second time', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const [one = '', two = ''] = ['INC0000045', 'INC0000047'].map((key) => lines.find((line) => line.startsWith(key)));
    const { account } = await run(engine, { file: files.write('apart.csv', [header, one, two, one, ''].join('\n')) });
    expect(account.refused).toMatchObject([{ kind: 'rows-apart', count: 1, example: expect.stringContaining('line 4') }]);
    expect(account.records).toBe(2);
  });

  it('is one whose case has no name', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const { account } = await run(engine, { file: log('unnamed.csv', ['INC0000045'], (line) => line.replace('INC0000045', '?')) });
    expect(account).toMatchObject({ records: 0, rowsRefused: 4 });
    expect(account.refused.map((kind) => kind.kind)).toContain('case-unnamed');
  });
});

describe('hostile content', () => {
  it.each([
    ['markup', '<script>alert(1)</script>'],
    ['a formula', '=cmd|A1'],
    ['a word of JavaScript', '__proto__'],
    ['a rule', '{"var":"record.x"}'],
    ['a template', '{{record.number}} {number}'],
    ['SQL', "'; DROP TABLE records; --"],
    ['right-to-left and combining marks', '\u202Eevil\u0301\u{1F600}'],
  ])('%s is taken as the text it is', async (_what, text) => {
    const { engine } = await testEngine({ only: ['incident'] });
    const { account } = await run(engine, {
      file: log('hostile.csv', ['INC0000045'], (line) => line.replace('Category 55', `"${text.replaceAll('"', '""')}"`)),
    });
    expect(account).toMatchObject({ rowsRefused: 0, records: 1 });
    expect((await find(engine, 'INC0000045'))[0]?.data.category).toBe(text);
  });

  it('that can not be stored is refused with the field', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const { account } = await run(engine, { file: log('nul.csv', ['INC0000045'], (line) => line.replace('Category 55', 'a\u0000b')) });
    expect(account.records).toBe(0);
    expect(account.refused.map((kind) => kind.kind).join()).toMatch(/DATA_INVALID create: .*category/);
  });
});

describe('nothing at all has changed after', () => {
  const bad: [string, () => Partial<ImportRequest>, string][] = [
    ['a fault in the last line', () => ({ file: files.write('last.csv', `${excerptText}INC1,New\n`) }), 'IMPORT_FILE_UNREADABLE'],
    ['a gzip stream that was cut', () => ({ file: files.write('cut.csv.gz', gzipSync(excerptText).subarray(0, 4000)) }), 'IMPORT_FILE_UNREADABLE'],
    ['a column too many', () => ({ file: files.write('column.csv', excerptText.replace('caused_by', 'causedby')) }), 'IMPORT_MAPPING_INVALID'],
    [
      'a mapping with an event the process does not have',
      () => ({ mapping: files.write('m1.json', readFileSync(mappingFile, 'utf8').replaceAll('"REOPEN"', '"REOPPEN"')) }),
      'IMPORT_MAPPING_INVALID',
    ],
    [
      'a mapping for a process that does not exist',
      () => ({ mapping: files.write('m2.json', readFileSync(mappingFile, 'utf8').replace('"process": "incident"', '"process": "accident"')) }),
      'IMPORT_MAPPING_INVALID',
    ],
    ['figures to compare with that are no JSON', () => ({ expected: files.write('expected.json', '{') }), 'IMPORT_FILE_UNREADABLE'],
  ];

  it.each(bad)('%s', async (_what, request, code) => {
    const { engine } = await testEngine({ only: ['incident'] });
    const error = await refusal(run(engine, request()));
    expect(error.code).toBe(code);
    expect(await story(engine)).toEqual([]);
    expect(await engine.users()).toEqual([]);
  });

  it('names line and pointer of an event the process does not have', async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const error = await refusal(run(engine, bad[3]?.[1]()));
    expect(error.facts.problems).toHaveLength(3);
    expect(error.facts.problems).toContainEqual({
      file: expect.stringContaining('m1.json'),
      pointer: '/steps/0/rules/0/send/0/event',
      line: expect.any(Number),
      message: expect.stringContaining('REOPPEN'),
    });
  });
});

describe('the comparison', () => {
  it("finds in Charter's history what the rows show, and lists what differs with examples and the reason", async () => {
    const { engine } = await testEngine({ only: ['incident'] });
    const expected = files.write(
      'figures.json',
      JSON.stringify({
        cases: 29,
        last_state: { Closed: 29 },
        reopened_cases: 3,
        transitions_between_different_states: { 'New > -100': 1, 'Closed > Active': 1 },
        priority_at_end: { '3 - Moderate': 26 },
      }),
    );
    const { comparison } = await run(engine, { expected });
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
