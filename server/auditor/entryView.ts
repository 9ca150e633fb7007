/** A history entry as an auditor reads it: who, when it counts and when it was recorded, what changed, from where to where, under which version, and its seal. */
import type { HistoryView, Json } from '../../engine/index.js';
import type { Chip } from '../presenters/definitionWords.js';
import { describeDuration } from '../presenters/time.js';
import { pathsOf, timeline } from '../presenters/timeline.js';
import { tellValue } from '../presenters/values.js';
import type { EntryContext } from './entryContext.js';
import { type Exact, exactly, short } from './frame.js';
import { origins } from './historyQuery.js';

export interface ChangeView {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface EntryView {
  readonly sequence: number;
  readonly number: string;
  readonly title: string;
  readonly href: string;
  readonly when: Exact;
  /** When it was recorded, where that was another time; with how much later. */
  readonly recorded: (Exact & { readonly later: string; readonly told: string }) | null;
  readonly who: string;
  readonly whoId: string;
  readonly behalf: string | null;
  readonly origin: string | null;
  readonly event: string;
  readonly what: string;
  readonly icon: string;
  readonly tone: string;
  readonly text: string | null;
  readonly internal: boolean;
  readonly note: string | null;
  readonly changes: readonly ChangeView[];
  readonly created: boolean;
  readonly from: readonly Chip[];
  readonly to: readonly Chip[];
  readonly moved: boolean;
  readonly version: { readonly href: string; readonly short: string };
  readonly seal: { readonly short: string; readonly hash: string; readonly previous: string; readonly reference: string };
}

/** Recording takes moments; what took longer was entered afterwards. */
const AT_ONCE = 2_000;

export function entryView(entry: HistoryView, context: EntryContext): EntryView {
  const { reading } = context;
  const record = context.record(entry);
  const words = context.words(entry);
  const comment = entry.event === 'record.comment' && typeof entry.data.text === 'string' ? [commentOf(entry, entry.data.text)] : [];
  const [told] = timeline([entry], { ...reading, words, comments: comment, attachments: [], linked: linkedOf(entry, context) });
  const late = entry.recordedAt - entry.at;
  const [from, to] = [words.chips(pathsOf(entry.from), 'active'), words.chips(pathsOf(entry.to), 'active')];
  return {
    sequence: entry.sequence,
    number: record.number,
    title: record.columns.title ?? record.number,
    href: `/audit/records/${record.number}?step=${entry.sequence}`,
    when: exactly(entry.at, reading.zone),
    recorded: Math.abs(late) <= AT_ONCE ? null : recordedView(entry, reading.zone),
    who: told?.who ?? entry.actor,
    whoId: entry.actor,
    behalf: entry.onBehalfOf === null ? null : reading.names.user(entry.onBehalfOf),
    origin: entry.origin === 'person' ? null : origins[entry.origin],
    event: entry.event,
    what: told?.what ?? entry.title,
    icon: told?.icon ?? 'arrow',
    tone: told?.tone ?? '',
    text: told?.text ?? null,
    internal: told?.internal ?? false,
    note: erasedWords(entry),
    changes: changesOf(entry, context),
    created: entry.event === 'record.created',
    from,
    to,
    moved: JSON.stringify(entry.from) !== JSON.stringify(entry.to),
    version: { href: `/processes/${record.process}/versions/${entry.definition}`, short: short(entry.definition) },
    seal: { short: short(entry.hash), hash: entry.hash, previous: entry.previousHash, reference: entry.reference },
  };
}

/** The date is left out where it is the same day. */
function recordedView({ at, recordedAt }: HistoryView, zone: string): NonNullable<EntryView['recorded']> {
  const [counts, recorded] = [exactly(at, zone), exactly(recordedAt, zone)];
  const later = `${describeDuration(recordedAt - at)} ${recordedAt > at ? 'later' : 'earlier'}`;
  return { ...recorded, later, told: `${recorded.date === counts.date ? '' : `${recorded.date}, `}${recorded.clock}, ${later}` };
}

/** The other record of a link, by the number it had in the entry itself. */
function linkedOf({ data }: HistoryView, { reading }: EntryContext): ReadonlyMap<string, string> {
  const { to, number } = data;
  if (typeof to !== 'string') return new Map();
  return new Map([[to, reading.names.record(to)?.number ?? (typeof number === 'string' ? number : to)]]);
}

function commentOf(entry: HistoryView, text: string) {
  const { record, sequence, actor, at, data } = entry;
  return { id: `${record}-${sequence}`, record, sequence, author: actor, at, internal: data.internal === true, text };
}

/** Before and after, field by field; null is empty. */
export function changesOf(entry: HistoryView, context: EntryContext): readonly ChangeView[] {
  const words = context.words(entry);
  return Object.entries(entry.changes).map(([field, [before, after]]) => {
    const tell = (value: Json): string | null => tellValue(words.field(field), value, context.reading);
    return { field: words.fieldTitle(field), before: tell(before), after: tell(after) };
  });
}

/** `d.summary` and `c.summary` are the same field to a reader. */
function erasedWords({ erased }: HistoryView): string | null {
  const fields = [...new Set(erased.map((path) => path.replace(/^[a-z]\./u, '')))];
  return fields.length === 0 ? null : `Erased, and so no longer shown: ${fields.join(', ')}.`;
}
