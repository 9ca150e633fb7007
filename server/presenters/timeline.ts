/** A record's history as people read it: newest first, comments among the steps, each with what it changed. */
import type { AttachmentRow, CommentRow, HistoryView, JsonObject, Origin, StateValue } from '../../engine/index.js';
import type { Chip, DefinitionWords } from './definitionWords.js';
import type { Names } from './names.js';
import { tellValue, type ValueContext } from './values.js';

export interface TimelineItem {
  readonly id: string;
  readonly icon: string;
  readonly tone: '' | 'accent' | 'danger' | 'waiting';
  readonly who: string;
  readonly what: string;
  readonly at: number;
  readonly via: string | null;
  readonly chips: readonly Chip[];
  readonly changes: readonly { readonly field: string; readonly before: string | null; readonly after: string | null }[];
  readonly text: string | null;
  readonly internal: boolean;
  readonly note: string | null;
}

export interface TimelineContext extends ValueContext {
  readonly words: DefinitionWords;
  readonly comments: readonly CommentRow[];
  readonly attachments: readonly AttachmentRow[];
  /** Linked records that the reader may see, by id. */
  readonly linked?: ReadonlyMap<string, string>;
}

interface Told {
  readonly icon: string;
  readonly tone: TimelineItem['tone'];
  readonly what: string;
}

/** All paths a state value stands for. */
export function pathsOf(value: StateValue | null, prefix = ''): readonly string[] {
  if (value === null) return [];
  if (typeof value === 'string') return value === '' ? [] : [prefix + value];
  return Object.entries(value).flatMap(([key, inner]) => [prefix + key, ...pathsOf(inner ?? null, `${prefix + key}.`)]);
}

const vias: { readonly [origin in Origin]?: string } = {
  api: 'by a program',
  import: 'imported',
  signal: 'from a linked record',
  schedule: 'on schedule',
  record: 'from another record',
};

const text = (data: JsonObject, name: string): string => (typeof data[name] === 'string' ? (data[name] as string) : '');

function tellLink(verb: string, data: JsonObject, context: TimelineContext): string {
  const title = context.words.process.links?.[text(data, 'name')]?.title ?? text(data, 'name');
  return `${verb} ${context.linked?.get(text(data, 'to')) ?? 'another record'} (${title})`;
}

/** The engine's own events, in words. */
function tellInternal(entry: HistoryView, context: TimelineContext): Told {
  const { event, data } = entry;
  const clock = /^clock\.(.+)\.(warning|breached)$/u.exec(event);
  if (clock) {
    const title = context.words.process.clocks?.[clock[1] ?? '']?.title ?? clock[1];
    return clock[2] === 'breached'
      ? { icon: 'error', tone: 'danger', what: `noticed that the target for ${title} was missed` }
      : { icon: 'warning', tone: 'waiting', what: `warned that the target for ${title} comes near` };
  }
  const approval = /^approval\.(.+)\.(approved|refused|lapsed)$/u.exec(event);
  if (approval)
    return {
      icon: 'vote',
      tone: approval[2] === 'approved' ? 'accent' : 'waiting',
      what: `recorded that ${context.words.process.approvals?.[approval[1] ?? '']?.title ?? approval[1]} is ${approval[2]}`,
    };
  if (event.startsWith('after.')) return { icon: 'clock', tone: '', what: 'went on because time had passed' };
  switch (event) {
    case 'record.created':
      return { icon: 'spark', tone: 'accent', what: 'opened this' };
    case 'record.comment':
      return { icon: 'comment', tone: '', what: 'wrote' };
    case 'record.attachment':
      return {
        icon: 'clip',
        tone: '',
        what: `attached ${context.attachments.find(({ sequence }) => sequence === entry.sequence)?.name ?? (text(data, 'name') || 'a file')}`,
      };
    case 'record.link':
      return { icon: 'link', tone: '', what: tellLink('linked', data, context) };
    case 'record.unlink':
      return { icon: 'link', tone: '', what: tellLink('removed the link to', data, context) };
    case 'record.measured':
      return { icon: 'figures', tone: 'accent', what: 'worked out the figures' };
    case 'migrated':
      return { icon: 'process', tone: '', what: 'moved this to another version of the process' };
    case 'imported':
      return { icon: 'upload', tone: '', what: 'finished the import of this' };
    case 'erased':
      return { icon: 'lock', tone: 'waiting', what: `erased personal data${text(data, 'reason') ? `: ${text(data, 'reason')}` : ''}` };
    default:
      return { icon: 'arrow', tone: '', what: entry.title === event ? `sent ${event}` : entry.title };
  }
}

function tell(entry: HistoryView, context: TimelineContext): Told {
  if (entry.event.includes('.') || ['migrated', 'imported', 'erased'].includes(entry.event)) return tellInternal(entry, context);
  if (entry.origin === 'timer') return { icon: 'clock', tone: '', what: `did “${entry.title}” because time had passed` };
  return { icon: 'check', tone: 'accent', what: `did “${entry.title}”` };
}

/** Leaf states that were entered, as chips; none when nothing moved. */
function entered(entry: HistoryView, words: DefinitionWords): readonly Chip[] {
  const before = new Set(pathsOf(entry.from));
  const after = pathsOf(entry.to);
  const fresh = after.filter((path) => !before.has(path) && !after.some((other) => other.startsWith(`${path}.`)));
  return words.chips(fresh, 'active');
}

/** Who did it, by name: as kept with the entry where that says more than an id. */
function doerOf(entry: HistoryView, names: Names): string {
  return entry.actorName && entry.actorName !== entry.actor ? entry.actorName : names.user(entry.actor);
}

export function timeline(entries: readonly HistoryView[], context: TimelineContext): readonly TimelineItem[] {
  return entries.map((entry) => {
    const told = tell(entry, context);
    const comment = entry.event === 'record.comment' ? context.comments.find(({ sequence }) => sequence === entry.sequence) : undefined;
    const behalf = entry.onBehalfOf ? `for ${context.names.user(entry.onBehalfOf)}` : null;
    const changes = Object.entries(entry.changes).map(([field, [before, after]]) => ({
      field: context.words.fieldTitle(field),
      before: tellValue(context.words.field(field), before, context),
      after: tellValue(context.words.field(field), after, context),
    }));
    return {
      id: `step-${entry.sequence}`,
      ...told,
      who: doerOf(entry, context.names),
      at: entry.at,
      via: [behalf, vias[entry.origin] ?? null].filter(Boolean).join(', ') || null,
      chips: entered(entry, context.words),
      changes: entry.event === 'record.created' ? [] : changes.filter(({ before, after }) => before !== after),
      text: comment?.text ?? null,
      internal: comment?.internal ?? false,
      note: entry.erased.length > 0 ? `Erased: ${entry.erased.join(', ')}.` : null,
    };
  });
}
