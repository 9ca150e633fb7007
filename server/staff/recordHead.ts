/** The head that every page of a record shares: where it belongs, number, title, where it stands. */
import type { RecordView } from '../../engine/index.js';
import type { Chip } from '../presenters/definitionWords.js';
import { priorityChip, recordRow } from '../presenters/recordRow.js';
import type { Reading } from '../queries/reading.js';

export interface RecordHead {
  readonly crumbs: readonly { readonly href: string; readonly title: string }[];
  readonly href: string;
  readonly number: string;
  readonly title: string;
  readonly states: readonly Chip[];
  readonly priority: Chip | null;
  readonly assignee: string | null;
  readonly team: string | null;
  readonly due: number | null;
  readonly dueTone: string;
}

export function recordHead(record: RecordView, reading: Reading): RecordHead {
  const words = reading.words(record);
  const row = recordRow(record, words, reading);
  return {
    crumbs: [{ href: `/process/${record.process}`, title: words.process.plural ?? words.process.title ?? record.process }],
    href: row.href,
    number: row.number,
    title: row.title,
    states: row.states,
    priority: priorityChip(record, words, reading),
    assignee: row.assignee,
    team: row.team,
    due: row.due,
    dueTone: row.dueTone,
  };
}
