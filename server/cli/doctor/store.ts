/** The store and what is in it: settings read back, definitions, people, what was parked, attachments, a sample of the history. */
import { createHash } from 'node:crypto';
import { EngineError, type RecordView, type RunningEngine, readFolders, tryOutApart } from '../../../engine/index.js';
import type { Config } from '../../config.js';
import { operator } from '../existingStore.js';
import { doubtful, type Finding, fine, wrong } from './finding.js';

interface Examination {
  readonly config: Config;
  /** Records that are verified. */
  readonly sample: number;
}

export async function examineStore(engine: RunningEngine, { config, sample }: Examination): Promise<readonly Finding[]> {
  const { items: newest } = await engine.list({ sort: 'updated', direction: 'desc', limit: Math.max(1, Math.min(sample, 200)) }, operator);
  return [
    await settings(engine),
    await definitions(engine),
    await folders(config),
    await people(engine),
    await parked(engine),
    await attachments(engine, newest),
    await history(engine, newest.slice(0, sample)),
  ];
}

async function settings({ store }: RunningEngine): Promise<Finding> {
  const read = await store.settings();
  const told = Object.entries(read).map(([name, value]) => `${name} ${String(value)}`);
  return store.readOnly()
    ? wrong('database', 'It can not be written.', 'Free disk space or restore write permission.')
    : fine('database', `${store.dialect} by ${store.driver}: ${told.join(', ')}`);
}

/** Every version in force must load. */
async function definitions(engine: RunningEngine): Promise<Finding> {
  const all = await engine.processes(operator);
  for (const { key } of all) {
    const fault = await engine.definition(key, operator).then(
      () => null,
      (error: unknown) => error,
    );
    if (fault) return wrong('definitions', `${key} can not be loaded: ${fault instanceof EngineError ? fault.message : String(fault)}`, 'Publish it again.');
  }
  return all.length === 0
    ? doubtful('definitions', 'No process is published.', 'Put process folders into PROCESSES_DIR and start the server.')
    : fine('definitions', `${all.length} processes in force`);
}

async function folders({ processesDir, rulesDir }: Config): Promise<Finding> {
  const sources = await readFolders(processesDir, rulesDir);
  const { problems, processes } = await tryOutApart(sources, new Set(Object.keys(sources.processes).map((path) => path.split('/')[0] ?? '')));
  const errors = problems.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  if (first) return wrong('process folders', `${errors.length} errors, the first: ${first.file}:${first.line} ${first.message}`, 'Run charter check.');
  return fine('process folders', `${processes.length} without errors`);
}

async function people(engine: RunningEngine): Promise<Finding> {
  const active = (await engine.users()).filter((user) => user.active);
  if (active.length === 0) return doubtful('people', 'Nobody can sign in.', 'Start the server and follow the set-up link it prints.');
  const administrators = active.filter(({ roles }) => roles.includes('administrator'));
  return administrators.length === 0
    ? doubtful('people', 'There is no administrator.', 'charter user create NAME --role administrator')
    : fine('people', `${active.length} who may sign in, ${administrators.length} administrators`);
}

async function parked(engine: RunningEngine): Promise<Finding> {
  const { timers, effects } = await engine.parked();
  const count = timers.length + effects.length;
  return count === 0
    ? fine('parked work', 'none')
    : doubtful('parked work', `${timers.length} timers and ${effects.length} deliveries failed and wait.`, 'See Operations.');
}

async function attachments(engine: RunningEngine, records: readonly RecordView[]): Promise<Finding> {
  let looked = 0;
  for (const { id, number } of records) {
    for (const row of await engine.attachments(id, operator)) {
      const kept = await engine.attachment(row.id, operator).catch(() => null);
      if (!kept) return wrong('attachments', `${row.name} of ${number} is gone.`, 'Restore it from a backup.');
      if (createHash('sha256').update(kept.content).digest('hex') !== row.sha256)
        return wrong('attachments', `${row.name} of ${number} was changed.`, 'Restore it from a backup.');
      looked += 1;
    }
  }
  return fine('attachments', `${looked} looked at, all as they were`);
}

async function history(engine: RunningEngine, records: readonly RecordView[]): Promise<Finding> {
  let entries = 0;
  for (const { id, number } of records) {
    const report = await engine.verify({ record: id });
    const first = report.problems[0];
    if (first) return wrong('history', `${number}: ${first.message}`, 'Run charter verify; restore the damaged records from a backup.');
    entries += report.entries;
  }
  return fine('history', `${entries} entries of ${records.length} records verify`);
}
