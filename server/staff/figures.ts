/** The figures (KPIs) of a process over a period, for those who may read all of its records. */
import { field } from '../forms/fieldView.js';
import { figureView } from '../presenters/figures.js';
import { type Period, periodTabs, readPeriod } from '../queries/period.js';
import { type Route, signedIn } from '../web/route.js';
import type { Visit } from '../web/visit.js';

async function show(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const { summary } = await engine.definition(visit.param('key'), visit.actor);
  const { key, plural } = summary;
  const path = `/process/${key}/figures`;
  const period = readPeriod(visit);
  const wrong = Object.keys(period.problems).length > 0;
  const found = await engine.kpis({ process: key, ...(wrong ? { from: 0, to: 0 } : period.span) }, visit.actor);
  await visit.page({
    view: 'staff/figures',
    title: `Figures of ${plural}`,
    current: `/process/${key}`,
    status: wrong ? 400 : 200,
    model: {
      title: `Figures: ${plural}`,
      crumbs: [{ href: `/process/${key}`, title: plural }],
      tabs: periodTabs(path, period.name),
      path,
      fields: [dayField('from', 'From', period), dayField('to', 'To', period)],
      wrong,
      records: found.records,
      span: wordsOf(period),
      figures: wrong ? [] : found.figures.map(figureView),
    },
  });
}

function dayField(name: 'from' | 'to', title: string, period: Period) {
  return field({ name, title, inputType: 'date', value: period[name], error: period.problems[name] ?? null });
}

/** `from 1 March 2026 to 31 March 2026`; empty when everything counts. */
function wordsOf({ from, to }: Period): string {
  return [from && `from ${dayTitle(from)}`, to && `to ${dayTitle(to)}`].filter(Boolean).join(' ');
}

const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

function dayTitle(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : days.format(new Date(at));
}

export function figureRoutes(): readonly Route[] {
  return [{ method: 'get', path: '/process/:key/figures', allow: signedIn, handle: show }];
}
