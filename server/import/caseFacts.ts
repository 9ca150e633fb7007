/** What is counted of one case, whether its source's rows tell it or Charter's history. Words are the source's. */
import type { Mapping } from './mapping.js';
import type { CountedField } from './mappingFile.js';
import type { SourceCase, SourceRow } from './source.js';
import type { Cells } from './values.js';

export interface CaseFacts {
  /** Milliseconds since the epoch. */
  readonly openedAt: number | null;
  readonly resolvedAt: number | null;
  /** The state's label after each update, in order. */
  readonly labels: readonly string[];
  readonly priority: string | null;
  readonly contact: string | null;
  readonly madeSla: string | null;
  /** Handings from one team to another, as whoever tells it counts them. */
  readonly reassignments: number;
  readonly problem: boolean;
  readonly change: boolean;
}

/** Labels without those that repeat the one before. */
export function stations(labels: readonly string[]): readonly string[] {
  return labels.filter((label, index) => index === 0 || label !== labels[index - 1]);
}

/** What the rows themselves say, read without the planner. Columns that look ahead are read here, and only here. */
export function factsOfRows(mapping: Mapping, source: SourceCase): CaseFacts {
  const { compare, state } = mapping.file;
  const first = source.rows[0] as SourceRow;
  const last = source.rows.at(-1) as SourceRow;
  const word = (counted: CountedField | undefined, cells: Cells): string | null => {
    const cell = counted?.column === undefined ? '' : (cells[counted.column] ?? '');
    return mapping.isUnknown(cell) ? null : cell;
  };
  const ever = (counted: CountedField | undefined): boolean => source.rows.some((row) => word(counted, row.cells) !== null);
  const instant = (column: string | undefined, cells: Cells): number | null => (column === undefined ? null : mapping.instant(cells[column] ?? ''));
  const counter = compare?.reassignments;
  return {
    openedAt: instant(compare?.openedAt, first.cells),
    resolvedAt: instant(compare?.resolvedAt, last.cells),
    labels: source.rows.map((row) => row.cells[state.column] ?? ''),
    priority: word(compare?.priority, last.cells),
    contact: word(compare?.contact, last.cells),
    madeSla: word(compare?.madeSla, last.cells),
    reassignments:
      counter === undefined ? changesOf(compare?.team?.column, source.rows) : Math.max(...source.rows.map((row) => Number(row.cells[counter]) || 0)),
    problem: ever(compare?.problem),
    change: ever(compare?.change),
  };
}

function changesOf(column: string | undefined, rows: readonly SourceRow[]): number {
  if (column === undefined) return 0;
  return rows.filter((row, index) => index > 0 && row.cells[column] !== rows[index - 1]?.cells[column]).length;
}
