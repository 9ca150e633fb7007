/** Two people saved the same record: what the first changed, for the second, who keeps what he typed and undoes nothing by accident. */
import { isDeepStrictEqual } from 'node:util';
import type { AskedField, HistoryView, Json, RecordView } from '../../engine/index.js';
import { formName } from '../forms/schemaField.js';
import { type TimelineItem, timeline } from '../presenters/timeline.js';
import { tellValue } from '../presenters/values.js';
import type { Reading } from '../queries/reading.js';
import type { FormBody } from '../web/formBody.js';
import type { Visit } from '../web/visit.js';
import { readProcessForm } from './readForm.js';

export interface ConflictView {
  readonly steps: readonly TimelineItem[];
  /** Fields that both changed: what they hold now. */
  readonly now: readonly { readonly title: string; readonly value: string }[];
}

interface Conflict {
  readonly view: ConflictView;
  /** What was typed, but for fields the second person had left as they were: those show what the first made of them. */
  readonly form: FormBody;
}

const MOST = 50;

/** Values before the first of these changes, by field. */
function before(later: readonly HistoryView[]): ReadonlyMap<string, Json> {
  const values = new Map<string, Json>();
  for (const entry of [...later].sort((a, b) => a.sequence - b.sequence)) {
    for (const [field, [was]] of Object.entries(entry.changes)) if (!values.has(field)) values.set(field, was);
  }
  return values;
}

/** Of the fields that others changed, those whose text is still what the form began with. */
async function untouched(visit: Visit, asked: readonly AskedField[], old: ReadonlyMap<string, Json>): Promise<readonly string[]> {
  const changed = asked.filter(({ field }) => old.has(field)).map((one) => ({ ...one, value: old.get(one.field) ?? null }));
  const { data, problems } = await readProcessForm(visit, changed);
  const same = changed.filter(
    ({ field, value }) => !problems.some((problem) => problem.field === field) && (!Object.hasOwn(data, field) || isDeepStrictEqual(data[field], value)),
  );
  return same.map(({ field }) => field);
}

/** What happened after the version the form was made for. */
export async function readConflict(
  visit: Visit,
  record: RecordView,
  about: { readonly reading: Reading; readonly asked: readonly AskedField[]; readonly since: number },
): Promise<Conflict> {
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
  const old = before(later);
  const left = await untouched(visit, asked, old);
  const both = asked.filter(({ field }) => old.has(field) && !left.includes(field));
  const linked = new Map(links.map(({ record: other }) => [other.id, `${other.number} ${other.title}`]));
  return {
    view: {
      steps: timeline(later, { ...reading, words, comments, attachments, linked }),
      now: both.map(({ field }) => ({ title: words.fieldTitle(field), value: tellValue(words.field(field), record.data[field], reading) ?? 'empty' })),
    },
    form: visit.form.without(left.map(formName)),
  };
}
