/** What it takes to show entries of several records, each under the definition version it was made under. */
import type { HistoryView, JsonObject, RecordView } from '../../engine/index.js';
import type { DefinitionWords } from '../presenters/definitionWords.js';
import { type Reading, readAround } from '../queries/reading.js';
import type { Visit } from '../web/visit.js';

export interface EntryContext {
  readonly reading: Reading;
  /** The entry's record as it is now. */
  record(entry: HistoryView): RecordView;
  /** The words of the entry's own definition version. */
  words(entry: HistoryView): DefinitionWords;
}

/** Values before and after, so that the records they point at are looked up too. */
function valuesOf({ changes, data }: HistoryView): JsonObject {
  return { ...data, ...Object.fromEntries(Object.entries(changes).map(([field, [before, after]]) => [field, [before, after].flat()])) };
}

export async function entryContext(visit: Visit, entries: readonly HistoryView[]): Promise<EntryContext> {
  const ids = [...new Set(entries.map(({ record }) => record))];
  const loaded = await Promise.all(ids.map((id) => visit.services.engine.record(id, visit.actor)));
  const records = new Map(loaded.map((record) => [record.id, record]));
  const asThen = (entry: HistoryView): RecordView => ({
    ...(records.get(entry.record) as RecordView),
    definitionVersion: entry.definition,
    data: valuesOf(entry),
  });
  const reading = await readAround(visit, [...entries.map(asThen), ...loaded]);
  return {
    reading,
    record: (entry) => records.get(entry.record) as RecordView,
    words: (entry) => reading.words(asThen(entry)),
  };
}
