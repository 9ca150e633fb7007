/** Who may read, create and act. One place; roles never influence which transition XState selects. */
import type { ColumnName, ProcessFile } from '../definitions/authored.js';
import type { Actor, JsonObject, ReadScope } from '../types.js';
import type { Candidate } from './kernel.js';

/** Roles that read every record: the auditor (who writes nothing), the administrator, the owners of processes. */
const READ_ALL = new Set(['auditor', 'administrator', 'process-owner']);

/** Whoever holds the auditor's role reads everything and writes nothing. */
export function writesNothing(actor: Actor): boolean {
  return actor.roles.includes('auditor');
}

function principalsOf(actor: Actor): readonly string[] {
  return [`user:${actor.id}`, ...actor.teams.map((team) => `team:${team}`)];
}

/** How much of a process the actor may read: everything, records he is named on, or nothing. */
export function readRight(process: ProcessFile, actor: Actor): 'all' | 'named' | 'none' {
  if (actor.roles.some((role) => READ_ALL.has(role))) return 'all';
  const { read } = process;
  if (!read || (read.roles === undefined && read.named === undefined)) return 'all';
  if (read.roles?.some((role) => actor.roles.includes(role))) return 'all';
  return read.named && read.named.length > 0 ? 'named' : 'none';
}

/** Whether the actor may read this record. */
export function mayRead(process: ProcessFile, actor: Actor, record: { readonly data: JsonObject; readonly createdBy: string }): boolean {
  const right = readRight(process, actor);
  if (right !== 'named') return right === 'all';
  const mine = new Set(principalsOf(actor));
  return namedOn(process, record).some((principal) => mine.has(principal));
}

/** `user:` and `team:` names of those the record names in the fields that give reading rights, and of its creator. */
export function namedOn(process: ProcessFile, record: { readonly data: JsonObject; readonly createdBy: string }): readonly string[] {
  const values = (process.read?.named ?? []).flatMap((field) => (field === 'createdBy' ? [record.createdBy] : listOf(record.data[field])));
  return [...new Set(values.flatMap((value) => [`user:${value}`, `team:${value}`]))];
}

/** Scope for lists over several processes. */
export function scopeOf(processes: ReadonlyMap<string, ProcessFile>, actor: Actor): ReadScope {
  const right = (wanted: string) => [...processes].filter(([, process]) => readRight(process, actor) === wanted).map(([key]) => key);
  return { all: right('all'), named: right('named'), principals: principalsOf(actor) };
}

export function mayCreate(process: ProcessFile, actor: Actor): boolean {
  const roles = process.create?.roles;
  return !writesNothing(actor) && (roles === undefined || roles.some((role) => actor.roles.includes(role)));
}

/** What keeps the actor from taking a transition; null when nothing does. */
export function refusedRole(
  candidate: Candidate,
  actor: Actor,
  record: JsonObject,
): { readonly rule: 'role' | 'named' | 'auditor'; readonly needed: readonly string[] } | null {
  if (writesNothing(actor)) return { rule: 'auditor', needed: candidate.meta.roles ?? [] };
  const { roles, named } = candidate.meta;
  if (roles && !roles.some((role) => actor.roles.includes(role)) && !isNamed(named, actor, record)) return { rule: 'role', needed: roles };
  if (!roles && named && !isNamed(named, actor, record)) return { rule: 'named', needed: named };
  return null;
}

/** Fields of the record the actor may not see. */
export function withheldFields(
  fields: ReadonlyMap<string, { readonly 'x-charter'?: { readonly confidential?: boolean; readonly readers?: readonly string[] } }>,
  actor: Actor,
): ReadonlySet<string> {
  const hidden = [...fields].filter(([, schema]) => {
    const note = schema['x-charter'];
    return note?.confidential === true && !(note.readers ?? []).some((role) => actor.roles.includes(role));
  });
  return new Set(hidden.map(([field]) => field));
}

/** Columns filled from fields the actor may not see. */
export function withheldColumns(process: ProcessFile, withheld: ReadonlySet<string>): ReadonlySet<ColumnName> {
  const mapped = Object.entries(process.columns ?? {}) as [ColumnName, string][];
  return new Set(mapped.filter(([, field]) => withheld.has(field)).map(([column]) => column));
}

function isNamed(fields: readonly string[] | undefined, actor: Actor, record: JsonObject): boolean {
  const mine = new Set([actor.id, ...actor.teams]);
  return (fields ?? []).some((field) => listOf(record[field]).some((value) => mine.has(value)));
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string' && item !== '');
}
