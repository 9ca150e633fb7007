/** Runs an import: the whole file is read once to see that it is sound, then case by case, many cases at a time. */
import { type Actor, type Engine, EngineError } from '../../engine/index.js';
import type { Account } from './account.js';
import { runCase } from './caseRun.js';
import type { Mapping } from './mapping.js';
import { gatherPeople, makePeople, type NamedPeople, type PeopleDoor } from './people.js';
import { inspectSource, readCases } from './reader.js';
import type { SourceCase, SourceSummary } from './source.js';

/** Cases under way at a time: as many as the engine puts into one transaction. */
const CASES_AT_A_TIME = 64;

export interface ImportRun {
  readonly engine: Engine & PeopleDoor;
  readonly mapping: Mapping;
  readonly file: string;
  readonly importer: Actor;
  readonly account: Account;
  /** Told the number of rows gone through. */
  readonly onProgress?: (rows: number) => void;
  /** The import stops between two cases once this is so; a later run goes on from there. */
  readonly stopped?: () => boolean;
  readonly casesAtATime?: number;
}

export interface Inspection extends SourceSummary {
  readonly people: NamedPeople;
}

/** Looks at the file and at how the mapping fits it, and changes nothing. @throws EngineError naming line or pointer. */
export async function inspectImport(run: Pick<ImportRun, 'mapping' | 'file'>): Promise<Inspection> {
  const people = gatherPeople(run.mapping);
  const summary = await inspectSource(run.file, { header: run.mapping.bind, row: people.add });
  return { ...summary, people };
}

/** @throws EngineError where file or mapping is not sound (nothing has changed then), or where the store fails (what was acknowledged stays; run again to go on). */
export async function runImport(run: ImportRun, inspection: Inspection): Promise<void> {
  await makePeople(run.engine, inspection.people);
  const cases = readCases(run.file, run.mapping.file.case);
  const seen = new Set<string>();
  let rows = 0;
  let failed = false;
  const work = async (): Promise<void> => {
    for (;;) {
      if (failed || run.stopped?.() === true) return;
      const next = await cases.next();
      if (next.done === true) return;
      const source = next.value;
      if (seen.has(source.key)) refuseScattered(run, source);
      else {
        seen.add(source.key);
        await runCase(run, source);
      }
      rows += source.rows.length;
      run.onProgress?.(rows);
    }
  };
  try {
    const worker = (): Promise<void> =>
      work().catch((error: unknown) => {
        failed = true;
        throw error;
      });
    await allOrFirstFault(Array.from({ length: run.casesAtATime ?? CASES_AT_A_TIME }, worker));
  } finally {
    await cases.return(undefined);
  }
}

function refuseScattered(run: ImportRun, source: SourceCase): void {
  for (const row of source.rows) {
    run.account.refuse({
      line: row.line,
      case: source.key,
      kind: 'rows-apart',
      event: '',
      reason: 'the rows of this case do not stand together; sort the file by case',
    });
    run.account.row('refused');
  }
}

/** Waits for all workers, so that nothing is still being written when a fault is passed on. */
async function allOrFirstFault(workers: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(workers);
  const faults = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (faults.length > 0) throw faults.find((fault) => fault instanceof EngineError) ?? faults[0];
}
