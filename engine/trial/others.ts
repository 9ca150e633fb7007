/** The other records of a simulation: what is known of them, and which of them the simulated record is linked with. */
import type { Decision } from '../core/decision.js';
import type { KnownRecord, KnownUser, Lookups } from '../core/step.js';
import type { OtherRecord } from '../definitions/authored.js';
import { EngineError } from '../errors.js';

export interface Others {
  readonly records: ReadonlyMap<string, KnownRecord>;
  /** Ids by the name of the link; reverse and shared links too. */
  readonly linked: ReadonlyMap<string, readonly string[]>;
  /** How many records the simulated one has made. */
  readonly made: number;
}

export function othersOf(records: ReadonlyMap<string, KnownRecord>, linked: ReadonlyMap<string, readonly string[]> = new Map()): Others {
  return { records, linked, made: 0 };
}

/** What a step did to other records: those it made are `new-1`, `new-2` and so on; links come and go. */
export function withDecided(before: Others, decision: Decision): Others {
  if (decision.children.length === 0 && decision.linkChanges.length === 0) return before;
  const records = new Map(before.records);
  let { linked, made } = before;
  for (const child of decision.children) {
    made += 1;
    const id = `new-${made}`;
    records.set(id, { id, number: id, process: child.process, version: 1, status: 'active', states: [], data: child.data });
    if (child.link !== undefined) linked = joined(linked, [child.link], id);
  }
  for (const { name, to, remove } of decision.linkChanges) linked = remove ? parted(linked, [name], to) : joined(linked, [name], to);
  return { records, linked, made };
}

/** @throws RECORD_NOT_FOUND when nothing is known of the record. */
export function changed(before: Others, { record, linked = [], unlinked = [], ...facts }: OtherRecord): Others {
  const known = before.records.get(record);
  if (!known) throw new EngineError('RECORD_NOT_FOUND', { record });
  const next: KnownRecord = {
    ...known,
    version: known.version + 1,
    ...(facts.status ? { status: facts.status } : {}),
    ...(facts.states || facts.state ? { states: statesOf(facts) } : {}),
    data: { ...known.data, ...facts.data },
  };
  return {
    ...before,
    records: new Map([...before.records, [record, next]]),
    linked: parted(joined(before.linked, linked, record), unlinked, record),
  };
}

/** `open.work` stands for `open` and `open.work`. */
export function statesOf({ states, state }: { readonly states?: readonly string[]; readonly state?: string }): readonly string[] {
  const keys = state?.split('.') ?? [];
  return states ?? keys.map((_, index) => keys.slice(0, index + 1).join('.'));
}

function joined(linked: Others['linked'], names: readonly string[], id: string): Others['linked'] {
  return edited(linked, names, (ids) => (ids.includes(id) ? ids : [...ids, id]));
}

function parted(linked: Others['linked'], names: readonly string[], id: string): Others['linked'] {
  return edited(linked, names, (ids) => ids.filter((other) => other !== id));
}

function edited(linked: Others['linked'], names: readonly string[], edit: (ids: readonly string[]) => readonly string[]): Others['linked'] {
  const next = new Map(linked);
  for (const name of names) next.set(name, edit(next.get(name) ?? []));
  return next;
}

interface People {
  readonly users: ReadonlyMap<string, KnownUser>;
  /** Whoever is named exists. */
  readonly open?: boolean;
}

export function simulatedLookups({ users, open }: People, { records, linked }: Others): Lookups {
  const all = [...users.values()];
  const stranger = (id: string): KnownUser => ({ id, roles: [], teams: [], standIn: null, absent: false, active: true });
  const find = (value: string) => records.get(value) ?? null;
  const idsOf = (name: string) => linked.get(name) ?? [];
  return {
    user: (id) => users.get(id) ?? (open ? stranger(id) : null),
    // Teams are not listed in a scenario: any well-formed name is one.
    team: (id) => /^[a-z0-9][a-z0-9._-]*$/.test(id),
    holders: (role) => all.filter((user) => user.roles.includes(role)).map((user) => user.id),
    members: (team) => all.filter((user) => user.teams.includes(team)).map((user) => user.id),
    ref: (_field, value) => find(value),
    target: (value) => find(value),
    linked: (name, to) => idsOf(name).includes(to),
    linkedRecords: (name) => idsOf(name).flatMap((id) => find(id) ?? []),
  };
}
