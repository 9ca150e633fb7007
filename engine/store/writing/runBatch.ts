/** Writes a batch of jobs in one transaction. A job that fails fails alone; what keeps the whole batch from being written is thrown. */
import type { Connection } from '../connection.js';
import type { Dialect } from '../dialect/dialect.js';
import type { SqlValue } from '../driver/contract.js';
import { failure, faultOf } from '../failures.js';
import type { UnitWriting } from './units.js';
import type { Explain } from './writer.js';

interface Answer<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}
interface UnitJob<Encoded> extends Answer<void> {
  readonly kind: 'unit';
  readonly encoded: Encoded;
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
export type Job<Encoded> = UnitJob<Encoded> | StatementJob | TaskJob;

/** Where and how jobs are written. */
export interface Place<Encoded> {
  readonly connection: Connection;
  readonly dialect: Pick<Dialect, 'begin' | 'failureEndsTransaction'>;
  readonly units: UnitWriting<Encoded>;
}

/** What is left to say to a job's caller once the transaction is durable. */
type Verdict = () => void;

const isUnit = <E>(job: Job<E>): job is UnitJob<E> => job.kind === 'unit';

const write = <E>({ connection, units }: Place<E>, jobs: readonly UnitJob<E>[]): Promise<void> =>
  units.write(
    connection,
    jobs.map((job) => job.encoded),
  );

/** Answers every job, or throws and has answered none. */
export async function runBatch<E>(place: Place<E>, jobs: readonly Job<E>[]): Promise<void> {
  const { connection, dialect, units } = place;
  const toWrite = jobs.filter(isUnit);
  // Without anything to wait for the statement is on its way before this returns, while the next callers are still deciding.
  if (units.prepare && toWrite.length > 0) {
    await units.prepare(
      connection,
      toWrite.map((job) => job.encoded),
    );
  }
  if (toWrite.length === jobs.length && (await writtenAtOnce(place, toWrite))) {
    for (const job of toWrite) {
      job.resolve();
    }
    return;
  }
  const verdicts: Verdict[] = [];
  await connection.exec(dialect.begin);
  try {
    for (const group of grouped(jobs)) {
      verdicts.push(...(await runGroup(place, group)));
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
async function writtenAtOnce<E>(place: Place<E>, jobs: readonly UnitJob<E>[]): Promise<boolean> {
  try {
    await write(place, jobs);
    return true;
  } catch (cause) {
    if (sparesOthers(cause)) {
      return false;
    }
    throw cause;
  }
}

/** Neighbouring units share a statement. */
function grouped<E>(jobs: readonly Job<E>[]): Job<E>[][] {
  const groups: Job<E>[][] = [];
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

async function runGroup<E>(place: Place<E>, group: readonly Job<E>[]): Promise<Verdict[]> {
  const units = group.filter(isUnit);
  if (units.length > 1) {
    try {
      await asPart(place, () => write(place, units));
      return units.map((job) => job.resolve);
    } catch (cause) {
      if (!sparesOthers(cause)) {
        throw cause;
      }
    }
  }
  const verdicts: Verdict[] = [];
  for (const job of group) {
    verdicts.push(await runOne(place, job));
  }
  return verdicts;
}

async function runOne<E>(place: Place<E>, job: Job<E>): Promise<Verdict> {
  const { connection } = place;
  try {
    if (job.kind === 'unit') {
      await asPart(place, () => write(place, [job]));
      return job.resolve;
    }
    if (job.kind === 'statement') {
      const changes = await asPart(place, () => connection.run(job.sql, job.params));
      return () => job.resolve(changes);
    }
    const value = await inSavepoint(connection, () => job.work(connection));
    return () => job.resolve(value);
  } catch (cause) {
    if (!sparesOthers(cause)) {
      throw cause;
    }
    const error = job.kind === 'unit' ? await job.explain(connection, cause) : failure(cause);
    return () => job.reject(error);
  }
}

/** One statement that may fail without the rest: SQLite takes back its own rows only, and the transaction stands. */
const asPart = <T>({ connection, dialect }: Pick<Place<unknown>, 'connection' | 'dialect'>, work: () => Promise<T>): Promise<T> =>
  dialect.failureEndsTransaction ? inSavepoint(connection, work) : work();

async function inSavepoint<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  await connection.exec('SAVEPOINT job');
  try {
    const value = await work();
    await connection.exec('RELEASE SAVEPOINT job');
    return value;
  } catch (cause) {
    await connection.exec('ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job');
    throw cause;
  }
}

/** True for faults of one job: a constraint, a moved version, an error of its own. Errors of the file, the lock or the connection concern the whole batch. */
const sparesOthers = (cause: unknown): boolean => faultOf(cause) === null;
