/** The records of a process: views, filters, columns as the process lists them, keyset pages. */
import type { DefinitionView, RecordView } from '../../engine/index.js';
import { type FieldView, field, options } from '../forms/fieldView.js';
import { schemaChoices } from '../forms/widget.js';
import { wordsOf } from '../presenters/definitionWords.js';
import { type RecordRowView, recordRow } from '../presenters/recordRow.js';
import { showValue, type ValueView } from '../presenters/values.js';
import { type Reading, readAround } from '../queries/reading.js';
import { type Route, signedIn } from '../web/route.js';
import type { Visit } from '../web/visit.js';
import { type ListAddress, readAddress, type Sort, toQuery, views, writeAddress } from './listQuery.js';

interface Column {
  readonly field: string;
  readonly title: string;
  readonly kind: 'priority' | 'due' | 'value';
  /** Shown on wide screens only. */
  readonly extra: boolean;
  readonly href: string | null;
  readonly sorted: 'ascending' | 'descending' | null;
}

interface ListRow extends RecordRowView {
  readonly cells: readonly { readonly title: string; readonly extra: boolean; readonly kind: Column['kind']; readonly value: ValueView }[];
}

const viewTitles: { readonly [view: string]: string } = {
  open: 'Open',
  mine: 'Mine',
  unassigned: 'Unassigned',
  teams: 'My teams',
  done: 'Finished',
  all: 'All',
};

function sortable(path: string, address: ListAddress, sort: Sort): Pick<Column, 'href' | 'sorted'> {
  const current = address.sort === sort;
  const first = sort === 'title' || sort === 'due' || sort === 'priority' ? 'asc' : 'desc';
  const direction = current ? (address.direction === 'asc' ? 'desc' : 'asc') : first;
  return { href: writeAddress(path, address, { sort, direction }), sorted: current ? (address.direction === 'asc' ? 'ascending' : 'descending') : null };
}

/** The columns the process asks for; number, title and state are always there. */
function columnsOf(definition: DefinitionView, path: string, address: ListAddress): readonly Column[] {
  const mapped = definition.process.columns ?? {};
  const listed = (definition.process.list ?? []).filter((name) => name !== mapped.title);
  return listed.map((name) => {
    const title = definition.form.properties[name]?.title ?? name;
    const none = { href: null, sorted: null };
    const extra = name !== mapped.assignee && name !== mapped.team && listed.length > 3;
    if (name === mapped.priority) return { field: name, title, kind: 'priority', extra: false, ...sortable(path, address, 'priority') };
    if (name === mapped.due) return { field: name, title, kind: 'due', extra: false, ...sortable(path, address, 'due') };
    return { field: name, title, kind: 'value', extra, ...none };
  });
}

function listRow(record: RecordView, columns: readonly Column[], reading: Reading): ListRow {
  const words = reading.words(record);
  const cells = columns.map(({ field: name, title, kind, extra }) => ({
    title,
    kind,
    extra,
    value: showValue(words.field(name) ?? {}, record.data[name], reading),
  }));
  return { ...recordRow(record, words, reading), cells };
}

async function filters(visit: Visit, definition: DefinitionView, address: ListAddress): Promise<readonly FieldView[]> {
  const { engine } = visit.services;
  const [users, teams] = await Promise.all([engine.users(), engine.teams()]);
  const { columns = {} } = definition.process;
  const byTitle = (a: { readonly title: string }, b: { readonly title: string }): number => a.title.localeCompare(b.title, 'en');
  const states = definition.states
    .filter(({ path, type }) => path !== '' && type !== 'history')
    .map(({ path, title, depth }) => ({ value: path, title: `${'\u2003'.repeat(Math.max(0, depth - 1))}${title}` }));
  const priority = columns.priority ? definition.form.properties[columns.priority] : undefined;
  const priorities = priority ? (schemaChoices(priority) ?? []).map(({ value, title }) => ({ value: String(value), title })) : [];
  const select = (name: keyof ListAddress, title: string, entries: readonly { readonly value: string; readonly title: string }[]): FieldView =>
    field({ name, title, required: true, kind: 'select', options: options(entries, address[name], 'Any') });
  return [
    field({ name: 'q', title: 'Words', required: false, inputType: 'search', value: address.q, maxlength: 200 }),
    select('state', 'State', states),
    ...(priorities.length > 0 ? [select('priority', 'Priority', priorities)] : []),
    ...(columns.team ? [select('team', 'Team', teams.map(({ id, title }) => ({ value: id, title })).sort(byTitle))] : []),
    ...(columns.assignee && address.view !== 'mine' && address.view !== 'unassigned'
      ? [
          select(
            'assignee',
            'Assignee',
            users
              .filter(({ active }) => active)
              .map(({ id, name }) => ({ value: id, title: name }))
              .sort(byTitle),
          ),
        ]
      : []),
  ].map((view) => ({ ...view, required: true }));
}

function tabs(definition: DefinitionView, path: string, address: ListAddress): readonly object[] {
  const { columns = {} } = definition.process;
  const offered = views.filter((view) => (view === 'mine' || view === 'unassigned' ? columns.assignee : view === 'teams' ? columns.team : true));
  return offered.map((view) => ({ title: viewTitles[view], href: writeAddress(path, { ...address, assignee: '' }, { view }), current: view === address.view }));
}

async function show(visit: Visit): Promise<void> {
  const { engine } = visit.services;
  const definition = await engine.definition(visit.param('key'), visit.actor);
  const { key, plural, description, mayCreate, title, readsAll } = definition.summary;
  const path = `/process/${key}`;
  const address = readAddress(visit);
  const query = toQuery(visit, key, address);
  const { limit: _limit, cursor: _cursor, ...counted } = query;
  const [page, total] = await Promise.all([engine.list(query, visit.actor), address.cursor ? null : engine.count(counted, visit.actor, 1000)]);
  const reading = await readAround(visit, page.items);
  const columns = columnsOf(definition, path, address);
  const filtered = [address.q, address.state, address.assignee, address.team, address.priority].some((value) => value !== '');
  await visit.page({
    view: 'staff/list',
    title: plural,
    current: path,
    model: {
      title: plural,
      lead: description,
      actions: [
        ...(readsAll && definition.process.kpis ? [{ href: `${path}/figures`, title: 'Figures', icon: 'figures', class: '' }] : []),
        ...(mayCreate ? [{ href: `${path}/new`, title: `New ${title.toLowerCase()}`, icon: 'plus', class: 'primary' }] : []),
      ],
      tabs: tabs(definition, path, address),
      path,
      address,
      filters: await filters(visit, definition, address),
      filtered,
      clear: writeAddress(path, { ...address, q: '', state: '', assignee: '', team: '', priority: '' }),
      columns,
      titleSort: sortable(path, address, 'title'),
      numberSort: sortable(path, address, 'number'),
      updatedSort: sortable(path, address, 'updated'),
      words: wordsOf(definition).process.title ?? title,
      rows: page.items.map((record) => listRow(record, columns, reading)),
      total: total === null ? null : total >= 1000 ? 'More than 1,000' : `${total} ${total === 1 ? 'record' : 'records'}`,
      first: address.cursor ? writeAddress(path, address) : null,
      next: page.next === null ? null : writeAddress(path, address, { cursor: page.next }),
    },
  });
}

async function all(visit: Visit): Promise<void> {
  const processes = (await visit.services.engine.processes(visit.actor)).filter(({ mayRead, mayCreate }) => mayRead || mayCreate);
  const groups = new Map<string, object[]>();
  for (const { key, plural, description, group, mayRead } of processes) {
    const name = group || 'Processes';
    groups.set(name, [...(groups.get(name) ?? []), { href: mayRead ? `/process/${key}` : `/process/${key}/new`, title: plural, description }]);
  }
  await visit.page({
    view: 'staff/processes',
    title: 'All processes',
    current: '/processes',
    model: { groups: [...groups].map(([title, items]) => ({ title, items })) },
  });
}

export function listRoutes(): readonly Route[] {
  return [
    { method: 'get', path: '/processes', allow: signedIn, handle: all },
    { method: 'get', path: '/process/:key', allow: signedIn, handle: show },
  ];
}
