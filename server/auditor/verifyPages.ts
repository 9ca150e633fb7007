/** Verification: asked for, watched, read. Works without scripts: while it runs the page comes again by itself. */
import { EngineError, type RecordView, type VerifyProblem } from '../../engine/index.js';
import { field } from '../forms/fieldView.js';
import { describeDuration } from '../presenters/time.js';
import type { Visit } from '../web/visit.js';
import { sendAs } from './exports.js';
import { tabsOf } from './frame.js';
import { peopleNames } from './people.js';
import { type ProblemView, problemView } from './problemWords.js';
import type { Verification, Verifications } from './verifications.js';

/** Seconds after which the page of a running verification comes again. */
const AGAIN = 2;
const SHOWN = 200;

/** Records that problems name, as far as they can still be read. */
async function recordsOf(visit: Visit, problems: readonly VerifyProblem[]): Promise<ReadonlyMap<string, RecordView>> {
  const ids = [...new Set(problems.map(({ record }) => record))].filter((id) => id !== null);
  const found = await Promise.all(ids.map((id) => visit.services.engine.record(id, visit.actor).catch(() => null)));
  return new Map(found.flatMap((record) => (record ? [[record.id, record] as const] : [])));
}

async function views(visit: Visit, problems: readonly VerifyProblem[]): Promise<readonly ProblemView[]> {
  const shown = problems.slice(0, SHOWN);
  const records = await recordsOf(visit, shown);
  return shown.map((problem) => problemView(problem, records));
}

export interface RunRow {
  readonly href: string;
  readonly startedAt: number;
  readonly by: string;
  readonly what: string;
  readonly took: string | null;
  readonly status: Verification['status'];
  readonly verdict: { readonly tone: string; readonly text: string };
  readonly entries: number | null;
}

function verdictOf({ status, report }: Verification): RunRow['verdict'] {
  if (status === 'running') return { tone: 'info', text: 'Running' };
  if (status === 'failed' || !report) return { tone: 'danger', text: 'Could not be finished' };
  const { problems, warnings } = report;
  if (problems.length > 0) return { tone: 'danger', text: `${problems.length.toLocaleString('en-GB')} ${problems.length === 1 ? 'problem' : 'problems'}` };
  return warnings.length > 0
    ? { tone: 'warning', text: `Sound, ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}` }
    : { tone: 'good', text: 'Sound' };
}

export function runRow(run: Verification, name: (id: string) => string): RunRow {
  const parts = [run.record ?? 'Everything', ...(run.kept > 0 ? [`with ${run.kept === 1 ? 'a checkpoint' : `${run.kept} checkpoints`} kept outside`] : [])];
  return {
    href: `/audit/verify/${run.id}`,
    startedAt: run.startedAt,
    by: name(run.by),
    what: parts.join(', '),
    took: run.took === null ? null : run.took < 1_000 ? '< 1 s' : describeDuration(run.took),
    status: run.status,
    verdict: verdictOf(run),
    entries: run.report?.entries ?? null,
  };
}

interface Asked {
  readonly record: string;
  readonly error: string | null;
}

async function showForm(visit: Visit, verifications: Verifications, asked: Asked): Promise<void> {
  const name = await peopleNames(visit);
  const rows = (await verifications.all()).map((run) => runRow(run, name));
  const kept = await visit.services.engine.kept();
  await visit.page({
    view: 'auditor/verify',
    title: 'Verification',
    current: '/audit',
    status: asked.error === null ? 200 : 422,
    model: {
      tabs: tabsOf('/audit/verify'),
      kept,
      running: rows.find(({ status }) => status === 'running') ?? null,
      rows,
      open: asked.error !== null,
      field: field({
        name: 'record',
        title: 'Only this record',
        hint: 'Its number. Empty: every record, and the checkpoints.',
        value: asked.record,
        error: asked.error,
        maxlength: 64,
        autocomplete: 'off',
        placeholder: 'INC-000012',
        short: true,
      }),
    },
  });
}

export const askVerification =
  (verifications: Verifications) =>
  (visit: Visit): Promise<void> =>
    showForm(visit, verifications, { record: '', error: null });

export const startVerification =
  (verifications: Verifications) =>
  async (visit: Visit): Promise<void> => {
    const typed = visit.form.text('record').trim().toUpperCase();
    const record =
      typed === ''
        ? null
        : await visit.services.engine.record(typed, visit.actor).catch((error: unknown) => {
            if (error instanceof EngineError) return error;
            throw error;
          });
    if (record instanceof EngineError) return showForm(visit, verifications, { record: typed, error: 'There is no record with this number.' });
    const { run, fresh } = await verifications.start({ by: visit.actor.id, ...(record ? { record: { id: record.id, number: record.number } } : {}) });
    if (fresh) visit.services.log.info({ by: visit.actor.id, record: record?.number ?? null }, 'verification started');
    visit.redirect(`/audit/verify/${run.id}`, fresh ? undefined : { tone: 'info', text: 'A verification is running already; this is it.' });
  };

async function runOf(visit: Visit, verifications: Verifications): Promise<Verification> {
  const run = await verifications.find(visit.param('id'));
  if (!run) throw new EngineError('NOT_FOUND', { verification: visit.param('id') });
  return run;
}

export const showVerification =
  (verifications: Verifications) =>
  async (visit: Visit): Promise<void> => {
    const run = await runOf(visit, verifications);
    const row = runRow(run, await peopleNames(visit));
    if (run.status === 'running') visit.response.setHeader('Refresh', String(AGAIN));
    const { report } = run;
    const [problems, warnings] = report ? await Promise.all([views(visit, report.problems), views(visit, report.warnings)]) : [[], []];
    await visit.page({
      view: 'auditor/verification',
      title: run.status === 'running' ? 'Verifying' : 'Result of the verification',
      current: '/audit',
      model: {
        row,
        percent: run.total === 0 ? 0 : Math.floor((run.done / run.total) * 100),
        done: run.done.toLocaleString('en-GB'),
        total: run.total.toLocaleString('en-GB'),
        failure: run.failure,
        report: report && {
          entries: report.entries.toLocaleString('en-GB'),
          records: report.records.toLocaleString('en-GB'),
          checkpoints: report.checkpoints,
          erased: report.erased,
          whole: run.record === null,
        },
        sound: report !== null && report.problems.length === 0,
        groups: groupsOf(problems),
        warnings,
        more: report ? Math.max(0, report.problems.length - SHOWN) : 0,
        whole: report ? `/audit/verify/${run.id}/report` : null,
      },
    });
  };

/** Problems by kind, in the order in which the kinds first came. */
function groupsOf(problems: readonly ProblemView[]): readonly { readonly title: string; readonly meaning: string; readonly items: readonly ProblemView[] }[] {
  const kinds = [...new Set(problems.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const items = problems.filter((problem) => problem.kind === kind);
    return { title: items[0]?.title ?? kind, meaning: items[0]?.meaning ?? '', items };
  });
}

/** The whole result, as `charter verify --json` prints it. */
export const sendReport =
  (verifications: Verifications) =>
  async (visit: Visit): Promise<void> => {
    const { report, id } = await runOf(visit, verifications);
    if (!report) throw new EngineError('NOT_FOUND', { verification: id });
    sendAs(visit.response, `charter-verification-${id.slice(0, 8)}.json`, 'application/json; charset=utf-8');
    visit.response.end(`${JSON.stringify(report, null, 2)}\n`);
  };
