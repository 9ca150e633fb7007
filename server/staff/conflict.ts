/** Two people saved the same record: what the first changed, for the second, who keeps what he typed. */
import type { AskedField, RecordView } from '../../engine/index.js';
import type { TimelineItem } from '../presenters/timeline.js';
import { timeline } from '../presenters/timeline.js';
import { tellValue } from '../presenters/values.js';
import type { Reading } from '../queries/reading.js';
import type { Visit } from '../web/visit.js';

export interface ConflictView {
  readonly steps: readonly TimelineItem[];
  /** Fields of this very form that the others changed: what they hold now. */
  readonly now: readonly { readonly title: string; readonly value: string }[];
}

const MOST = 20;

/** What happened after the version the form was made for; null when that can not be told. */
export async function conflictView(
  visit: Visit,
  record: RecordView,
  about: { readonly reading: Reading; readonly asked: readonly AskedField[]; readonly since: number },
): Promise<ConflictView> {
  const { reading, asked, since } = about;
  const { engine } = visit.services;
  const [page, comments, attachments, links] = await Promise.all([
    engine.history(record.id, visit.actor, { limit: MOST, direction: 'desc' }),
    engine.comments(record.id, visit.actor),
    engine.attachments(record.id, visit.actor),
    engine.links(record.id, visit.actor),
  ]);
  const words = reading.words(record);
  const later = page.items.filter(({ sequence }) => sequence > since);
  const changed = new Set(later.flatMap((entry) => Object.keys(entry.changes)));
  return {
    steps: timeline(later, {
      ...reading,
      words,
      comments,
      attachments,
      linked: new Map(links.map(({ record: other }) => [other.id, `${other.number} ${other.title}`])),
    }),
    now: asked
      .filter(({ field }) => changed.has(field))
      .map(({ field }) => ({ title: words.fieldTitle(field), value: tellValue(words.field(field), record.data[field], reading) ?? 'empty' })),
  };
}
