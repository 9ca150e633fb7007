/** Records around another, as far as the reader may see them. */
import { mayRead } from '../core/access.js';
import type { Program } from '../core/program.js';
import { currentProcess, type EngineContext, viewFor } from '../runtime/context.js';
import type { LinkRow } from '../store/types.js';
import type { Actor, RecordState } from '../types.js';
import type { Neighbour } from './shapes.js';

export interface Seen {
  readonly record: RecordState;
  readonly program: Program;
}

/** Links of one record that are looked at; of more the newest. */
const MOST_LINKS = 200;

/** Those of the records that the reader may see; the others do not exist for him. */
export async function readable(context: EngineContext, ids: readonly string[], actor: Actor): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const { record } of await context.store.records.many(ids)) {
    const program = await context.library.load(record.definition);
    if (mayRead(currentProcess(context, program), actor, record)) seen.push({ record, program });
  }
  return seen;
}

export function neighbour(context: EngineContext, { record, program }: Seen, { actor, distance }: { actor: Actor; distance: number }): Neighbour {
  const { id, number, process, status } = record;
  return {
    id,
    number,
    process,
    status,
    distance,
    title: viewFor(context, record, { program, actor }).columns.title ?? number,
    paths: program.kernel.paths(record),
  };
}

export interface LinkOf extends LinkRow {
  readonly direction: 'out' | 'in';
}

export async function linksOf(context: EngineContext, record: string): Promise<{ readonly links: readonly LinkOf[]; readonly more: boolean }> {
  const links = await context.store.records.links(record, MOST_LINKS + 1);
  return { links: links.slice(0, MOST_LINKS), more: links.length > MOST_LINKS };
}
