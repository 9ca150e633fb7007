/** The filtered history as a download: CSV for spreadsheets, JSON lines for programs, XES for process mining. Streamed, however much there is. */
import { once } from 'node:events';
import { stringify } from 'csv-stringify/sync';
import type { Response } from 'express';
import { EngineError, type HistoryView, type RecordView } from '../../engine/index.js';
import { historyJson, isoInstant } from '../api/present.js';
import { pathsOf } from '../presenters/timeline.js';
import type { Visit } from '../web/visit.js';
import { type EntryContext, entryContext } from './entryContext.js';
import { changesOf } from './entryView.js';
import { type EntryQuery, readAddress, toQuery } from './historyQuery.js';
import { closeLog, closeTrace, openLog, openTrace, xesEvent } from './xes.js';

type Piece = AsyncGenerator<string>;
type Query = Omit<EntryQuery, 'limit'>;

interface Format {
  readonly format: string;
  readonly title: string;
  readonly type: string;
  readonly pieces: (visit: Visit, query: Query) => Piece;
}

const PAGE = 500;

async function* pages<T>(
  read: (cursor: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>,
  from?: string,
): AsyncGenerator<readonly T[]> {
  let cursor = from;
  do {
    const { items, next } = await read(cursor);
    if (items.length > 0) yield items;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}

const entryPages = (visit: Visit, { cursor, ...query }: Query): AsyncGenerator<readonly HistoryView[]> =>
  pages((next) => visit.services.engine.entries({ ...query, limit: PAGE, ...(next ? { cursor: next } : {}) }, visit.actor), cursor);

const columns = [
  'Record',
  'Step',
  'Counts from',
  'Recorded',
  'Who',
  'Name',
  'On behalf of',
  'Came from',
  'Event',
  'In words',
  'Process',
  'From',
  'To',
  'Changes',
  'Sent',
  'Erased',
  'Definition version',
  'Reference rules',
  'Hash',
  'Hash before',
];

/** What a spreadsheet would take for a formula gets an apostrophe; no cell can run anything. */
const line = (cells: readonly unknown[]): string => stringify([cells], { escape_formulas: true, record_delimiter: '\r\n' });

function cells(entry: HistoryView, context: EntryContext): readonly unknown[] {
  const { number, process } = context.record(entry);
  const words = context.words(entry);
  const states = (value: HistoryView['from']): string =>
    words
      .chips(pathsOf(value), 'active')
      .map(({ text }) => text)
      .join(', ');
  const changes = changesOf(entry, context).map(({ field, before, after }) => `${field}: ${before ?? '(empty)'} -> ${after ?? '(empty)'}`);
  const { sequence, actor, actorName, onBehalfOf, origin, event, title, data, erased, definition, reference, hash, previousHash } = entry;
  return [
    number,
    sequence,
    isoInstant(entry.at),
    isoInstant(entry.recordedAt),
    actor,
    actorName,
    onBehalfOf,
    origin,
    event,
    title,
    process,
    states(entry.from),
    states(entry.to),
    changes.join('; '),
    JSON.stringify(data),
    erased.join(' '),
    definition,
    reference,
    hash,
    previousHash,
  ];
}

async function* csv(visit: Visit, query: Query): Piece {
  yield `\uFEFF${line(columns)}`;
  for await (const entries of entryPages(visit, query)) {
    const context = await entryContext(visit, entries);
    yield entries.map((entry) => line(cells(entry, context))).join('');
  }
}

async function* jsonLines(visit: Visit, query: Query): Piece {
  for await (const entries of entryPages(visit, query)) {
    const context = await entryContext(visit, entries);
    yield entries
      .map((entry) => {
        const { id, number, process } = context.record(entry);
        return `${JSON.stringify({ record: id, number, process, ...historyJson(entry), reference: entry.reference, marks: entry.marks, effects: entry.effects })}\n`;
      })
      .join('');
  }
}

/** A trace holds all events of one case, so records are gone through one after another. */
async function* xes(visit: Visit, { cursor: _cursor, ...query }: Query): Piece {
  const { engine } = visit.services;
  const { process, record } = query;
  yield openLog();
  const records = async function* (): AsyncGenerator<readonly RecordView[]> {
    if (record !== undefined) yield [await engine.record(record, visit.actor)];
    else
      yield* pages((next) =>
        engine.list(
          { sort: 'created', direction: 'asc', limit: 200, ...(process ? { processes: [process] } : {}), ...(next ? { cursor: next } : {}) },
          visit.actor,
        ),
      );
  };
  for await (const batch of records()) {
    for (const each of batch) {
      let open = false;
      for await (const entries of entryPages(visit, { ...query, record: each.id, direction: 'asc' })) {
        const context = await entryContext(visit, entries);
        yield (open ? '' : openTrace(each)) + entries.map((entry) => xesEvent(entry, context.words(entry))).join('');
        open = true;
      }
      if (open) yield closeTrace();
    }
  }
  yield closeLog();
}

export const exportFormats: readonly Format[] = [
  { format: 'csv', title: 'CSV', type: 'text/csv; charset=utf-8', pieces: csv },
  { format: 'jsonl', title: 'JSON lines', type: 'application/x-ndjson; charset=utf-8', pieces: jsonLines },
  { format: 'xes', title: 'XES', type: 'application/xml; charset=utf-8', pieces: xes },
];

/** Resolves once more may be written; false when nobody listens any more. */
async function write(response: Response, text: string): Promise<boolean> {
  if (response.destroyed) return false;
  if (text !== '' && !response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  return !response.destroyed;
}

export function sendAs(response: Response, name: string, type: string): void {
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  response.setHeader('Cache-Control', 'private, no-store');
}

/** @throws EngineError QUERY_INVALID before anything is sent; a fault later cuts the connection, so that half a file is not taken for a whole one. */
export async function exportHistory(visit: Visit): Promise<void> {
  const { request, response, services } = visit;
  const wanted = visit.query('format');
  const format = exportFormats.find((each) => each.format === wanted);
  if (!format) throw new EngineError('QUERY_INVALID', { parameter: 'format', allowed: exportFormats.map((each) => each.format) });
  const { query, problems } = toQuery(readAddress(visit), visit.zone, await services.engine.users());
  const [wrong] = Object.entries(problems);
  if (wrong) throw new EngineError('QUERY_INVALID', { parameter: wrong[0], reason: wrong[1] });
  const pieces = format.pieces(visit, query);
  const first = await pieces.next();
  // The second piece is where a wrong record or process shows; nothing has been sent yet.
  const second = first.done ? first : await pieces.next();
  sendAs(response, `charter-history-${new Date(services.engine.now()).toISOString().slice(0, 10)}.${format.format}`, format.type);
  if (request.method === 'HEAD') return void response.end();
  try {
    let going = true;
    for (const piece of [first, second]) if (!piece.done) going = await write(response, piece.value);
    for await (const piece of pieces) {
      if (!going) return;
      going = await write(response, piece);
    }
    response.end();
  } catch (error) {
    services.log.error({ err: error, by: visit.actor.id }, 'export of the history failed');
    response.destroy();
  }
}
