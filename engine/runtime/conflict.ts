/** What others changed since a version: told to the one whose change came second. */
import { EngineError } from '../errors.js';
import type { Actor, Json } from '../types.js';
import { type EngineContext, readableRecord, withheldFrom } from './context.js';
import { historyView } from './views.js';

/** VERSION_STALE with every step since the version the caller saw: who, when, which fields, before and after. */
export async function whatChanged(context: EngineContext, { record, since, actor }: { record: string; since: number; actor: Actor }): Promise<EngineError> {
  const { row, program } = await readableRecord(context, record, actor);
  const page = await context.store.history.page({ record, direction: 'desc', limit: 50 });
  const entries = page.items.filter((entry) => entry.sequence > since).reverse();
  const views = entries.map((entry) => historyView(entry, { program, withheld: withheldFrom(context, program, actor), actorName: context.directory.name }));
  return new EngineError('VERSION_STALE', {
    number: row.record.number,
    sent: since,
    current: row.record.version,
    changes: views.map((view) => ({
      sequence: view.sequence,
      at: new Date(view.at).toISOString(),
      actor: view.actor,
      event: view.event,
      title: view.title,
      fields: view.changes as unknown as Json,
    })),
  });
}
