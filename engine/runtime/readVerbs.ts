/** The verbs that read records, each with the reader's rights. */

import { readRight, scopeOf, withheldColumns, withheldFields } from '../core/access.js';
import { availableTransitions, creationView } from '../core/available.js';
import { lookingStep } from '../core/looking.js';
import type { Program } from '../core/program.js';
import type { StepContext } from '../core/step.js';
import type { Engine, LinkedRecord, RecordView, TransitionView } from '../engine.js';
import { EngineError } from '../errors.js';
import type { HistoryQuery, Page, RecordQuery, RecordRow } from '../store/types.js';
import type { Actor, RecordState } from '../types.js';
import { readAttachment } from './attachments.js';
import { currentProcess, type EngineContext, readableRecord, viewFor, withheldFrom } from './context.js';
import { createLookups } from './lookups.js';
import { pointInTime } from './pointInTime.js';
import { historyView } from './views.js';

type ReadVerbs = Pick<
  Engine,
  'record' | 'transitions' | 'creation' | 'list' | 'count' | 'history' | 'entries' | 'at' | 'comments' | 'attachments' | 'attachment' | 'links' | 'timers'
>;

export function readVerbs(context: EngineContext): ReadVerbs {
  const { store } = context;
  return {
    async record(idOrNumber, actor) {
      const { row, program } = await readableRecord(context, idOrNumber, actor);
      return viewFor(context, row.record, { program, actor });
    },
    async transitions(idOrNumber, actor) {
      const { row, program } = await readableRecord(context, idOrNumber, actor);
      if (row.record.status === 'done') return [];
      return withFetched(context, { state: row.record, program, actor }, (step) => availableTransitions(program, row.record, step));
    },
    async creation(process, actor) {
      const program = context.library.current(process);
      const [view] = await withFetched(context, { state: null, program, actor }, (step) => [creationView(program, actor, step)]);
      return view as TransitionView;
    },
    list: (query, actor) => list(context, query, actor),
    count: (query, actor, atMost) => store.records.count({ ...query, scope: seenBy(context, query, actor).scope }, atMost),
    async history(idOrNumber, actor, page) {
      const { row } = await readableRecord(context, idOrNumber, actor);
      return entryPage(context, { record: row.record.id, ...page }, actor);
    },
    async entries({ process, actorId, record, ...rest }, actor) {
      const row = record === undefined ? null : (await readableRecord(context, record, actor)).row;
      const scope = scopeOf(context.library.processes(), actor);
      if (process !== undefined && readRight(context.library.current(process).process, actor) === 'none') throw new EngineError('FORBIDDEN', { process });
      return entryPage(
        context,
        { ...rest, scope, ...(process ? { processes: [process] } : {}), ...(actorId ? { actor: actorId } : {}), ...(row ? { record: row.record.id } : {}) },
        actor,
      );
    },
    at: (idOrNumber, moment, actor) => pointInTime(context, { idOrNumber, moment, actor }),
    async comments(idOrNumber, actor) {
      const { row, program } = await readableRecord(context, idOrNumber, actor);
      const rows = await store.records.comments(row.record.id);
      return maySeeInternal(context, program, actor) ? rows : rows.filter((comment) => !comment.internal);
    },
    async attachments(idOrNumber, actor) {
      const { row } = await readableRecord(context, idOrNumber, actor);
      return store.records.attachments(row.record.id);
    },
    async attachment(id, actor) {
      const row = /^[0-9a-f-]{36}$/.test(id) ? await store.records.attachment(id) : null;
      if (!row) throw new EngineError('NOT_FOUND', { attachment: id });
      await readableRecord(context, row.record, actor);
      return { row, content: await readAttachment(context.attachmentsDir, id) };
    },
    links: (idOrNumber, actor) => linkedRecords(context, idOrNumber, actor),
    async timers(idOrNumber, actor) {
      const { row } = await readableRecord(context, idOrNumber, actor);
      return store.records.timers(row.record.id);
    },
  };
}

/** Internal comments are for those the process names, or for whoever may read every record of it. */
function maySeeInternal(context: EngineContext, program: Program, actor: Actor): boolean {
  const process = currentProcess(context, program);
  const readers = process.comments?.internal;
  if (actor.roles.includes('auditor') || actor.roles.includes('administrator')) return true;
  return readers ? readers.some((role) => actor.roles.includes(role)) : readRight(process, actor) === 'all';
}

async function list(context: EngineContext, query: Omit<RecordQuery, 'scope'>, actor: Actor): Promise<Page<RecordView>> {
  for (const process of query.processes ?? []) if (!context.library.has(process)) throw new EngineError('PROCESS_NOT_FOUND', { process });
  const page = await context.store.records.list({ ...query, ...seenBy(context, query, actor) });
  return { items: await viewsOf(context, page.items, actor), next: page.next };
}

/** Filters and sorting by columns, as the store names them. */
const FILTERS = {
  assignee: 'assignee',
  unassigned: 'assignee',
  team: 'team',
  teams: 'team',
  priority: 'priority',
  requester: 'requester',
  service: 'service',
  dueBefore: 'due',
} as const;
const SORTS = { due: 'due', priority: 'priority', title: 'title' } as const;

/**
 * Whose records a list may show, and how it may sort them. Processes whose column is withheld from the actor are left out where
 * the query filters by it, and no order is made from it: both would tell what it holds.
 */
function seenBy({ library }: EngineContext, query: Omit<RecordQuery, 'scope' | 'limit'>, actor: Actor): Pick<RecordQuery, 'scope' | 'sort'> {
  const scope = scopeOf(library.processes(), actor);
  const withheld = (key: string) => withheldColumns(library.current(key).process, withheldFields(library.current(key).fields, actor));
  const asked = library.keys().filter((key) => query.processes?.includes(key) ?? true);
  const filters = (Object.keys(FILTERS) as (keyof typeof FILTERS)[]).filter((name) => query[name] !== undefined).map((name) => FILTERS[name]);
  const shut = new Set(asked.filter((key) => filters.some((column) => withheld(key).has(column))));
  const open = (keys: readonly string[]) => keys.filter((key) => !shut.has(key));
  const sorted = query.sort !== undefined && query.sort in SORTS ? SORTS[query.sort as keyof typeof SORTS] : null;
  const unsorted = sorted !== null && asked.some((key) => !shut.has(key) && withheld(key).has(sorted));
  const sort = unsorted ? 'created' : query.sort;
  return { scope: { ...scope, all: scope.all === '*' ? open(library.keys()) : open(scope.all), named: open(scope.named) }, ...(sort ? { sort } : {}) };
}

async function viewsOf(context: EngineContext, rows: readonly RecordRow[], actor: Actor): Promise<readonly RecordView[]> {
  const views: RecordView[] = [];
  for (const { record } of rows) views.push(viewFor(context, record, { program: await context.library.load(record.definition), actor }));
  return views;
}

async function entryPage(context: EngineContext, query: HistoryQuery, actor: Actor): ReturnType<Engine['history']> {
  const page = await context.store.history.page(query);
  const items = [];
  for (const entry of page.items) {
    const program = await context.library.load(entry.definition);
    const view = historyView(entry, { program, withheld: withheldFrom(context, program, actor), actorName: context.directory.name });
    items.push(
      entry.event === 'record.comment' && view.data.internal === true && !maySeeInternal(context, program, actor)
        ? { ...view, data: { internal: true } }
        : view,
    );
  }
  return { items, next: page.next };
}

/** Links that a record's page shows; of more the newest. */
const MOST_LINKS = 200;

async function linkedRecords(context: EngineContext, idOrNumber: string, actor: Actor): Promise<readonly LinkedRecord[]> {
  const { row, program } = await readableRecord(context, idOrNumber, actor);
  const rows = [...(await context.store.records.links(row.record.id, MOST_LINKS))].reverse();
  const others = new Map(
    (await context.store.records.many([...new Set(rows.map((link) => (link.direction === 'out' ? link.to : link.from)))])).map((other) => [
      other.record.id,
      other,
    ]),
  );
  const found: LinkedRecord[] = [];
  for (const link of rows) {
    const other = others.get(link.direction === 'out' ? link.to : link.from);
    if (!other) continue;
    const otherProgram = await context.library.load(other.record.definition);
    const readable = await readableRecord(context, other.record.id, actor).catch(() => null);
    if (!readable) continue;
    const owner = link.direction === 'out' ? program : otherProgram;
    const spec = owner.process.links?.[link.name];
    const title = (link.direction === 'out' ? spec?.title : (seenTitle(program, other.record.process, link.name) ?? spec?.inverse ?? spec?.title)) ?? link.name;
    found.push({
      name: link.name,
      title,
      direction: link.direction,
      record: {
        id: other.record.id,
        number: other.record.number,
        process: other.record.process,
        title: viewFor(context, other.record, { program: otherProgram, actor }).columns.title ?? other.record.number,
        paths: otherProgram.kernel.paths(other.record),
        status: other.record.status,
      },
    });
  }
  return found;
}

/** What this end calls the links of another process that it shows. */
function seenTitle({ links }: Program, process: string, name: string): string | undefined {
  return [...links.values()].find((link) => link.reverse === name && (link.to === undefined || link.to.includes(process)))?.title;
}

/** Gives a throw-away step for looking ahead, fetching records that rules ask for. */
async function withFetched<T>(
  context: EngineContext,
  around: { state: RecordState | null; program: Program; actor: Actor },
  look: (step: StepContext) => readonly T[],
): Promise<readonly T[]> {
  const { state, program, actor } = around;
  const lookups = createLookups(context.directory, context.store.records, state?.id ?? '');
  for (;;) {
    const step = lookingStep(state, { at: context.clock.now(), actor, lookups, environment: context.library.environment(program) });
    const found = look(step);
    if (!lookups.missing()) return found;
    await lookups.fetch();
  }
}
