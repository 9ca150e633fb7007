/** Measures durable steps per second through the engine, beside what the raw driver does with the same bytes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monotonic, systemClock } from '../clock.js';
import { createEngine, type RunningEngine } from '../createEngine.js';
import { EngineError } from '../errors.js';
import { addBallast, storeSize } from '../store/measuring/ballast.js';
import { type OpenLimit, openLimit } from '../store/measuring/limit.js';
import { measurePostgresLimit } from '../store/measuring/postgresLimit.js';
import type { Actor } from '../types.js';
import { representativeSteps } from './representative.js';
import { creationData, eventData, ring, workload } from './workload.js';

export interface BenchOptions {
  /** A folder on the disk to be measured. */
  readonly folder: string;
  /** An empty PostgreSQL database to be measured instead of a SQLite file; what is made stays in it. One number of records only. */
  readonly databaseUrl?: string;
  readonly callers: readonly number[];
  /** Records that exist before. */
  readonly records: readonly number[];
  readonly rounds: number;
  /** Steps of one measurement. */
  readonly steps: number;
  readonly onProgress?: (message: string) => void;
}

export interface BenchRow {
  readonly store: string;
  readonly callers: number;
  readonly records: number;
  /** Durable steps a second: the median of the rounds, as are the others. */
  readonly steps: number;
  readonly limit: number;
  readonly ratio: number;
  /** Milliseconds from sending a step to its acknowledgement. */
  readonly p50: number;
  readonly p99: number;
  /** Bytes the store grew by for each step, over all rounds. */
  readonly bytesPerStep: number;
  /** Memory of this process, which holds engine and callers, after the last round, in MiB. */
  readonly rssMiB: number;
}

const AGENT: Actor = { id: 'agent', roles: ['agent'], teams: [] };

/** Each round measures limit and engine one after the other, so that both meet the same moment of the machine. */
export async function measureEngine(options: BenchOptions): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const records of options.records) {
    const folder = mkdtempSync(join(options.folder, 'bench-'));
    const url = options.databaseUrl ?? `sqlite:${join(folder, 'data', 'bench.sqlite')}`;
    const engine = await openEngine(folder, url);
    try {
      await fill(engine, url, records, options.onProgress);
      const limit = await limitAt({ ...options, folder, records });
      try {
        for (const callers of options.callers) rows.push(await measureRow(engine, limit, { ...options, url, callers, records }));
      } finally {
        await limit.close();
      }
    } finally {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return rows;
}

type RowOptions = Omit<BenchOptions, 'callers' | 'records'> & { readonly url: string; readonly callers: number; readonly records: number };

async function measureRow(engine: RunningEngine, measured: OpenLimit, options: RowOptions): Promise<BenchRow> {
  const { callers, records, rounds, steps, url } = options;
  await run(engine, callers, Math.min(steps, 2_000));
  const before = await storeSize(url);
  let grown = 0;
  const found: { steps: number; limit: number; p50: number; p99: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const limit = await measured.measure({ callers, steps });
    const own = await run(engine, callers, steps);
    grown += steps;
    found.push({ ...own, limit: limit.perSecond });
    options.onProgress?.(`${callers} callers, round ${round + 1}: ${Math.round(own.steps)} of ${Math.round(limit.perSecond)} steps/s`);
  }
  const middle = (of: (one: (typeof found)[number]) => number) => found.map(of).sort((a, b) => a - b)[Math.floor(found.length / 2)] ?? 0;
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    store: engine.store.driver,
    callers,
    records,
    steps: round(
      middle((one) => one.steps),
      0,
    ),
    limit: round(
      middle((one) => one.limit),
      0,
    ),
    ratio: round(
      middle((one) => one.steps / one.limit),
      3,
    ),
    p50: round(
      middle((one) => one.p50),
      2,
    ),
    p99: round(
      middle((one) => one.p99),
      2,
    ),
    bytesPerStep: round(((await storeSize(url)) - before) / grown, 0),
    rssMiB: round(process.memoryUsage().rss / 1_048_576, 0),
  };
}

/** What the raw driver of the measured store allows, beside as many records. */
async function limitAt({ databaseUrl, folder, records }: { databaseUrl?: string; folder: string; records: number }): Promise<OpenLimit> {
  const rows = representativeSteps();
  if (databaseUrl === undefined) return openLimit({ path: join(folder, 'limit.sqlite'), rows, records });
  return { measure: (run) => measurePostgresLimit(databaseUrl, { ...run, rows, records }), close: () => Promise.resolve() };
}

/** Callers that each wait for their step before they send the next, each on a record of its own. */
async function run(engine: RunningEngine, callers: number, steps: number): Promise<{ steps: number; p50: number; p99: number }> {
  const ids = await Promise.all(
    Array.from({ length: callers }, async (_, place) => (await engine.create({ process: workload.key, data: creationData(place), actor: AGENT })).record.id),
  );
  const waits: number[] = [];
  let left = steps;
  const caller = async (record: string): Promise<void> => {
    for (let round = 0; left > 0; round += 1) {
      left -= 1;
      const began = monotonic();
      await engine.send({ record, type: ring[round % ring.length] as string, data: eventData(round), actor: AGENT });
      waits.push(monotonic() - began);
    }
  };
  const began = monotonic();
  await Promise.all(ids.map((id) => caller(id)));
  const seconds = (monotonic() - began) / 1_000;
  waits.sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
  return { steps: waits.length / seconds, p50: at(0.5), p99: at(0.99) };
}

/** One record made by the engine, then copies of it below the engine: what is measured is work beside many records, not their making. */
async function fill(engine: RunningEngine, url: string, records: number, onProgress: BenchOptions['onProgress']): Promise<void> {
  if (records === 0) return;
  onProgress?.(`filling with ${records} records`);
  const { record } = await engine.create({ process: workload.key, data: creationData(0), actor: AGENT });
  await addBallast({ url, record: record.id, copies: records - 1 });
}

async function openEngine(folder: string, databaseUrl: string): Promise<RunningEngine> {
  const write = (path: string, content: unknown) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  };
  for (const [file, content] of Object.entries(workload.files)) write(`processes/${workload.key}/${file}`, content);
  for (const kind of ['policy', 'reference'] as const)
    for (const [name, content] of Object.entries(workload.shared[kind])) write(`rules/${kind}/${name}.json`, content);
  const engine = await createEngine({
    databaseUrl,
    dataDir: join(folder, 'data'),
    processesDir: join(folder, 'processes'),
    rulesDir: join(folder, 'rules'),
    secretKey: 'bench',
    clock: systemClock,
  });
  const { problems } = engine.folderProblems();
  if (problems.length > 0) throw new EngineError('DEFINITION_FAULTY', { problems });
  await engine.people.saveUser({
    id: AGENT.id,
    name: 'Agent',
    email: null,
    passwordHash: null,
    roles: ['agent'],
    teams: [],
    zone: null,
    standIn: null,
    absentUntil: null,
    active: true,
    createdAt: systemClock.now(),
  });
  await engine.users();
  return engine;
}
