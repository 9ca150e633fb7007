/** The neighbourhood of a record: what it is linked with and names, and what that is linked with. */
import { withheldFields } from '../core/access.js';
import type { Program } from '../core/program.js';
import { type EngineContext, readableRecord } from '../runtime/context.js';
import { isId } from '../runtime/lookups.js';
import type { Actor, RecordState } from '../types.js';
import { linksOf, neighbour, readable, type Seen } from './readable.js';
import type { Connection, Neighbourhood } from './shapes.js';

/** Records in a neighbourhood at most, and connections from the record to its edge. */
const MOST_RECORDS = 40;
const USUAL_DISTANCE = 2;
/** What a neighbour brings in at most: a service that everything names would hide all the rest. */
const MOST_BEYOND = 5;

interface Found {
  readonly seen: Map<string, { readonly seen: Seen; readonly distance: number }>;
  readonly connections: Map<string, Connection>;
  more: boolean;
}

/** @throws RECORD_NOT_FOUND for a record the actor may not see. Others he may not see are left out. */
export async function neighbourhoodOf(
  context: EngineContext,
  idOrNumber: string,
  actor: Actor,
  { distance = USUAL_DISTANCE, most = MOST_RECORDS }: { readonly distance?: number; readonly most?: number } = {},
): Promise<Neighbourhood> {
  const { row, program } = await readableRecord(context, idOrNumber, actor);
  const found: Found = { seen: new Map([[row.record.id, { seen: { record: row.record, program }, distance: 0 }]]), connections: new Map(), more: false };
  let edge: readonly Seen[] = [{ record: row.record, program }];
  for (let step = 1; step <= distance && edge.length > 0; step += 1) {
    const reached: Seen[] = [];
    for (const from of edge) reached.push(...(await lookAround(context, from, { actor, distance: step, most, found })));
    edge = reached;
  }
  return {
    records: [...found.seen.values()].map(({ seen, distance: away }) => neighbour(context, seen, { actor, distance: away })),
    connections: [...found.connections.values()],
    more: found.more,
  };
}

interface Around {
  readonly actor: Actor;
  readonly distance: number;
  readonly most: number;
  readonly found: Found;
}

/** Adds what one record is connected with. @returns the records that were not known before. */
async function lookAround(context: EngineContext, { record, program }: Seen, { actor, distance, most, found }: Around): Promise<readonly Seen[]> {
  const { links, more } = await linksOf(context, record.id);
  const named = await identified(context, referencesOf(record, program, actor));
  const ids = [...new Set([...links.map((link) => (link.direction === 'out' ? link.to : link.from)), ...named.map(({ to }) => to)])];
  const others = new Map((await readable(context, ids, actor)).map((other) => [other.record.id, other]));
  const reached: Seen[] = [];
  found.more ||= more;
  for (const [id, other] of others) {
    if (found.seen.has(id)) continue;
    if (found.seen.size >= most || (distance > 1 && reached.length >= MOST_BEYOND)) {
      found.more = true;
      others.delete(id);
      continue;
    }
    found.seen.set(id, { seen: other, distance });
    reached.push(other);
  }
  for (const link of links) {
    const other = others.get(link.direction === 'out' ? link.to : link.from);
    if (!other) continue;
    const owner = link.direction === 'out' ? program : other.program;
    connect(found, { from: link.from, to: link.to, title: owner.links.get(link.name)?.title ?? link.name, kind: 'link' });
  }
  for (const { to, title } of named) if (others.has(to)) connect(found, { from: record.id, to, title, kind: 'field' });
  return reached;
}

/** Of several connections between the same two, the first; links come before fields. */
function connect(found: Found, connection: Connection): void {
  const key = `${connection.from} ${connection.to}`;
  if (!found.connections.has(key)) found.connections.set(key, connection);
}

/** Fields name records by id or by number. */
async function identified(context: EngineContext, named: readonly Named[]): Promise<readonly Named[]> {
  const found: Named[] = [];
  for (const { to, title } of named) {
    const id = isId(to) ? to : (await context.store.records.byNumber(to))?.record.id;
    if (id !== undefined) found.push({ to: id, title });
  }
  return found;
}

interface Named {
  readonly to: string;
  readonly title: string;
}

/** Records named by fields the reader may see. */
function referencesOf(record: RecordState, program: Program, actor: Actor): readonly Named[] {
  const withheld = withheldFields(program.fields, actor);
  return [...program.fields].flatMap(([field, schema]) => {
    const reference = schema['x-charter']?.reference ?? schema.items?.['x-charter']?.reference;
    const value = record.data[field];
    if (reference?.kind !== 'record' || value === undefined || withheld.has(field)) return [];
    return [value].flat().flatMap((to) => (typeof to === 'string' ? [{ to, title: schema.title ?? field }] : []));
  });
}
