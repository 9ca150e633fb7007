/** A process to look at: as a drawing and in sentences. */
import { drawStatechart } from '../presenters/drawing/drawStatechart.js';
import { describeDrawing } from '../presenters/sentences/describeDrawing.js';
import { describeProcess } from '../presenters/sentences/describeProcess.js';
import type { Visit } from '../web/visit.js';
import { draftOf } from './drafts.js';
import { frame, mayWrite, readable, shortHash } from './processFrame.js';

export async function showDrawing(visit: Visit): Promise<void> {
  const view = await readable(visit);
  const { summary } = view;
  const drawing = await drawStatechart(view, { title: `Statechart of ${summary.title}` });
  const draft = mayWrite(visit) ? await draftOf(visit, summary.key) : null;
  await visit.page({
    view: 'owner/process',
    title: summary.title,
    current: '/owner',
    width: 'wide',
    model: {
      ...frame(visit, { key: summary.key, title: summary.title, published: true }, 'drawing'),
      description: summary.description || null,
      drawing: drawing || null,
      text: describeDrawing(view).states,
      draftAt: draft?.updatedAt ?? null,
      facts: {
        version: shortHash(summary.version),
        hash: summary.version,
        activatedAt: summary.activatedAt,
        owner: summary.owner,
        prefix: summary.prefix,
        clauses: [...summary.clauses['2018'].map((clause) => `${clause} (2018)`), ...summary.clauses['2011'].map((clause) => `${clause} (2011)`)].join(', '),
        states: view.states.length,
        events: view.events.length,
      },
    },
  });
}

/** The drawing alone, to be looked at as large as one likes or kept. Its colours come from the style sheet it names. */
export async function sendDrawing(visit: Visit): Promise<void> {
  const view = await readable(visit, visit.query('version') ?? undefined);
  const svg = await drawStatechart(view, { title: `Statechart of ${view.summary.title}` });
  const sheet = visit.services.assets.url('charter.css') ?? '';
  visit.response.setHeader('Cache-Control', 'private, no-cache');
  visit.response.type('image/svg+xml').send(`<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/css" href="${sheet}"?>\n${svg}\n`);
}

export async function showSentences(visit: Visit): Promise<void> {
  const view = await readable(visit);
  const { key, title } = view.summary;
  await visit.page({
    view: 'owner/sentences',
    title: `${title} in sentences`,
    current: '/owner',
    model: { ...frame(visit, { key, title, published: true }, 'sentences'), story: describeProcess(view) },
  });
}
