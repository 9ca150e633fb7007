/** Finds what an earlier run of the same import already did for a case, so that nothing is done twice. */
import type { Actor, Engine, HistoryView } from '../../engine/index.js';
import type { Mapping } from './mapping.js';
import { foldEntry, type Standing } from './standing.js';

export interface EarlierRun {
  readonly id: string;
  readonly number: string;
  /** The record's history, oldest first: what an import did, and what others did to the record since. */
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
  return { id: record.id, number: record.number, entries, ended: entries.some((entry) => entry.event === 'imported') };
}

/** Whether an entry is a row's step: made by an import, and not its end. */
export function isRowStep(entry: HistoryView): boolean {
  return entry.origin === 'import' && entry.event !== 'imported';
}

/** What of an earlier run is not yet met again, and where the record stood after what was met. */
export interface Retracing {
  standing: Standing;
  readonly earlier: HistoryView[];
}

/**
 * Meets a planned step in what an earlier run did. Its steps come in the same order, so one that is missing there while
 * later ones follow had been refused. Where nothing of the earlier run is left, what others did since is taken in first.
 * `at` is the instant the step counts as taken: never before the record's latest.
 */
export function meet(
  retracing: Retracing,
  planned: { readonly type: string; readonly at: number; readonly actor: string },
): { readonly known: 'taken' | 'refused-before' | 'new'; readonly at: number } {
  const { earlier } = retracing;
  const place = earlier.findIndex(isRowStep);
  const next = earlier[place];
  if (next === undefined) {
    takeIn(retracing, earlier.length);
    return { known: 'new', at: Math.max(planned.at, retracing.standing.at) };
  }
  const at = Math.max(planned.at, retracing.standing.at, ...earlier.slice(0, place).map((entry) => entry.at));
  if (next.event !== planned.type || next.at !== at || next.actor !== planned.actor) return { known: 'refused-before', at };
  takeIn(retracing, place + 1);
  return { known: 'taken', at };
}

function takeIn(retracing: Retracing, count: number): void {
  for (const entry of retracing.earlier.splice(0, count)) retracing.standing = foldEntry(retracing.standing, entry);
}
