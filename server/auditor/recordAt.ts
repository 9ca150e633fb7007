/** A record as it was right after any of its steps, or at any instant: fields, state, clocks, the version of its process, the path so far. */
import { EngineError, type HistoryView } from '../../engine/index.js';
import { field, options } from '../forms/fieldView.js';
import { clockCards } from '../presenters/clocks.js';
import { detailSections } from '../presenters/details.js';
import { readAround } from '../queries/reading.js';
import { recordHead } from '../staff/recordHead.js';
import type { Visit } from '../web/visit.js';
import { entryContext } from './entryContext.js';
import { type EntryView, entryView } from './entryView.js';
import { exactly, short } from './frame.js';
import { fieldInstant, readInstant } from './historyQuery.js';
import { drawingAt, stepNumber, stepsOf } from './recordPath.js';

interface Chosen {
  readonly sequence: number;
  /** The instant that was asked for, when one was. */
  readonly asked: number | null;
  readonly problem: string | null;
}

/** The step that is asked for by number, or the last one at or before an instant; else the newest. */
function chosenStep(visit: Visit, steps: readonly HistoryView[]): Chosen {
  const last = steps.length;
  const typed = visit.query('at');
  if (typed === null) return { sequence: stepNumber(visit, 'step', last) ?? last, asked: null, problem: null };
  const asked = readInstant(typed, visit.zone);
  if (asked === null) return { sequence: last, asked: null, problem: 'Choose a date and a time.' };
  // A time typed to the minute means all of that minute.
  const until = /T\d{2}:\d{2}$/u.test(typed) ? asked + 59_999 : asked;
  const later = steps.findIndex(({ at }) => at > until);
  const sequence = later === -1 ? last : later;
  return sequence === 0 ? { sequence: 1, asked, problem: 'It did not exist yet. This is its first step.' } : { sequence, asked, problem: null };
}

function stepper(number: string, sequence: number, last: number): object {
  const href = (step: number): string | null => (step < 1 || step > last || step === sequence ? null : `/audit/records/${number}?step=${step}`);
  return {
    sequence,
    last,
    first: sequence > 2 ? href(1) : null,
    previous: href(sequence - 1),
    next: href(sequence + 1),
    newest: sequence < last - 1 ? href(last) : null,
  };
}

function compareForm(views: readonly EntryView[], sequence: number): readonly object[] {
  const steps = views.map((view) => ({
    value: String(view.sequence),
    title: `${view.sequence} · ${view.when.date}, ${view.when.clock} · ${view.who} ${view.what}`.slice(0, 120),
  }));
  return [
    field({ name: 'from', title: 'From after step', kind: 'select', options: options(steps, String(Math.max(1, sequence - 1))) }),
    field({ name: 'to', title: 'To after step', kind: 'select', options: options(steps, String(sequence)) }),
  ];
}

export async function showRecordAt(visit: Visit): Promise<void> {
  const given = visit.param('number');
  const now = await visit.services.engine.record(given, visit.actor);
  if (given !== now.number) return visit.redirect(`/audit/records/${now.number}`);
  const steps = await stepsOf(visit, now.number);
  if (steps.length === 0) throw new EngineError('HISTORY_DAMAGED', { record: now.number, reason: 'it has no history' });
  const { sequence, asked, problem } = chosenStep(visit, steps);
  const then = await visit.services.engine.at(now.number, { sequence }, visit.actor);
  const [reading, context] = await Promise.all([readAround(visit, [then.record]), entryContext(visit, steps)]);
  const views = steps.map((step) => entryView(step, context));
  const step = views[sequence - 1] as EntryView;
  const { record } = then;
  const head = recordHead(record, reading);
  await visit.page({
    view: 'auditor/record',
    title: `${record.number} after step ${sequence}`,
    current: '/audit',
    status: problem !== null && asked === null ? 400 : 200,
    model: {
      crumbs: [
        { href: '/audit', title: 'Audit' },
        { href: `/audit/history?record=${record.number}`, title: `History of ${record.number}` },
      ],
      head,
      page: `/audit/records/${record.number}`,
      stepper: stepper(record.number, sequence, steps.length),
      step,
      newest: sequence === steps.length,
      field: field({
        name: 'at',
        title: 'As it was at',
        inputType: 'datetime-local',
        value: fieldInstant(asked ?? then.record.updatedAt, visit.zone),
        error: problem,
        short: true,
      }),
      zone: visit.zone,
      sections: detailSections(record, reading.definition(record), reading),
      withheld: record.withheld.map((name) => reading.words(record).fieldTitle(name)),
      // Nothing ticks here: this is how it was.
      clocks: clockCards(record.clocks).map((card) => ({ ...card, live: false })),
      drawing: await drawingAt(visit, then, steps.slice(0, sequence)),
      version: {
        href: `/processes/${record.process}/versions/${record.definitionVersion}`,
        short: short(record.definitionVersion),
        migrated: record.definitionVersion !== now.definitionVersion,
      },
      at: exactly(then.record.updatedAt, visit.zone),
      steps: views.map((view) => ({ ...view, current: view.sequence === sequence })),
      compare: steps.length > 1 ? compareForm(views, sequence) : null,
    },
  });
}
