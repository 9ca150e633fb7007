/** An engine under load, killed by the crash test. What was acknowledged is told to the test's process at once. */
import { randomInt, randomUUID } from 'node:crypto';
import { createEngine, EngineError, pause, type RunningEngine } from '../../engine/index.js';
import { engineOptions } from './folder.js';
import { faultProcesses } from './processes.js';

/** What the worker says to the test. */
export type Heard =
  | { readonly kind: 'ready' }
  | { readonly kind: 'acknowledged'; readonly record: string; readonly sequence: number; readonly hash: string }
  | { readonly kind: 'created'; readonly record: string }
  | { readonly kind: 'published'; readonly hash: string }
  | { readonly kind: 'failed'; readonly reason: string };

const CALLERS = 20;
const JOBS = 10;
const ann = { id: 'ann', roles: ['process-owner'], teams: [] };

const [folder = '', round = '0'] = process.argv.slice(2);
const tell = (heard: Heard): void => void process.send?.(heard);

const engine: RunningEngine = await createEngine(engineOptions(folder));
const jobs = await standingJobs();
tell({ kind: 'ready' });
engine.start();
void Promise.all([...Array.from({ length: CALLERS }, () => caller()), waker(), publisher()]).catch((error: unknown) => {
  tell({ kind: 'failed', reason: error instanceof EngineError ? `${error.code} ${JSON.stringify(error.facts)}` : String(error) });
});

async function caller(): Promise<void> {
  for (;;) {
    const job = jobs[randomInt(jobs.length)] as string;
    const work = [start, start, start, spawn, say, say, comment, begin, twice][randomInt(9)] as (job: string) => Promise<void>;
    await work(job).catch((error: unknown) => {
      // What the chart does not take now is no fault; anything else is.
      if (!(error instanceof EngineError) || (error.code !== 'EVENT_NOT_ACCEPTED' && error.code !== 'BUSY')) throw error;
    });
  }
}

async function start(job: string): Promise<void> {
  acknowledge(await engine.send({ record: job, type: randomInt(3) === 0 ? 'STOP' : 'START', data: {}, actor: ann }));
}

async function spawn(job: string): Promise<void> {
  const result = await engine.send({ record: job, type: 'SPAWN', data: {}, actor: ann });
  acknowledge(result);
  for (const { id } of result.created) tell({ kind: 'created', record: id });
}

async function say(job: string): Promise<void> {
  const token = randomUUID();
  acknowledge(await engine.send({ record: job, type: 'TELL', data: { token }, actor: ann }));
}

async function comment(job: string): Promise<void> {
  acknowledge(await engine.comment({ record: job, text: `Said ${randomUUID()}`, actor: ann }));
}

async function begin(job: string): Promise<void> {
  const made = await engine.create({ process: 'job', data: { title: 'under load' }, actor: ann });
  acknowledge(made);
  acknowledge(await engine.link({ record: made.record.id, name: 'peer', to: job, actor: ann }));
}

/** Sent again under the same key: one step, one answer. */
async function twice(job: string): Promise<void> {
  const idempotency = { scope: `ann ${randomUUID()}`, bodyHash: '0' };
  const send = () => engine.comment({ record: job, text: `Twice ${idempotency.scope}`, actor: ann, idempotency });
  const [first, second] = await Promise.all([send(), send()]);
  acknowledge(first);
  if (first.entry.hash !== second.entry.hash) throw new Error('one key had two effects');
}

async function waker(): Promise<void> {
  for (;;) {
    await engine.wake();
    await pause(15);
  }
}

async function publisher(): Promise<void> {
  for (let edition = 1; ; edition += 1) {
    await pause(100 + randomInt(300));
    const files = Object.fromEntries(
      Object.entries(faultProcesses(Number(round) * 1000 + edition).job ?? {}).map(([file, content]) => [file, JSON.stringify(content)]),
    );
    const { hash } = await engine.publish({ process: 'job', files, note: `Edition ${edition}`, actor: ann, source: 'api' });
    tell({ kind: 'published', hash });
  }
}

/** Ten jobs in a ring, each telling the next. */
async function standingJobs(): Promise<readonly string[]> {
  const known = (await engine.list({ processes: ['job'], sort: 'number', direction: 'asc', limit: JOBS }, ann)).items;
  const ids = known.map((job) => job.id);
  while (ids.length < JOBS) {
    const made = await engine.create({ process: 'job', data: { title: 'standing' }, actor: ann });
    acknowledge(made);
    ids.push(made.record.id);
  }
  for (const [index, id] of ids.entries()) {
    const to = ids[(index + 1) % JOBS] as string;
    if ((await engine.links(id, ann)).some((link) => link.direction === 'out' && link.record.id === to)) continue;
    acknowledge(await engine.link({ record: id, name: 'peer', to, actor: ann }));
  }
  return ids;
}

function acknowledge({
  record,
  entry,
}: {
  readonly record: { readonly id: string };
  readonly entry: { readonly sequence: number; readonly hash: string };
}): void {
  tell({ kind: 'acknowledged', record: record.id, sequence: entry.sequence, hash: entry.hash });
}
