/**
 * Facts from outside a record for a synchronous decision. People are in memory; records are fetched when a decision asked
 * for one that is not there yet, and the decision is then made again.
 */
import type { KnownRecord, LinkTarget, Lookups } from '../core/step.js';
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
  let links: readonly { readonly name: string; readonly to: string }[] | null = null;
  let linksWanted = false;
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
    linked(name, to) {
      if (links === null) linksWanted = true;
      return links?.some((link) => link.name === name && link.to === to) ?? false;
    },
    linkedRecords(name) {
      if (links === null) linksWanted = true;
      return (links ?? [])
        .filter((link) => link.name === name)
        .flatMap((link) => find(link.to) ?? [])
        .map(toKnown);
    },
    ...(mayRead
      ? {
          mayName: (value: string) => {
            const state = find(value);
            return state === null || mayRead(state);
          },
        }
      : {}),
    missing: () => wanted.size > 0 || linksWanted,
    async fetch() {
      for (const value of wanted) known.set(value, (await (isId(value) ? records.byId(value) : records.byNumber(value)))?.record ?? null);
      wanted.clear();
      if (linksWanted) {
        const rows = await records.links(own);
        links = rows.filter((row) => row.direction === 'out');
        linksWanted = false;
      }
    },
  };
}

function toKnown(state: RecordState): KnownRecord {
  return { id: state.id, number: state.number, process: state.process, version: state.version, status: state.status, data: state.data };
}
