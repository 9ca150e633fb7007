/** Facts looked up during a step, noted as they are read, so that the step can be decided again from its history entry. */
import type { Json, JsonObject } from '../definitions/authored.js';
import type { KnownRecord, KnownUser, LinkTarget, Lookups } from './step.js';

export interface FactBook extends Lookups {
  /** What was read, by key (`user:ann`, `role:approver`, `ref:item`). */
  readonly read: Readonly<Record<string, Json>>;
  /** Records that were read and the version they had. */
  readonly records: readonly { readonly record: string; readonly version: number }[];
}

/** What rules read of other records; the rest is not kept in the history. */
export interface QuotedFields {
  readonly refs: ReadonlyMap<string, ReadonlySet<string>>;
  readonly items: ReadonlySet<string>;
}

/** Notes every answer of `source`; the same question is asked once. */
export function noteFacts(source: Lookups, quoted: QuotedFields): FactBook {
  const read: Record<string, Json> = Object.create(null);
  const records = new Map<string, number>();
  const once = <T extends Json>(key: string, ask: () => T): T => {
    if (!(key in read)) read[key] = ask();
    return read[key] as T;
  };
  return {
    read,
    get records() {
      return [...records].map(([record, version]) => ({ record, version }));
    },
    user: (id) => once(`user:${id}`, () => source.user(id) as unknown as JsonObject | null) as unknown as KnownUser | null,
    team: (id) => once(`team:${id}`, () => source.team(id)),
    holders: (role) => once(`role:${role}`, () => [...source.holders(role)]),
    members: (team) => once(`members:${team}`, () => [...source.members(team)]),
    ref: (field, value) => {
      const found = once(`ref:${field}:${value}`, () => quote(source.ref(field, value), quoted.refs.get(field))) as unknown as KnownRecord | null;
      if (found) records.set(found.id, found.version);
      return found;
    },
    target: (value) => once(`target:${value}`, () => source.target(value) as unknown as JsonObject | null) as unknown as LinkTarget | null,
    linkedRecords: (name, link) => {
      const all = () => source.linkedRecords(name, link).map((record) => quote(record, quoted.items));
      const found = once(`links:${name}`, all) as unknown as readonly KnownRecord[];
      for (const record of found) records.set(record.id, record.version);
      return found;
    },
    linked: (name, to) => once(`linked:${name}:${to}`, () => source.linked(name, to)),
    ...(source.mayName ? { mayName: source.mayName } : {}),
  };
}

function quote(record: KnownRecord | null, fields: ReadonlySet<string> = new Set()): JsonObject | null {
  if (!record) return null;
  const data = Object.fromEntries(Object.entries(record.data).filter(([field]) => fields.has(field)));
  return { ...record, data };
}

/** Answers from a history entry's facts; what was not read then is unknown now. */
export function recalledFacts(read: Readonly<Record<string, Json>>): Lookups {
  const recall = (key: string): Json | undefined => (Object.hasOwn(read, key) ? read[key] : undefined);
  return {
    user: (id) => (recall(`user:${id}`) ?? null) as unknown as KnownUser | null,
    team: (id) => recall(`team:${id}`) === true,
    holders: (role) => (recall(`role:${role}`) ?? []) as readonly string[],
    members: (team) => (recall(`members:${team}`) ?? []) as readonly string[],
    ref: (field, value) => (recall(`ref:${field}:${value}`) ?? null) as unknown as KnownRecord | null,
    target: (value) => (recall(`target:${value}`) ?? null) as unknown as LinkTarget | null,
    linkedRecords: (name) => (recall(`links:${name}`) ?? []) as unknown as readonly KnownRecord[],
    linked: (name, to) => recall(`linked:${name}:${to}`) === true,
  };
}
