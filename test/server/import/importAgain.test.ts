import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { EngineError, type RunningEngine } from '../../../engine/index.js';
import { createAccount } from '../../../server/import/account.js';
import { loadMapping } from '../../../server/import/mapping.js';
import { inspectImport, runImport } from '../../../server/import/run.js';
import { testEngine } from '../../engine/testEngine.js';
import { excerpt, excerptText, folder, mappingFile, refusal } from './files.js';
import { find, header, importer, lines, rowsOf, run, story } from './importing.js';

// Each test opens engines of its own and takes some hundred steps.
vi.setConfig({ testTimeout: 120_000 });

const files = folder();

let onceRun: Promise<unknown[]> | null = null;

/** What one uninterrupted run leaves. */
function storyOfOneRun(): Promise<unknown[]> {
  onceRun ??= testEngine({ only: ['incident'] }).then(async ({ engine }) => {
    await run(engine);
    return await story(engine);
  });
  return onceRun;
}
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
    const { account } = await run(engine, { file: rowsOf(files, { name: 'taken.csv', cases: ['INC0000045'] }) });
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
