/** Who suffers when something fails: follows the links along which a process says that impact travels. */
import type { LinkSpec } from '../definitions/authored.js';
import { type EngineContext, readableRecord } from '../runtime/context.js';
import type { Actor } from '../types.js';
import { type LinkOf, linksOf, neighbour, readable, type Seen } from './readable.js';
import type { Affected, Impact } from './shapes.js';

const MOST_AFFECTED = 200;

/** Open records that suffer when this one fails, the nearest first. @throws RECORD_NOT_FOUND for a record the actor may not see. */
export async function impactOf(context: EngineContext, idOrNumber: string, actor: Actor): Promise<Impact> {
  const { row, program } = await readableRecord(context, idOrNumber, actor);
  const ways = new Map<string, readonly string[]>([[row.record.id, []]]);
  const affected: Affected[] = [];
  let more = false;
  let edge: readonly Seen[] = [{ record: row.record, program }];
  while (edge.length > 0) {
    const reached: Seen[] = [];
    for (const failing of edge) {
      const { links, more: further } = await linksOf(context, failing.record.id);
      more ||= further;
      const others = await readable(context, [...new Set(links.map(otherEnd))], actor);
      for (const other of others) {
        if (ways.has(other.record.id) || other.record.status === 'done') continue;
        if (!links.some((link) => otherEnd(link) === other.record.id && suffers(link, failing, other))) continue;
        if (affected.length >= MOST_AFFECTED) return { affected, more: true };
        const way = [...(ways.get(failing.record.id) ?? []), failing.record.id];
        ways.set(other.record.id, way);
        affected.push({ ...neighbour(context, other, { actor, distance: way.length }), way });
        reached.push(other);
      }
    }
    edge = reached;
  }
  return { affected, more };
}

function otherEnd(link: LinkOf): string {
  return link.direction === 'out' ? link.to : link.from;
}

/** Whether the other end suffers when `failing` fails, by what the process that has the link says of it. */
function suffers(link: LinkOf, failing: Seen, other: Seen): boolean {
  const owner = link.direction === 'out' ? failing : other;
  const spec: LinkSpec | undefined = owner.program.links.get(link.name);
  return spec?.impact === (link.direction === 'out' ? 'target' : 'source');
}
