/** Whether a record has moved on since a page of it was made. Open pages ask by themselves (`views/assets/src/standing.ts`), on whichever server. */
import { EngineError, type RecordView } from '../../engine/index.js';
import { timeline } from '../presenters/timeline.js';
import { readAround } from '../queries/reading.js';
import { type Route, signedIn } from '../web/route.js';
import type { Visit } from '../web/visit.js';

/** At most so long passes between two questions of a page that is looked at. */
const EVERY_MS = 15_000;
/** Steps looked at to tell whether it moved: more than happen between two questions. */
const READ = 20;

/** What a page needs in order to ask; null for a record that moves no more. */
export function standingOf(record: RecordView): { readonly href: string; readonly every: number } | null {
  return record.status === 'done' ? null : { href: `/record/${record.number}/standing`, every: EVERY_MS };
}

function versionAsked(visit: Visit): number {
  const text = visit.query('version') ?? '';
  if (!/^\d{1,9}$/u.test(text)) throw new EngineError('QUERY_INVALID', { parameter: 'version' });
  return Number(text);
}

/** Nothing (204) while the record is as the page shows it: that costs one look at the record and no more. */
async function tell(visit: Visit): Promise<void> {
  const { response, actor, services } = visit;
  const { engine } = services;
  const since = versionAsked(visit);
  const record = await engine.record(visit.param('number'), actor);
  response.setHeader('Cache-Control', 'no-store');
  if (record.version <= since) {
    response.status(204).end();
    return;
  }
  const [reading, { items }] = await Promise.all([readAround(visit, [record]), engine.history(record.id, actor, { limit: READ, direction: 'desc' })]);
  const words = reading.words(record);
  const steps = timeline(
    items.filter(({ sequence }) => sequence > since),
    { ...reading, words, comments: [], attachments: [], linked: new Map() },
  );
  const [last] = steps;
  response.json({
    version: record.version,
    who: last?.who ?? '',
    what: items[0]?.event === 'record.comment' ? 'wrote a comment' : (last?.what ?? ''),
    // Said only of a record that moved meanwhile.
    state: steps.some(({ chips }) => chips.length > 0)
      ? words
          .chips(record.paths, record.status)
          .map(({ text }) => text)
          .join(', ')
      : '',
    at: new Date(record.updatedAt).toISOString(),
    finished: record.status === 'done',
  });
}

export function standingRoutes(): readonly Route[] {
  return [{ method: 'get', path: '/record/:number/standing', allow: signedIn, unattended: true, handle: tell }];
}
