import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, createEngine, type EngineOptions, type Json, type JsonObject, type RunningEngine } from '../../../engine/index.js';
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
/** The year ends on a fixed day: on others a weekend may come between two steps. `CHARTER_DEMO_DAY` for those. */
const today = Date.parse(process.env.CHARTER_DEMO_DAY ?? '2026-11-23T12:00:00Z');
const auditor: Actor = { id: 'iris', roles: ['auditor'], teams: [] };
let signIns: readonly SignIn[] | null;
let engine: RunningEngine;

describe('the demonstration', () => {
  beforeAll(async () => {
    cpSync(join(root, 'processes'), options.processesDir, { recursive: true });
    signIns = await loadDemonstration(options, { now: today });
    engine = await createEngine(options);
  }, 900_000);
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes people to sign in as, with passwords of their own', () => {
    expect(signIns?.length).toBeGreaterThanOrEqual(6);
    expect(new Set(signIns?.map((one) => one.password)).size).toBe(signIns?.length);
    expect(signIns?.map((one) => one.role)).toEqual(expect.arrayContaining(['auditor', 'administrator']));
  });

  it('is a year in which every process had records, some finished, some open, some waiting for a vote', async () => {
    for (const { key } of await engine.processes(auditor)) expect(await engine.count({ processes: [key] }, auditor, 1_000), key).toBeGreaterThan(0);
    expect(await engine.count({ open: true }, auditor, 5_000)).toBeGreaterThan(40);
    expect(await engine.count({ status: 'done' }, auditor, 5_000)).toBeGreaterThan(40);
    expect(await engine.count({ state: 'approval' }, auditor, 100)).toBeGreaterThan(0);
  });

  it('took every process through its main paths: most of its states were reached, and an end', async () => {
    const visited = await statesVisited();
    const charts = Object.fromEntries((await engine.processes(auditor)).map(({ key }) => [key, statesOf(key)]));
    const reached = Object.entries(charts).map(
      ([key, states]) => [key, states.filter((state) => visited.get(key)?.has(state)).length / states.length] as const,
    );
    expect(reached.filter(([, share]) => share < 0.6)).toEqual([]);
    const all = Object.values(charts).flat().length;
    const met = Object.entries(charts).flatMap(([key, states]) => states.filter((state) => visited.get(key)?.has(state))).length;
    process.stdout.write(`the year reached ${met} of ${all} states of ${reached.length} processes\n`);
    expect(met / all).toBeGreaterThan(0.8);
  }, 120_000);

  it('left nothing undone behind the scenes: no effect and no timer is parked', async () => {
    expect(await engine.parked()).toEqual({ timers: [], effects: [] });
  });

  it('was lived through the engine: its history verifies, step by step', async () => {
    const report = await engine.verify();
    expect(report.problems).toEqual([]);
    expect(report.entries).toBeGreaterThan(2_000);
  }, 300_000);

  it('is not loaded twice', async () => {
    await engine.close();
    expect(await loadDemonstration(options)).toBeNull();
    engine = await createEngine(options);
  });
});

/** Every state path that some record was in, by process. */
async function statesVisited(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const visited = new Map<string, Set<string>>();
  for (const { key } of await engine.processes(auditor)) {
    const states = new Set<string>();
    visited.set(key, states);
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await engine.entries({ process: key, limit: 200, ...(cursor === undefined ? {} : { cursor }) }, auditor);
      for (const { to } of page.items) for (const path of pathsOf(to as Json)) states.add(path);
      cursor = page.next ?? undefined;
      more = page.next !== null;
    }
  }
  return visited;
}

/** All paths of a state value: `{open: 'work'}` gives `open` and `open.work`. */
function pathsOf(value: Json, outer = ''): readonly string[] {
  if (typeof value === 'string') return [outer + value];
  return Object.entries((value ?? {}) as JsonObject).flatMap(([key, inner]) => [outer + key, ...pathsOf(inner, `${outer}${key}.`)]);
}

interface State {
  readonly type?: string;
  readonly states?: { readonly [key: string]: State };
}

/** The paths of all states of a chart but its history states. */
function statesOf(key: string): readonly string[] {
  return within(JSON.parse(readFileSync(join(root, 'processes', key, 'statechart.json'), 'utf8')) as State, '');
}

function within({ states = {} }: State, outer: string): readonly string[] {
  return Object.entries(states).flatMap(([key, state]) => (state.type === 'history' ? [] : [outer + key, ...within(state, `${outer}${key}.`)]));
}
