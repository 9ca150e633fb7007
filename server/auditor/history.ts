/** History across records: filters, keyset pages, every entry in full. */
import { EngineError, type HistoryView } from '../../engine/index.js';
import { type FieldView, field, options } from '../forms/fieldView.js';
import type { Visit } from '../web/visit.js';
import { entryContext } from './entryContext.js';
import { entryView } from './entryView.js';
import { exportFormats } from './exports.js';
import { tabsOf } from './frame.js';
import { type HistoryAddress, isFiltered, origins, readAddress, toQuery, writeAddress } from './historyQuery.js';

const LIMIT = 50;
/** Events of the engine that records of every process may have. */
const ENGINE_EVENTS = ['record.created', 'record.comment', 'record.attachment', 'record.link', 'record.unlink', 'migrated', 'imported', 'erased'];

async function eventNames(visit: Visit): Promise<readonly { readonly value: string; readonly title: string }[]> {
  const { engine } = visit.services;
  const processes = await engine.processes(visit.actor);
  const views = await Promise.all(processes.map(({ key }) => engine.definition(key, visit.actor)));
  const titles = new Map(views.flatMap(({ events }) => events.map(({ type, title }) => [type, title] as const)));
  return [
    ...[...titles].sort(([a], [b]) => a.localeCompare(b, 'en')).map(([value, title]) => ({ value, title })),
    ...ENGINE_EVENTS.map((value) => ({ value, title: '' })),
  ];
}

async function filterFields(visit: Visit, address: HistoryAddress, problems: { readonly [field: string]: string }): Promise<readonly FieldView[]> {
  const processes = await visit.services.engine.processes(visit.actor);
  const chosen = processes.map(({ key, title }) => ({ value: key, title }));
  const text = (name: 'record' | 'actor' | 'event' | 'from' | 'before', title: string, more: object = {}): FieldView =>
    field({ name, title, value: address[name], error: problems[name] ?? null, maxlength: 200, autocomplete: 'off', ...more });
  const select = (
    name: 'process' | 'origin' | 'order',
    title: string,
    choices: readonly { readonly value: string; readonly title: string }[],
    empty?: string,
  ): FieldView => field({ name, title, kind: 'select', options: options(choices, address[name], empty) });
  return [
    select('process', 'Process', chosen, 'Any'),
    text('record', 'Record', { placeholder: 'INC-000012' }),
    text('actor', 'Who', { listId: 'audit-people', placeholder: 'Name or id' }),
    text('event', 'Event', { listId: 'audit-events' }),
    select(
      'origin',
      'Came from',
      Object.entries(origins).map(([value, title]) => ({ value, title })),
      'Anything',
    ),
    text('from', 'From', { inputType: 'datetime-local' }),
    text('before', 'Before', { inputType: 'datetime-local' }),
    select('order', 'Order', [
      { value: 'newest', title: 'Newest first' },
      { value: 'oldest', title: 'Oldest first' },
    ]),
  ];
}

/** What the engine refuses of the query belongs beside a field. */
async function readEntries(
  visit: Visit,
  query: Parameters<typeof visit.services.engine.entries>[0],
): Promise<{ readonly items: readonly HistoryView[]; readonly next: string | null; readonly problem: string | null }> {
  try {
    return { ...(await visit.services.engine.entries(query, visit.actor)), problem: null };
  } catch (error) {
    const ofRecord =
      error instanceof EngineError && (error.code === 'RECORD_NOT_FOUND' || (error.code === 'QUERY_INVALID' && error.facts.parameter === 'record'));
    if (!ofRecord) throw error;
    return { items: [], next: null, problem: 'There is no record with this number.' };
  }
}

export async function showHistory(visit: Visit): Promise<void> {
  const address = readAddress(visit);
  const users = await visit.services.engine.users();
  const read = toQuery(address, visit.zone, users);
  const refused = Object.keys(read.problems).length > 0;
  const page = refused ? { items: [], next: null, problem: null } : await readEntries(visit, { ...read.query, limit: LIMIT });
  const problems = page.problem === null ? read.problems : { ...read.problems, record: page.problem };
  const context = await entryContext(visit, page.items);
  const wrong = Object.keys(problems).length > 0;
  await visit.page({
    view: 'auditor/history',
    title: 'History across records',
    current: '/audit',
    width: 'wide',
    status: wrong ? 400 : 200,
    model: {
      tabs: tabsOf('/audit/history'),
      fields: await filterFields(visit, address, problems),
      people: users.map(({ id, name }) => ({ value: id, title: name })),
      events: await eventNames(visit),
      filtered: isFiltered(address),
      entries: page.items.map((entry) => entryView(entry, context)),
      wrong,
      exports: wrong
        ? []
        : exportFormats.map(({ format, title }) => ({
            title,
            href: `${writeAddress(address, { order: 'oldest' }, '/audit/history/export')}&format=${format}`,
          })),
      zone: visit.zone,
      first: address.cursor ? writeAddress(address) : null,
      next: page.next === null ? null : writeAddress(address, { cursor: page.next }),
    },
  });
}
