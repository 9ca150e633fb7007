import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VerifyReport } from '../../../engine/index.js';
import { createVerifications, type VerificationsOptions } from '../../../server/auditor/verifications.js';
import { below } from '../../databases.js';
import { createTestStore, type TestStore } from '../../engine/store/testStore.js';
import type { Answer, Visitor } from '../testServer.js';
import { followed } from './followed.js';
import { type AuditWorld, startAuditWorld } from './world.js';

let world: AuditWorld;
let vera: Visitor;
beforeAll(async () => {
  world = await startAuditWorld();
  vera = await world.as('vera');
});
afterAll(() => world.server.close());

const result = (started: Answer): Promise<Answer> => followed(vera, started);

describe('a verification', () => {
  it('is started by a form, and its result is shown and remembered', async () => {
    await vera.get('/audit/verify');
    const { text } = await result(await vera.post('/audit/verify', { record: '' }));
    expect(text).toContain('Nothing was altered, added or removed');
    const { entries } = await world.server.engine.kept();
    expect(text).toContain(`<strong>${entries}</strong>`);
    expect(text).toMatch(/<strong>[1-9]\d*<\/strong>values erased/);
    for (const path of ['/audit', '/audit/verify']) {
      const page = (await vera.get(path)).text;
      expect(page).toContain('Sound');
      expect(page).toContain('Vera Ledger');
    }
    const report = await vera.get(`${/href="(\/audit\/verify\/[^"]+\/report)"/.exec(text)?.[1]}`);
    expect(report.headers.get('content-disposition')).toContain('attachment');
    expect(JSON.parse(report.text)).toMatchObject({ entries, problems: [] });
  });

  it('may look at one record only', async () => {
    await vera.get('/audit/verify');
    const { text } = await result(await vera.post('/audit/verify', { record: world.numbers.working?.toLowerCase() ?? '' }));
    expect(text).toContain(`${world.numbers.working}: every seal fits`);
    const refused = await vera.post('/audit/verify', { record: 'INC-999999' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('There is no record with this number.');
  });

  it('that never was is not found', async () => {
    expect((await vera.get('/audit/verify/none')).status).toBe(404);
    expect((await vera.get('/audit/verify/none/report')).status).toBe(404);
  });
});

describe('checkpoints', () => {
  const upload = async (content: string): Promise<Answer> => {
    await vera.get('/audit/checkpoints');
    const body = new FormData();
    body.append('_csrf', vera.csrf);
    body.append('file', new Blob([content], { type: 'application/json' }), 'checkpoint.json');
    return vera.request('/audit/kept-checkpoint', { method: 'POST', body, headers: { origin: world.server.url, 'sec-fetch-site': 'same-origin' } });
  };

  it('are downloaded whole, and held against the store again', async () => {
    const file = await vera.get('/audit/checkpoints/1');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="charter-checkpoint-1-2026-03-03.json"');
    const kept = JSON.parse(file.text) as { heads: unknown[]; records: number };
    expect(kept.heads).toHaveLength(kept.records);
    const { text } = await result(await upload(file.text));
    expect(text).toContain('Nothing was altered, added or removed');
    expect(text).toContain('with a checkpoint kept outside');
    const altered = await result(await upload(file.text.replace(/"root": "./, '"root": "0').replace('"entries": ', '"entries": 1')));
    expect(altered.text).toContain('Checkpoint 1 as it was kept outside');
  });

  it.each(['', '{}', 'no JSON', '{"format":"charter checkpoint 1","sequence":"1"}'])('refuse what is none: %s', async (content) => {
    const answer = await upload(content);
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(/not the file of a checkpoint|Choose the file/);
  });

  it.each(['0', '99', 'x', '1e3'])('have no number %s', async (sequence) => {
    expect((await vera.get(`/audit/checkpoints/${sequence}`)).status).toBe(404);
  });
});

describe('definitions', () => {
  it('are listed with their terms, and downloaded whole', async () => {
    const { text } = await vera.get('/audit/definitions');
    expect(text).toContain('In force');
    const href = /href="(\/audit\/definitions\/incident\/[0-9a-f]{64})"/.exec(text)?.[1] ?? '';
    const file = await vera.get(href);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="charter-incident-[0-9a-f]{8}\.json"$/);
    expect(JSON.parse(file.text)).toMatchObject({ process: 'incident', files: { 'statechart.json': { id: 'incident' } } });
    expect((await vera.get(`/audit/definitions/incident/${'0'.repeat(64)}`)).status).toBe(404);
    expect((await vera.get('/audit/definitions/nowhere/x')).status).toBe(404);
  });
});

describe('verifications of a server', () => {
  let test: TestStore;
  beforeEach(async () => void (test = await createTestStore()));
  afterEach(() => test.drop());
  const on = (verify: VerificationsOptions['engine']['verify'], store = test.store): VerificationsOptions['engine'] => ({
    verify,
    now: () => 5,
    store,
    leases: store.queue,
  });
  const report: VerifyReport = { entries: 1, records: 1, checkpoints: 0, erased: 0, warnings: [], problems: [] };

  it('run one at a time, tell how far they are, and the last twenty are remembered', async () => {
    let finish: (given: VerifyReport) => void = () => undefined;
    const verify = ({ onProgress }: { onProgress?: (done: number, total: number) => void } = {}): Promise<VerifyReport> => {
      onProgress?.(1, 4);
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const verifications = createVerifications({ engine: on(verify), wall: () => 7, failed: () => undefined });
    const first = await verifications.start({ by: 'vera' });
    expect(await verifications.running()).toMatchObject({ done: 1, total: 4 });
    expect(await verifications.start({ by: 'olga' })).toMatchObject({ fresh: false, run: { id: first.run.id } });
    finish(report);
    await verifications.settled();
    expect(await verifications.find(first.run.id)).toMatchObject({ status: 'done', report, endedAt: 5, took: 0 });
    let last = '';
    for (let round = 0; round < 25; round += 1) {
      last = (await verifications.start({ by: 'vera' })).run.id;
      finish(report);
      await verifications.settled();
    }
    expect(await verifications.all()).toHaveLength(20);
    expect((await verifications.all())[0]?.id).toBe(last);
  });

  it('are those of all servers, and one that was left by its server does not count as running', async () => {
    const [dying, other] = [await test.again(), await test.again()];
    let now = 7;
    const wall = () => now;
    const never = () => new Promise<VerifyReport>(() => undefined);
    const here = createVerifications({ engine: on(never, dying), wall, failed: () => undefined });
    const there = createVerifications({ engine: on(() => Promise.resolve(report), other), wall, failed: () => undefined });
    const { run } = await here.start({ by: 'vera' });
    expect(await there.find(run.id)).toMatchObject({ by: 'vera', status: 'running' });
    expect(await there.start({ by: 'olga' })).toMatchObject({ fresh: false, run: { id: run.id } });
    await dying.close();
    now += 61_000;
    await below(test.url, 'UPDATE leases SET until = 0');
    expect(await there.find(run.id)).toMatchObject({ status: 'failed' });
    expect(await there.start({ by: 'olga' })).toMatchObject({ fresh: true });
    await there.settled();
    await other.close();
  });

  it('say so when they cannot be finished', async () => {
    const failures: unknown[] = [];
    const verifications = createVerifications({
      engine: on(() => Promise.reject(new Error('the disk is gone'))),
      wall: () => 7,
      failed: (error) => failures.push(error),
    });
    const { run } = await verifications.start({ by: 'vera' });
    await verifications.settled();
    expect(await verifications.find(run.id)).toMatchObject({ status: 'failed', failure: 'the disk is gone' });
    expect(failures).toHaveLength(1);
    expect((await verifications.start({ by: 'vera' })).fresh).toBe(true);
    await verifications.settled();
  });
});
