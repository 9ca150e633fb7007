/** A record in a list. */
import type { RecordView } from '../../engine/index.js';
import { schemaChoices } from '../forms/widget.js';
import { dueTone } from './clocks.js';
import type { Chip, DefinitionWords, Tone } from './definitionWords.js';
import { tellValue, type ValueContext } from './values.js';

export interface RecordRowView {
  readonly href: string;
  readonly number: string;
  readonly title: string;
  readonly process: string;
  readonly states: readonly Chip[];
  readonly priority: Chip | null;
  readonly due: number | null;
  readonly dueTone: 'danger' | 'warning' | 'neutral';
  readonly assignee: string | null;
  readonly team: string | null;
  readonly requester: string | null;
  readonly updatedAt: number;
  readonly createdAt: number;
}

const byRank: readonly Tone[] = ['danger', 'warning', 'info'];

/** The priority as a chip; its tone is its place among the choices of its field. */
export function priorityChip(record: RecordView, words: DefinitionWords, context: ValueContext): Chip | null {
  const field = words.process.columns?.priority;
  const value = record.columns.priority;
  if (!field || value === null) return null;
  const schema = words.field(field);
  const rank = schema ? (schemaChoices(schema)?.findIndex((choice) => String(choice.value) === value) ?? -1) : -1;
  return { tone: byRank[rank] ?? 'neutral', text: tellValue(schema, record.data[field] ?? value, context) ?? value };
}

export function recordRow(record: RecordView, words: DefinitionWords, context: ValueContext & { readonly now: number }): RecordRowView {
  const { columns } = record;
  return {
    href: `/record/${record.number}`,
    number: record.number,
    title: columns.title ?? record.number,
    process: words.process.title ?? record.process,
    states: words.chips(record.paths, record.status),
    priority: priorityChip(record, words, context),
    due: record.status === 'done' ? null : columns.due,
    dueTone: record.status === 'done' ? 'neutral' : dueTone(columns.due, context.now),
    assignee: columns.assignee === null ? null : context.names.user(columns.assignee),
    team: columns.team === null ? null : context.names.team(columns.team),
    requester: columns.requester === null ? null : context.names.user(columns.requester),
    updatedAt: record.updatedAt,
    createdAt: record.createdAt,
  };
}
