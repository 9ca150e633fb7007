/**
 * Facts from outside a record for a synchronous decision. People are in memory; records are fetched when a decision asked
 * for one that is not there yet, and the decision is then made again.
 */
import type { KnownRecord, LinkTarget, Lookups } from '../core/step.js';
import type { LinkSpec } from '../definitions/authored.js';
import { statePaths } from '../definitions/index.js';
import type { RecordStore } from '../store/types.js';
import type { RecordState } from '../types.js';
import type { Directory } from './directory.js';

export interface FetchedLookups extends Lookups {
  /** True when the last decision asked for something that has to be fetched. */
  missing(): boolean;
  /** Fetches what was missing. */
  fetch(): Promise<void>;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isId(text: string): boolean {
  return ID.test(text);
}

/** `mayRead`: whether whoever asks may see a record; absent where nobody asks for himself. */
export function createLookups(directory: Directory, records: RecordStore, own: string, mayRead?: (record: RecordState) => boolean): FetchedLookups {
  const known = new Map<string, RecordState | null>();
  const wanted = new Set<string>();
  const linked = new Map<string, readonly string[]>();
  const linksWanted = new Map<string, LinkSpec | undefined>();
  const idsOf = (name: string, link?: LinkSpec): readonly string[] => {
    const ids = linked.get(name);
    if (ids === undefined) linksWanted.set(name, link);
    return ids ?? [];
  };
  const find = (value: string): RecordState | null => {
    const state = known.get(value);
    if (state === undefined) wanted.add(value);
    return state ?? null;
  };
  return {
    user: (id) => directory.user(id),
    team: (id) => directory.team(id),
    holders: (role) => directory.holders(role),
    members: (team) => directory.members(team),
    ref: (_field, value): KnownRecord | null => {
      const state = find(value);
      return state && toKnown(state);
    },
    target: (value): LinkTarget | null => {
      const state = find(value);
      return state && { id: state.id, number: state.number, process: state.process };
    },
    linked: (name, to) => idsOf(name).includes(to),
    linkedRecords: (name, link) =>
      idsOf(name, link)
        .flatMap((id) => find(id) ?? [])
        .map(toKnown),
    ...(mayRead
      ? {
          mayName: (value: string) => {
            const state = find(value);
            return state === null || mayRead(state);
          },
        }
      : {}),
    missing: () => wanted.size > 0 || linksWanted.size > 0,
    async fetch() {
      for (const [name, link] of linksWanted) linked.set(name, await linkedIds(records, own, { name, link }));
      linksWanted.clear();
      const ids = [...wanted, ...[...linked.values()].flat()].filter((value) => isId(value) && !known.has(value));
      for (const { record } of await records.many([...new Set(ids)])) known.set(record.id, record);
      for (const value of wanted) {
        if (!known.has(value)) known.set(value, isId(value) ? null : ((await records.byNumber(value))?.record ?? null));
      }
      wanted.clear();
    },
  };
}

/** Linked records that a rule sees at most; of more the newest. */
const MOST_LINKED = 1_000;

/** Ids a link leads to: its own, those that link here, or the siblings through what both link to. */
async function linkedIds(records: RecordStore, own: string, { name, link }: { name: string; link: LinkSpec | undefined }): Promise<readonly string[]> {
  const processes = link?.to ?? [];
  if (link?.reverse !== undefined) return records.linkedIds({ record: own, name: link.reverse, direction: 'in', processes, limit: MOST_LINKED });
  const shared = link?.shared;
  if (shared === undefined) return records.linkedIds({ record: own, name, direction: 'out', limit: MOST_LINKED });
  const found = new Set<string>();
  for (const common of await records.linkedIds({ record: own, name: shared, direction: 'out', limit: MOST_LINKED })) {
    const siblings = await records.linkedIds({ record: common, name: shared, direction: 'in', processes, open: true, limit: MOST_LINKED });
    for (const id of siblings) if (id !== own) found.add(id);
  }
  return [...found].slice(0, MOST_LINKED);
}

function toKnown(state: RecordState): KnownRecord {
  const { id, number, process, version, status, data } = state;
  return { id, number, process, version, status, states: [...statePaths(state.value)], data };
}
