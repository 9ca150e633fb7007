/** Writes a batch of jobs in one transaction. A job that fails fails alone; what keeps the whole batch from being written is thrown. */
import type { Connection } from '../connection.js';
import { writeStatement } from '../dialect/sqliteWrite.js';
import type { SqlValue } from '../driver/contract.js';
import { failure, sqliteCode, stopsWriting } from '../failures.js';
import { emptyRow } from './rows.js';
import type { Explain } from './writer.js';

interface Answer<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}
interface UnitJob extends Answer<void> {
  readonly kind: 'unit';
  readonly rows: readonly SqlValue[];
  readonly explain: Explain;
}
interface StatementJob extends Answer<number> {
  readonly kind: 'statement';
  readonly sql: string;
  readonly params: readonly SqlValue[];
}
interface TaskJob extends Answer<unknown> {
  readonly kind: 'task';
  readonly work: (connection: Connection) => Promise<unknown>;
}
export type Job = UnitJob | StatementJob | TaskJob;

/** What is left to say to a job's caller once the transaction is durable. */
type Verdict = () => void;

const isUnit = (job: Job): job is UnitJob => job.kind === 'unit';

/** Statements exist for 1, 2, 4, 8, … rows, so that few are ever prepared; what is left over is filled up. */
function write(connection: Connection, jobs: readonly UnitJob[]): Promise<number> {
  const values = jobs.flatMap((job) => job.rows);
  const rows = values.length / emptyRow.length;
  const size = 2 ** Math.ceil(Math.log2(rows));
  for (let missing = size - rows; missing > 0; missing -= 1) {
    values.push(...emptyRow);
  }
  return connection.run(writeStatement(size), values);
}

/** Answers every job, or throws and has answered none. */
export async function runBatch(connection: Connection, jobs: readonly Job[]): Promise<void> {
  if (jobs.every(isUnit) && (await writtenAtOnce(connection, jobs))) {
    for (const job of jobs) {
      job.resolve();
    }
    return;
  }
  const verdicts: Verdict[] = [];
  await connection.exec('BEGIN IMMEDIATE');
  try {
    for (const group of grouped(jobs)) {
      verdicts.push(...(await runGroup(connection, group)));
    }
    await connection.exec('COMMIT');
  } catch (cause) {
    await connection.exec('ROLLBACK').catch(() => undefined);
    throw cause;
  }
  for (const say of verdicts) {
    say();
  }
}

/** The usual case: a statement is a transaction. False when a unit in it can not be written; throws when none can. */
async function writtenAtOnce(connection: Connection, jobs: readonly UnitJob[]): Promise<boolean> {
  try {
    await write(connection, jobs);
    return true;
  } catch (cause) {
    if (sparesOthers(cause)) {
      return false;
    }
    throw cause;
  }
}

/** Neighbouring units share a statement. */
function grouped(jobs: readonly Job[]): Job[][] {
  const groups: Job[][] = [];
  for (const job of jobs) {
    const last = groups.at(-1);
    if (isUnit(job) && last?.[0] && isUnit(last[0])) {
      last.push(job);
    } else {
      groups.push([job]);
    }
  }
  return groups;
}

async function runGroup(connection: Connection, group: readonly Job[]): Promise<Verdict[]> {
  const units = group.filter(isUnit);
  if (units.length > 1) {
    try {
      await write(connection, units);
      return units.map((job) => job.resolve);
    } catch (cause) {
      if (!sparesOthers(cause)) {
        throw cause;
      }
      // A failed statement takes back its own rows only; the transaction stands.
    }
  }
  const verdicts: Verdict[] = [];
  for (const job of group) {
    verdicts.push(await runOne(connection, job));
  }
  return verdicts;
}

async function runOne(connection: Connection, job: Job): Promise<Verdict> {
  try {
    if (job.kind === 'unit') {
      await write(connection, [job]);
      return job.resolve;
    }
    if (job.kind === 'statement') {
      const changes = await connection.run(job.sql, job.params);
      return () => job.resolve(changes);
    }
    const value = await inSavepoint(connection, job.work);
    return () => job.resolve(value);
  } catch (cause) {
    if (!sparesOthers(cause)) {
      throw cause;
    }
    const error = job.kind === 'unit' ? await job.explain(connection, cause) : failure(cause);
    return () => job.reject(error);
  }
}

async function inSavepoint(connection: Connection, work: (connection: Connection) => Promise<unknown>): Promise<unknown> {
  await connection.exec('SAVEPOINT job');
  try {
    const value = await work(connection);
    await connection.exec('RELEASE job');
    return value;
  } catch (cause) {
    await connection.exec('ROLLBACK TO job; RELEASE job');
    throw cause;
  }
}

/** True for faults of one job: a constraint, a moved version, an error of its own. Errors of the file or the lock concern the whole batch. */
function sparesOthers(cause: unknown): boolean {
  return !stopsWriting(cause) && !['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_NOMEM'].includes(sqliteCode(cause) ?? '');
}
