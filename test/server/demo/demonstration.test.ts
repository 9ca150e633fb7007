import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, createEngine, type EngineOptions, type RunningEngine } from '../../../engine/index.js';
import { loadDemonstration, type SignIn } from '../../../server/demo/index.js';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'charter-demo-'));
const options: EngineOptions = {
  databaseUrl: `sqlite:${join(folder, 'data', 'charter.sqlite')}`,
  dataDir: join(folder, 'data'),
  processesDir: join(folder, 'processes'),
  rulesDir: join(root, 'rules'),
  secretKey: 'a secret of the tests only, long enough',
};
const auditor: Actor = { id: 'iris', roles: ['auditor'], teams: [] };
let signIns: readonly SignIn[] | null;
let engine: RunningEngine;

describe('the demonstration', () => {
  beforeAll(async () => {
    cpSync(join(root, 'processes'), options.processesDir, { recursive: true });
    signIns = await loadDemonstration(options);
    engine = await createEngine(options);
  }, 180_000);
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes people to sign in as, with passwords of their own', () => {
    expect(signIns?.length).toBeGreaterThanOrEqual(6);
    expect(new Set(signIns?.map((one) => one.password)).size).toBe(signIns?.length);
    expect(signIns?.map((one) => one.role)).toEqual(expect.arrayContaining(['auditor', 'administrator']));
  });

  it('leaves weeks of work in every process, some finished, some open, some waiting for a vote', async () => {
    for (const { key } of await engine.processes(auditor)) expect(await engine.count({ processes: [key] }, auditor, 1_000), key).toBeGreaterThan(2);
    expect(await engine.count({ open: true }, auditor, 1_000)).toBeGreaterThan(20);
    expect(await engine.count({ state: 'approval' }, auditor, 100)).toBeGreaterThan(0);
  });

  it('was lived through the engine: its history verifies, step by step', async () => {
    const report = await engine.verify();
    expect(report.problems).toEqual([]);
    expect(report.entries).toBeGreaterThan(500);
  }, 120_000);

  it('is not loaded twice', async () => {
    await engine.close();
    expect(await loadDemonstration(options)).toBeNull();
    engine = await createEngine(options);
  });
});
