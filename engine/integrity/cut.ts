/**
 * Restoring to an instant: a copy of a store loses every entry beyond it, and the records concerned are made anew by deciding their remaining
 * steps again. What no step keeps (people, tokens, numbers given out) stays as the copy has it. A mark tells that, and what, was cut.
 */
import { systemClock } from '../clock.js';
import { EngineError } from '../errors.js';
import { createDefinitionLibrary, type DefinitionLibrary } from '../runtime/definitionLibrary.js';
import { openEntry } from '../runtime/views.js';
import { besideState, changedLinks } from '../runtime/writes.js';
import { affectedBy, applyCut, linkedWith, type RebuiltRecord } from '../store/cut/index.js';
import { openStore } from '../store/index.js';
import type { LinkRow, Store, StoredEntry } from '../store/types.js';
import type { RecordState, Timer } from '../types.js';
import { missingValues } from './chain.js';
import { replayEntry } from './replay.js';

export interface CutRequest {
  /** `sqlite:/path`: a copy that nobody has open. */
  readonly databaseUrl: string;
  readonly at: number;
  /** Entries that were recorded before the instant may go as well: those that follow one which a clock that had run ahead dated after it. */
  readonly alsoEarlier?: boolean;
}

export interface CutReport {
  readonly at: number;
  readonly entriesRemoved: number;
  /** Of these, recorded more than a minute before the instant. */
  readonly earlierRemoved: number;
  readonly recordsRemoved: number;
  readonly recordsRebuilt: number;
  /** Numbers of records left as the copy has them, and why: their past can not be decided again. */
  readonly keptWhole: readonly { readonly number: string; readonly reason: string }[];
  readonly checkpointsRemoved: number;
  readonly attachmentsRemoved: readonly string[];
}

/** Facts of the installation with this beginning tell of cuts; what follows is when it was made. */
const MARK = 'cut:';
const BATCH = 100;

/** Cuts the store at `databaseUrl` back to `at`. @throws STORE_UNUSABLE when it can not be opened, CUT_TOO_WIDE unless `alsoEarlier` */
export async function cutStore({ databaseUrl, at, alsoEarlier = false }: CutRequest): Promise<CutReport> {
  const { kept: affected, firstAt, earlier } = await affectedBy(databaseUrl, at);
  if (earlier > 0 && !alsoEarlier) throw new EngineError('CUT_TOO_WIDE', { entries: earlier, at: isoOf(at), after: isoOf(firstAt ?? at) });
  const { rebuilt, refused } = await rebuildAll(databaseUrl, affected);
  const whole = await withThoseTheyName(databaseUrl, new Set(refused.keys()), affected);
  const kept = new Map([...affected].filter(([record]) => !whole.has(record)));
  const now = systemClock.now();
  const stays = rebuilt.filter(({ record }) => !whole.has(record.id));
  const keptWhole = await numbered(
    databaseUrl,
    [...whole].map((record) => ({ record, reason: refused.get(record) ?? 'A record that could not be cut is linked with it.' })),
  );
  const mark = [`${MARK}${isoOf(now)}`, JSON.stringify({ at: isoOf(at), keptWhole: keptWhole.map(({ number }) => number) })] as const;
  const counts = await applyCut(databaseUrl, { at, kept, rebuilt: stays, mark });
  return { at, ...counts, earlierRemoved: earlier, recordsRebuilt: stays.length, keptWhole };
}

const isoOf = (instant: number): string => new Date(instant).toISOString();

async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ url, mustExist: true }, systemClock);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

interface Rebuilding {
  readonly rebuilt: readonly RebuiltRecord[];
  /** Why a record could not be decided again, by its id. */
  readonly refused: ReadonlyMap<string, string>;
}

function rebuildAll(url: string, affected: ReadonlyMap<string, number>): Promise<Rebuilding> {
  return withStore(url, async (store) => {
    const library = createDefinitionLibrary(store.definitions);
    await library.refresh();
    const rebuilt: RebuiltRecord[] = [];
    const refused = new Map<string, string>();
    for (const [record, kept] of affected) {
      if (kept === 0) continue;
      const outcome = await rebuild(store, library, { record, kept });
      if (typeof outcome === 'string') refused.set(record, outcome);
      else rebuilt.push(outcome);
    }
    return { rebuilt, refused };
  });
}

/** The record as it was after the last entry that stays, or why that can not be known. */
async function rebuild(store: Store, library: DefinitionLibrary, { record, kept }: { record: string; kept: number }): Promise<RebuiltRecord | string> {
  let [state, standing]: [RecordState | null, RecordState | null] = [null, null];
  let timers: readonly Timer[] = [];
  const links = new LinkLedger();
  for await (const batch of store.history.scan({ record, batch: BATCH })) {
    for (const stored of batch) {
      const step = await decidedAgain(library, state, stored);
      if (typeof step === 'string') return step;
      state = step.state;
      links.follow(changedLinks(step.decision, { from: record, at: stored.at }), stored.sequence <= kept);
      if (stored.sequence <= kept) [standing, timers] = [step.state, step.decision.timers];
    }
  }
  if (!standing) return 'It has no history.';
  const program = await library.load(standing.definition);
  return { record: standing, ...besideState(program, standing), timers, ...links.putBack() };
}

const placeOf = ({ name, to }: LinkRow): string => `${name} ${to}`;

/** Follows a record's links, to tell which of those that were changed beyond the cut were there at it. */
class LinkLedger {
  /** By link, whether it was there at the cut as far as steps made it; links to records that a step made are not among these. */
  readonly #atCut = new Map<string, { readonly row: LinkRow; readonly there: boolean }>();
  /** Links that were changed beyond, and whether they were there before the first of those changes. */
  readonly #changed = new Map<string, { readonly row: LinkRow; readonly there: boolean }>();

  follow({ linksAdded, linksRemoved }: { readonly linksAdded: readonly LinkRow[]; readonly linksRemoved: readonly LinkRow[] }, stays: boolean): void {
    for (const [rows, added] of [[linksAdded, true] as const, [linksRemoved, false] as const])
      for (const row of rows) {
        const place = placeOf(row);
        if (stays) this.#atCut.set(place, { row, there: added });
        else if (!this.#changed.has(place)) this.#changed.set(place, this.#atCut.get(place) ?? { row, there: !added });
      }
  }

  putBack(): Pick<RebuiltRecord, 'linksRestored' | 'linksUndone'> {
    const changed = [...this.#changed.values()];
    return {
      linksRestored: changed.filter(({ there }) => there).map(({ row }) => row),
      linksUndone: changed.filter(({ there }) => !there).map(({ row }) => row),
    };
  }
}

async function decidedAgain(library: DefinitionLibrary, before: RecordState | null, stored: StoredEntry) {
  const opened = openEntry(stored);
  if (missingValues(opened).length > 0) return 'Values of it were erased, so that its steps can not be decided again.';
  const program = await library.load(stored.definition);
  const environment = await library.environmentAt(program, stored.reference);
  const replayed = replayEntry(before, stored, opened, { program, environment, timeZones: opened.text.zones });
  return replayed.outcome === 'same' ? replayed : replayed.message;
}

/** A record that stays whole keeps those that it is linked with, else its links would lead nowhere. */
async function withThoseTheyName(url: string, refused: ReadonlySet<string>, affected: ReadonlyMap<string, number>): Promise<ReadonlySet<string>> {
  const whole = new Set(refused);
  for (let news: readonly string[] = [...whole]; news.length > 0; ) {
    news = (await linkedWith(url, news)).filter((record) => affected.get(record) === 0 && !whole.has(record));
    for (const record of news) whole.add(record);
  }
  return whole;
}

function numbered(url: string, records: readonly { readonly record: string; readonly reason: string }[]): Promise<CutReport['keptWhole']> {
  return withStore(url, async ({ records: store }) => {
    const rows = await store.many(records.map(({ record }) => record));
    const numbers = new Map(rows.map(({ record }) => [record.id, record.number]));
    return records.map(({ record, reason }) => ({ number: numbers.get(record) ?? record, reason }));
  });
}
