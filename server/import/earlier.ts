/** Finds what an earlier run of the same import already did for a case, so that nothing is done twice. */
import type { Actor, Engine, HistoryView } from '../../engine/index.js';
import type { Mapping } from './mapping.js';

export interface EarlierRun {
  readonly id: string;
  readonly number: string;
  /** Steps an import took, oldest first. */
  readonly entries: readonly HistoryView[];
  /** True once the import of this record was ended. */
  readonly ended: boolean;
}

/** @returns the record that carries the case's number, with what was imported; null when there is none. */
export async function findEarlier(engine: Engine, mapping: Mapping, search: { readonly key: string; readonly reader: Actor }): Promise<EarlierRun | null> {
  const { process, numberField } = mapping.file;
  const { key, reader } = search;
  let cursor: string | undefined;
  do {
    const page = await engine.list({ processes: [process], q: key, limit: 50, ...(cursor === undefined ? {} : { cursor }) }, reader);
    const found = page.items.find((record) => record.data[numberField] === key);
    if (found !== undefined) return await readEarlier(engine, found, reader);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return null;
}

/** What was imported of a record that is known to be the case's. */
export async function readEarlier(engine: Engine, record: { readonly id: string; readonly number: string }, reader: Actor): Promise<EarlierRun> {
  const entries: HistoryView[] = [];
  let cursor: string | undefined;
  do {
    const page = await engine.history(record.id, reader, { limit: 200, direction: 'asc', ...(cursor === undefined ? {} : { cursor }) });
    entries.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return {
    id: record.id,
    number: record.number,
    entries: entries.filter((entry) => entry.origin === 'import' && entry.event !== 'imported'),
    ended: entries.some((entry) => entry.event === 'imported'),
  };
}
