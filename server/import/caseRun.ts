/** Takes one case through the engine, row by row, from where an earlier run left it. */
import { createHash } from 'node:crypto';
import type { Actor, StepResult } from '../../engine/index.js';
import { type Engine, pause } from '../../engine/index.js';
import type { Account } from './account.js';
import { type EarlierRun, findEarlier, isRowStep, meet, type Retracing, readEarlier } from './earlier.js';
import type { Mapping } from './mapping.js';
import { type CreationPlan, type PlannedStep, planCreation, planRow, type RowPlan } from './planner.js';
import { isPassing, refusalOf } from './refusal.js';
import { RowProblem, type SourceCase, type SourceRow } from './source.js';
import { foldEntry, labelOf, standingOf } from './standing.js';
import { type Cells, type NamedActor, quoted } from './values.js';

/** Longest number of a case. */
const LONGEST_KEY = 200;

export interface ImportContext {
  readonly engine: Engine;
  readonly mapping: Mapping;
  readonly account: Account;
  /** Who runs the import: every step is taken on this person's behalf. */
  readonly importer: Actor;
}

/** What is known of the case while its rows are gone through. */
interface Progress extends Retracing {
  readonly record: string;
  /** The cells the record has taken over so far. */
  before: Record<string, string>;
  /** Steps this run took. */
  taken: number;
}

/** Every row of the case ends up in the account. @throws what is no fault of the rows: a full disk, a store that is gone. */
export async function runCase(context: ImportContext, source: SourceCase): Promise<void> {
  const first = source.rows[0];
  if (first === undefined) return;
  const begun = await begin(context, source, first);
  let whole = begun !== null;
  if (begun !== null) {
    for (const row of source.rows)
      whole = (await runRow(context, { source, row, progress: begun.progress, creating: begun.created && row === first })) && whole;
    if (!begun.ended || begun.progress.taken > 0) await end(context, begun.progress);
  }
  context.account.caseDone(whole);
}

interface Beginning {
  readonly progress: Progress;
  readonly created: boolean;
  /** True where an earlier run ended the import of this record. */
  readonly ended: boolean;
}

/** Makes the record, or takes up the one an earlier run made. @returns null where that was refused, with all rows accounted for. */
async function begin(context: ImportContext, source: SourceCase, first: SourceRow): Promise<Beginning | null> {
  const { engine, mapping, importer } = context;
  try {
    if (mapping.isUnknown(source.key) || !/[\p{L}\p{N}]/u.test(source.key) || source.key.length > LONGEST_KEY)
      throw new RowProblem('case-unnamed', `${mapping.file.case} is ${quoted(source.key)}, which names no case`);
    const plan = planCreation(mapping, first.cells);
    const found = await findEarlier(engine, mapping, { key: source.key, reader: importer });
    if (found !== null) return takeUp(source, plan.before, found);
    const made = await create(context, source.key, plan);
    if (made.replayed) return takeUp(source, plan.before, await readEarlier(engine, made.record, importer));
    context.account.step();
    context.account.created();
    return {
      created: true,
      ended: false,
      progress: { record: made.record.id, standing: standingOf(made.record), before: { ...plan.before }, earlier: [], taken: 0 },
    };
  } catch (error) {
    const refusal = error instanceof RowProblem ? { kind: error.kind, reason: error.message } : refusalOf(error, { event: 'create', state: '' });
    if (refusal === null) throw error;
    source.rows.forEach((row, index) => {
      const told = index === 0 ? refusal : { kind: 'record-not-made', reason: `the record could not be made, see line ${first.line}` };
      context.account.refuse({ line: row.line, case: source.key, event: 'create', ...told });
      context.account.row('refused');
    });
    return null;
  }
}

function takeUp(source: SourceCase, before: Cells, found: EarlierRun): Beginning {
  const [oldest, ...earlier] = found.entries;
  if (oldest === undefined || !isRowStep(oldest))
    throw new RowProblem('number-taken', `the record ${found.number}, which was not imported, carries the number ${quoted(source.key)}`);
  return { created: false, ended: found.ended, progress: { record: found.id, standing: foldEntry(null, oldest), before: { ...before }, earlier, taken: 0 } };
}

async function create(context: ImportContext, key: string, plan: CreationPlan): Promise<StepResult> {
  const { process, numberField } = context.mapping.file;
  const bodyHash = createHash('sha256')
    .update(JSON.stringify([plan.at, plan.actor.id, plan.data]))
    .digest('hex');
  const idempotency = { scope: `import:${process}:${numberField}:${key}`, bodyHash };
  // Without onBehalfOf: the record would count as created by whoever runs the import instead of by the person the row names.
  return await patiently(() => context.engine.create({ process, data: plan.data, actor: plan.actor, origin: 'import', at: plan.at, idempotency }));
}

/** @returns false where something of the row was refused. */
async function runRow(context: ImportContext, given: { source: SourceCase; row: SourceRow; progress: Progress; creating: boolean }): Promise<boolean> {
  const { source, row, progress, creating } = given;
  const { account, mapping } = context;
  const refuse = (event: string, refusal: { kind: string; reason: string }): void => account.refuse({ line: row.line, case: source.key, event, ...refusal });
  let plan: RowPlan;
  try {
    plan = planRow(mapping, progress.before, { cells: row.cells, first: row === source.rows[0] });
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    refuse('', { kind: error.kind, reason: error.message });
    account.row('refused');
    return false;
  }
  for (const problem of plan.problems) refuse('', { kind: problem.kind, reason: problem.message });
  const outcome = await takeSteps(context, { plan, row, progress, refuse, key: source.key });
  const sound = outcome.refused === 0 && plan.problems.length === 0 && standsAsSaid(context, { row, progress, refuse });
  account.row(!sound ? 'refused' : creating || outcome.taken > 0 ? 'applied' : 'unchanged');
  return sound;
}

type Refuse = (event: string, refusal: { kind: string; reason: string }) => void;

async function takeSteps(
  context: ImportContext,
  given: { plan: RowPlan; row: SourceRow; progress: Progress; refuse: Refuse; key: string },
): Promise<{ taken: number; refused: number }> {
  const { plan, row, progress, refuse, key } = given;
  let taken = 0;
  let refused = 0;
  let clamped = false;
  for (const step of plan.steps) {
    const { known, at } = meet(progress, { type: step.type, at: plan.at, actor: plan.actor.id });
    if (known === 'refused-before') {
      refuse(step.type, { kind: 'refused-before', reason: 'an earlier run of the import was refused this step' });
      refused += 1;
      continue;
    }
    clamped ||= at !== plan.at && known === 'new';
    const refusal = known === 'taken' ? null : await send(context, { step, at, actor: plan.actor, progress });
    if (refusal !== null) {
      refuse(step.type, refusal);
      refused += 1;
      continue;
    }
    if (known === 'new') taken += 1;
    takeOver(progress, step, row.cells);
  }
  const label = labelOf(context.mapping, progress.standing);
  if (label !== null) progress.before[context.mapping.file.state.column] = label;
  if (clamped)
    context.account.adjust({
      line: row.line,
      case: key,
      kind: 'instant-before-the-last',
      reason: `the row's instant lies before the record's latest step, so it counts as taken at ${new Date(progress.standing.at).toISOString()}`,
    });
  return { taken, refused };
}

async function send(
  context: ImportContext,
  given: { step: PlannedStep; at: number; actor: NamedActor; progress: Progress },
): Promise<{ kind: string; reason: string } | null> {
  const { step, at, actor, progress } = given;
  try {
    const result = await patiently(() =>
      context.engine.send({ record: progress.record, type: step.type, data: step.data, actor, at, origin: 'import', onBehalfOf: context.importer.id }),
    );
    progress.standing = standingOf(result.record);
    progress.taken += 1;
    context.account.step();
    return null;
  } catch (error) {
    const refusal = refusalOf(error, { event: step.type, state: labelOf(context.mapping, progress.standing) ?? [...progress.standing.paths].join(', ') });
    if (refusal === null) throw error;
    return refusal;
  }
}

function takeOver(progress: Progress, step: PlannedStep, cells: Cells): void {
  for (const column of step.covers) progress.before[column] = cells[column] ?? '';
}

/** After each row the record must stand where the row says. */
function standsAsSaid(context: ImportContext, given: { row: SourceRow; progress: Progress; refuse: Refuse }): boolean {
  const said = given.row.cells[context.mapping.file.state.column] ?? '';
  const label = labelOf(context.mapping, given.progress.standing);
  if (label === said) return true;
  given.refuse('', {
    kind: `stands-elsewhere: ${said}`,
    reason: `the row says ${said}, the record is in ${label ?? [...given.progress.standing.paths].join(', ')}`,
  });
  return false;
}

async function end(context: ImportContext, progress: Progress): Promise<void> {
  await patiently(() => context.engine.finishImport({ record: progress.record, actor: context.importer, at: progress.standing.at }));
  context.account.step();
}

/** Tries again, after a moment, what failed only because others were writing. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let wait = 50; ; wait *= 2) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || wait > 5_000) throw error;
      await pause(wait);
    }
  }
}
