/** Search over everything the visitor may see. A number that exists leads straight to its record. */
import { EngineError } from '../../engine/index.js';
import { field, options } from '../forms/fieldView.js';
import { recordRow } from '../presenters/recordRow.js';
import { readAround } from '../queries/reading.js';
import { type Route, signedIn } from '../web/route.js';
import type { Visit } from '../web/visit.js';

const LIMIT = 30;
const NUMBER = /^[A-Za-z][A-Za-z0-9-]{0,15}-\d{1,12}$/u;

async function byNumber(visit: Visit, text: string): Promise<string | null> {
  if (!NUMBER.test(text)) return null;
  const record = await visit.services.engine.record(text.toUpperCase(), visit.actor).catch(() => null);
  return record?.number ?? null;
}

function address(q: string, process: string | null, cursor: string | null): string {
  return `/search?${new URLSearchParams({ q, ...(process ? { process } : {}), ...(cursor ? { cursor } : {}) }).toString()}`;
}

async function show(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const q = (visit.query('q') ?? '').trim();
  if (q.length > 200) throw new EngineError('QUERY_INVALID', { parameter: 'q', reason: 'It is longer than 200 characters.' });
  const [process, cursor] = [visit.query('process'), visit.query('cursor')];
  const number = cursor === null ? await byNumber(visit, q) : null;
  if (number) return visit.redirect(`/record/${number}`);
  const processes = (await engine.processes(visit.actor)).filter(({ mayRead }) => mayRead);
  if (process !== null && !processes.some(({ key }) => key === process)) throw new EngineError('PROCESS_NOT_FOUND', { process });
  const page =
    q === ''
      ? { items: [], next: null }
      : await engine.list({ q, limit: LIMIT, ...(process ? { processes: [process] } : {}), ...(cursor ? { cursor } : {}) }, visit.actor);
  const reading = await readAround(visit, page.items);
  await visit.page({
    view: 'staff/search',
    title: q ? `Search: ${q}` : 'Search',
    current: '/search',
    model: {
      q,
      fields: [
        field({ name: 'q', id: 'words', title: 'Words or a number', required: true, inputType: 'search', value: q, maxlength: 200 }),
        field({
          name: 'process',
          title: 'In',
          required: true,
          kind: 'select',
          options: options(
            processes.map(({ key, plural }) => ({ value: key, title: plural })),
            process ?? '',
            'Everything',
          ),
        }),
      ],
      rows: page.items.map((record) => recordRow(record, reading.words(record), reading)),
      first: cursor ? address(q, process, null) : null,
      next: page.next === null ? null : address(q, process, page.next),
    },
  });
}

export function searchRoutes(): readonly Route[] {
  return [{ method: 'get', path: '/search', allow: signedIn, handle: show }];
}
